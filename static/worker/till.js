// Keeps what a till needs to open fast: its looks, its scripts and the reader of codes. No page with a name is ever kept;
// sales go to the server untouched, and without a network a page keeps purchases on the device (js/till-queue.js).
// The server puts `SHELL` before this file (portal/till/app.py).
const CACHE = `till-${SHELL.build}`;
const HASHED = /^\/(static|style|icons)\//;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));

addEventListener("message", (event) => event.data === "draw-anew" && event.waitUntil(keep([...SHELL.pages])));
addEventListener("sync", (event) => event.tag === "till-queue" && event.waitUntil(wakePages()));

addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(opened(event.request).catch(() => offline(pathname)));
  else if (event.request.method === "GET" && HASHED.test(pathname)) event.respondWith(file(event.request));
});

async function install() {
  await keep([...SHELL.files, ...SHELL.pages]);
  await skipWaiting(); // files carry their version in the address: pages that are open find theirs at the server
}

async function keep(paths) {
  const cache = await caches.open(CACHE);
  await cache.addAll(paths.map((path) => new Request(path, { cache: "reload" })));
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("till-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

async function file(request) {
  return (await caches.match(request, { cacheName: CACHE, ignoreVary: true })) ?? fetch(request);
}

// The Back button asks the cache alone for what was posted, and none keeps it: the shop, asked anew, says how to go on.
async function opened(request) {
  try {
    return await fetch(request);
  } catch (trouble) {
    if (!request.isHistoryNavigation) throw trouble;
    return fetch(request.url, { cache: "no-store", redirect: "manual" });
  }
}

async function offline(pathname) {
  const page = SHELL.pages.includes(pathname) ? pathname : SHELL.pages[0];
  return (await caches.match(page, { cacheName: CACHE, ignoreVary: true })) ?? Response.error();
}

// The network is back: the pages of the till send what waits.
async function wakePages() {
  for (const page of await clients.matchAll()) page.postMessage("sync");
}
