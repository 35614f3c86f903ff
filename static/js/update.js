// A new version is told of only where this page could not live with it: the page bears the version of the shell it was
// drawn for, the worker that waits has put its own beside it (`shell-<version>.<build>`).
const PATIENCE_MS = 2000;
let patience; // runs out for a page that was asked to refresh

export function watchForUpdates(registration) {
  look(registration);
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing;
    fresh?.addEventListener("statechange", () => fresh.state === "installed" && look(registration));
  });
  navigator.serviceWorker.addEventListener("controllerchange", async () => {
    if (patience) reload();
    else if (await breaks()) offer(registration);
  });
}

async function look(registration) {
  if (!registration.waiting) return;
  if (await breaks()) offer(registration);
  else registration.waiting?.postMessage("take-over"); // it may have done so by itself meanwhile
}

// Whether a shell is here that this page was not drawn for.
async function breaks() {
  const mine = Number(document.querySelector('meta[name="shell"]').content);
  const versions = (await caches.keys()).map((name) => Number(/^shell-(\d+)\./.exec(name)?.[1] ?? 0));
  return Math.max(0, ...versions) > mine;
}

function offer(registration) {
  const strip = document.querySelector("[data-update]");
  if (!strip || !strip.hidden) return;
  strip.hidden = false;
  strip.querySelector("button").addEventListener("click", () => {
    if (!registration.waiting) return reload();
    registration.waiting.postMessage("take-over");
    // Chromium leaves a worker waiting whose turn comes in the moment of a fetch. The page does not wait with it: it
    // comes from the server anyway, and asks the worker again once it is here.
    patience = setTimeout(reload, PATIENCE_MS);
  });
}

function reload() {
  clearTimeout(patience);
  location.reload();
}
