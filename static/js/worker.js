import { watchForUpdates } from "./update.js";

// The service worker: registered after the page has loaded, asked for a new version at most once an hour.
const HOUR = 3_600_000;

export async function registerWorker() {
  if (!navigator.serviceWorker) return;
  const known = Boolean(navigator.serviceWorker.controller);
  try {
    const registration = await navigator.serviceWorker.register("/service-worker.js");
    checkHourly(registration);
    watchForUpdates(registration);
    await drawAnew(registration, known);
  } catch {
    // Private windows and full disks have no worker: everything works, only not without a network.
  }
}

function checkHourly(registration) {
  let checked = Date.now();
  const check = () => {
    if (!navigator.onLine || document.visibilityState !== "visible" || Date.now() - checked < HOUR) return;
    checked = Date.now();
    registration.update().catch(() => {});
  };
  setInterval(check, HOUR);
  document.addEventListener("visibilitychange", check);
}

// The pages kept for offline speak the language and wear the looks in which they were fetched.
async function drawAnew(registration, known) {
  const { lang, dataset } = document.documentElement;
  const looks = `${lang} ${dataset.theme}`;
  if (localStorage.getItem("looks") === looks) return;
  await navigator.serviceWorker.ready;
  if (known) registration.active?.postMessage("draw-anew");
  localStorage.setItem("looks", looks);
}
