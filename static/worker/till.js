// Keeps what a till needs to open fast: its looks, its scripts and the reader of codes. No page with a name is ever kept;
// sales go to the server untouched, and without a network a page says what is to be done.
// The server puts `SHELL` before this file (portal/till/app.py).
const CACHE = `till-${SHELL.build}`;
const HASHED = /^\/(static|style|icons)\//;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));

addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(offline));
  else if (event.request.method === "GET" && HASHED.test(pathname)) event.respondWith(file(event.request));
});

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll([...SHELL.files, SHELL.offline].map((path) => new Request(path, { cache: "reload" })));
  await skipWaiting(); // files carry their version in the address: pages that are open find theirs at the server
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("till-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

async function file(request) {
  return (await caches.match(request, { cacheName: CACHE, ignoreVary: true })) ?? fetch(request);
}

async function offline() {
  return (await caches.match(SHELL.offline, { cacheName: CACHE, ignoreVary: true })) ?? Response.error();
}
