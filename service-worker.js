// Keeps the app's shell: its files, and the pages that open without a network. Nothing of a member is ever kept here:
// the API, the till and pages that names stand on go to the server untouched (docs/decisions/0019).
// The server puts `SHELL` before this file: the build, its files and its offline pages (portal/web/shell.py).
const CACHE = `shell-${SHELL.build}`;
const HASHED = /^\/(static|style|icons)\//;
const NEVER = /^\/(api|till|office)(\/|$)/;
const PATIENCE_MS = 3000;
let drawing = Promise.resolve();
const NEWS = { ru: "Есть новости о ваших баллах", en: "There is news about your points" };

addEventListener("install", (event) => event.waitUntil(install(event)));
addEventListener("activate", (event) => event.waitUntil(activate()));

addEventListener("message", (event) => {
  if (event.data === "take-over") skipWaiting();
  if (event.data === "draw-anew") event.waitUntil(drawAnew());
});

addEventListener("push", (event) => event.waitUntil(tell(event.data)));
addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
addEventListener("notificationclick", (event) => event.waitUntil(lead(event.notification)));

addEventListener("fetch", (event) => {
  const { method, mode, referrer, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin || NEVER.test(pathname)) return;
  if (method === "GET" && HASHED.test(pathname)) event.respondWith(file(event));
  else if (method === "GET" && mode === "navigate") event.respondWith(pathname === "/card" ? card(event) : page(event));
  else if (mode === "navigate" && referrer.startsWith(`${origin}/`)) event.respondWith(form(event.request));
});

async function install(event) {
  // What pages ask every few seconds would keep this worker awake, and a new one waiting (js/asked.js, js/update.js).
  event.addRoutes?.([{ condition: { urlPattern: { pathname: "/approve/open" } }, source: "network" }]);
  const shells = (await caches.keys()).filter((name) => name.startsWith("shell-"));
  await keep([...SHELL.files, ...SHELL.pages]);
  // A shell of the same version takes over in silence; another one waits until the page has asked (js/update.js).
  if (shells.every((name) => name.split(".")[0] === CACHE.split(".")[0])) await skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
  await clients.claim();
}

async function keep(paths) {
  const cache = await caches.open(CACHE);
  await cache.addAll(paths.map((path) => new Request(path, { cache: "reload" })));
}

// The pages in another language, or by night: one after the other, so that the last choice is what stays.
const drawAnew = () => (drawing = drawing.then(() => keep(SHELL.pages)).catch(() => {}));

async function file(event) {
  const kept = await caches.match(event.request, { cacheName: CACHE, ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (answer.ok && event.request.url.includes(`/${SHELL.statics}/`)) {
    const copy = answer.clone();
    event.waitUntil(caches.open(CACHE).then((cache) => cache.put(event.request, copy)));
  }
  return answer;
}

const network = async (event) => (await event.preloadResponse) || fetch(event.request);
const page = (event) => network(event).catch(() => offline("/offline"));

// A form of ours that gets no answer stays as it was typed: 204 opens no page, and js/offline.js says why.
const form = (request) => fetch(request).catch(async () => {
  for (const each of await clients.matchAll({ type: "window" })) each.postMessage("unanswered");
  return new Response(null, { status: 204 });
});

async function card(event) {
  const answer = network(event).then((answer) => (answer.status < 500 ? answer : Promise.reject(answer)));
  event.waitUntil(answer.catch(() => {}));
  const patience = new Promise((_, giveUp) => setTimeout(giveUp, PATIENCE_MS));
  return Promise.race([answer, patience]).catch(() => offline("/card/offline"));
}

async function offline(path) {
  const kept = (name) => caches.match(name, { cacheName: CACHE, ignoreVary: true });
  return (await kept(path)) || (await kept("/offline")) || Response.error();
}

// Exactly one notification for each push, whatever came: a phone takes the permission from an app that shows none.
async function tell(data) {
  const { title, body, icon, badge, tag, lang, navigate, app_badge } = read(data);
  await registration.showNotification(title, { body, icon, badge, tag, lang, data: navigate });
  if (Number.isInteger(app_badge)) await navigator.setAppBadge?.(app_badge)?.catch(() => {});
}

function read(data) {
  const lang = navigator.language.startsWith("ru") ? "ru" : "en";
  const news = { title: NEWS[lang], lang, tag: "news", navigate: "/inbox" };
  try {
    const { notification } = data.json();
    return notification.title ? { ...news, ...notification } : news;
  } catch {
    return news;
  }
}

// A tap goes on in the window that is open, unless that is a till's.
async function lead(notification) {
  notification.close();
  const all = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = all.find(({ url }) => !NEVER.test(new URL(url).pathname));
  const anew = () => clients.openWindow(notification.data);
  return open ? open.focus().then(() => open.navigate(notification.data)).catch(anew) : anew();
}

async function renew({ oldSubscription, newSubscription }) {
  const made = newSubscription ?? (await registration.pushManager.subscribe(oldSubscription.options));
  const headers = { "Content-Type": "application/json" };
  await fetch("/push/subscription", { method: "POST", headers, body: JSON.stringify(made) });
}
