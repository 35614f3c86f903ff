// The page that could not be opened is asked for again when the shop answers; “online” alone says only that there is a cable.
const EVERY = 15_000;

async function tryAgain() {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await fetch("/healthz", { cache: "no-store" });
    if (answer.ok) location.reload();
  } catch {
    // Still nothing; the next try comes by itself.
  }
}

if (document.querySelector("[data-again]")) {
  addEventListener("online", tryAgain);
  document.addEventListener("visibilitychange", tryAgain);
  setInterval(tryAgain, EVERY);
}
