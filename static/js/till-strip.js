// “3 in the queue” on every page of the till, and each chance to send it: start, network, focus, the worker's call.
// The page of a shift opens the till for the time without a network; a lock by hand and the page of the PIN shut it.
import { learnTime } from "./till-moment.js";
import { learnNames } from "./till-names.js";
import { count, onNews } from "./till-queue.js";
import { learnShelf } from "./till-shelf.js";
import { forgetFact, keepFact } from "./till-store.js";
import { sync } from "./till-sync.js";

const EVERY_MS = 15_000;
const SOON_MS = 50;
const strip = document.querySelector("[data-queue]");

let soon;
let sending = false;
let again = false;

async function show() {
  const { waiting, refused } = await count();
  strip.hidden = !waiting && !refused;
  strip.classList.toggle("till-queue-bad", refused > 0);
  say("[data-queue-waiting]", waiting);
  say("[data-queue-refused]", refused);
  return waiting;
}

async function learn() {
  await learnTime();
  await learnNames();
  await learnShelf();
}

// Many at once are shown once.
function showSoon() {
  clearTimeout(soon);
  soon = setTimeout(show, SOON_MS);
}

function say(part, number) {
  const place = strip.querySelector(part);
  place.hidden = !number;
  place.textContent = number ? place.dataset.words.replace("#", number) : "";
}

// A sign that comes while an attempt is still failing is the one that counts: it is followed by another attempt.
async function send() {
  again = true;
  if (sending) return;
  sending = true;
  try {
    while (again) await tryOnce();
  } finally {
    sending = false;
  }
}

async function tryOnce() {
  again = false;
  if (!(await show())) return;
  const outcome = await sync().catch(() => "later"); // no network: the row stays, and the next sign sends it
  strip.querySelector("[data-queue-signed-out]").hidden = outcome !== "signed-out";
  await show();
}

async function begin() {
  if (strip.dataset.queue === "shut") await forgetFact("open");
  if (strip.dataset.queue === "open") {
    await keepFact("open", Date.now());
    learn();
  }
  onNews(showSoon);
  for (const sign of ["online", "focus", "pageshow"]) addEventListener(sign, send);
  document.addEventListener("visibilitychange", send);
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data === "sync" && send());
  setInterval(send, EVERY_MS);
  await send();
}

document.addEventListener("submit", ({ target, submitter }) => {
  if (submitter && /^\/till\/(lock|end)$/.test(new URL(target.action).pathname)) forgetFact("open");
});
if (strip) begin().catch(() => (strip.hidden = true)); // a private window keeps nothing: the till works with a network alone
