// The till's own worker, over its own pages alone; what it keeps is drawn anew when the language or the looks change.
const LOOKS = "till-looks";

async function register() {
  try {
    await navigator.serviceWorker?.register("/till/service-worker.js", { scope: "/till" });
    await drawAnew();
  } catch {
    // A private window has no worker: the till works, only not as fast.
  }
}

async function drawAnew() {
  const { lang, dataset } = document.documentElement;
  const looks = `${lang} ${dataset.theme}`;
  const before = localStorage.getItem(LOOKS);
  localStorage.setItem(LOOKS, looks);
  if (!before || before === looks) return;
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage("draw-anew");
}

sessionStorage.removeItem("till-sale"); // only the page that a reload leads to reads it, before
if (document.readyState === "complete") register();
else addEventListener("load", register, { once: true });
