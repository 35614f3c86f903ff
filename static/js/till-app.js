// The till's own worker, over its own pages alone.
async function register() {
  try {
    await navigator.serviceWorker?.register("/till/service-worker.js", { scope: "/till" });
  } catch {
    // A private window has no worker: the till works, only not as fast.
  }
}

if (document.readyState === "complete") register();
else addEventListener("load", register, { once: true });
