// The page that could not be opened is asked for again, until the shop answers.
import { shopAnswers } from "./asking.js";

const EVERY = 15_000;

async function tryAgain() {
  if (document.visibilityState !== "visible") return;
  if (await shopAnswers()) location.reload();
}

if (document.querySelector("[data-again]")) {
  addEventListener("online", tryAgain);
  document.addEventListener("visibilitychange", tryAgain);
  setInterval(tryAgain, EVERY);
}
