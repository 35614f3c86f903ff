// What waits in the queue is told to the shop, by one tab at a time: fifty rows in a call, until nothing waits.
import { put, rows, stepAside, takeOff } from "./till-queue.js";
import { alone, fact, keepFact } from "./till-store.js";

const MOST = 50; // in one call
const MOST_SIGNS = 60_000; // of which each may be two bytes, or four
const PATIENCE_MS = 20_000;
const UNREADABLE = [400, 413];

// Sends what waits, and returns "sent", "later", "signed-out", or "busy" while another tab does. Throws without a network.
export function sync() {
  return alone("till-sync", (lock) => (lock ? sendAll() : "busy"), { ifAvailable: true });
}

async function sendAll() {
  for (let most = MOST; ; ) {
    const waiting = await rows(most);
    if (!waiting.length) return "sent";
    await stepAside(waiting.filter(({ told }) => !told));
    const batch = fitting(waiting.filter(({ told }) => told));
    if (!batch.length) continue;
    const answer = await post(batch);
    if (answer.type === "opaqueredirect") return "signed-out";
    if (UNREADABLE.includes(answer.status)) {
      if (batch.length === 1) await stepAside(batch);
      most = 1;
      continue;
    }
    if (!answer.ok) return "later";
    const { now, results } = await answer.json();
    await keepFact("skew", now - Date.now());
    const settled = await settle(batch, results);
    if (!settled) return "later";
  }
}

// As many as go into one call, and one at least.
function fitting(waiting) {
  let signs = 0;
  const end = waiting.findIndex(({ told }) => (signs += told.length) > MOST_SIGNS);
  return end < 0 ? waiting : waiting.slice(0, Math.max(end, 1));
}

async function post(batch) {
  const { id } = await fact("chain");
  const items = batch.map(({ number, told, before, hash, tries = 0 }) => ({ number, told, before, hash, tries }));
  return fetch("/till/queue", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ chain: id, items }),
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
}

// Returns how many rows have their final answer.
async function settle(batch, results) {
  const mine = (state) => batch.filter(({ number }) => results.some((each) => each.number === number && each.state === state));
  const recorded = mine("recorded");
  const refused = mine("refused");
  if (recorded.length) await takeOff(...recorded.map(({ number }) => number));
  for (const row of refused) await put(row, { refused: 1, text: results.find(({ number }) => number === row.number).text });
  return recorded.length + refused.length;
}
