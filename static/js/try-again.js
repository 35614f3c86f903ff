// The page that could not be opened is asked for again, until the shop answers: soon after each sign that it may, then
// ever more seldom. "Online" alone may come too early, for a page that was just opened anew as well.
import { shopAnswers } from "./asking.js";

const SOON_MS = 2_000;
const SELDOM_MS = 15_000;
let wait_ms = SOON_MS;
let waiting;

async function tryAgain() {
  if (document.visibilityState === "visible" && (await shopAnswers())) return location.reload();
  waitABit();
}

function waitABit() {
  clearTimeout(waiting);
  waiting = setTimeout(tryAgain, wait_ms);
  wait_ms = Math.min(2 * wait_ms, SELDOM_MS);
}

function tryNow() {
  wait_ms = SOON_MS;
  tryAgain();
}

if (document.querySelector("[data-again]")) {
  addEventListener("online", tryNow);
  document.addEventListener("visibilitychange", tryNow);
  waitABit();
}
