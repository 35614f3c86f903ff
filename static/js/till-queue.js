// Purchases that wait on the device for the network: each under its own key, each bound to the one before by a hash.
// A row leaves after its final answer only; what the shop refuses stays until somebody has looked at it.
import { idAt, shopTime } from "./till-moment.js";
import { alone, fact, inStore, keepFact, seal, unseal } from "./till-store.js";

const MOST = 50; // in one call
const MOST_SIGNS = 60_000; // of which each may be two bytes, or four
const PATIENCE_MS = 20_000;
const UNREADABLE = [400, 413];
const news = new BroadcastChannel("till-queue");

// Keeps a sale { shown | member, amount, lines, number, method } and returns its row's number. Throws where nothing can be kept.
export function keep(sale, key) {
  return alone("till-queue", async () => {
    const chain = (await fact("chain")) ?? { id: hex(crypto.getRandomValues(new Uint8Array(16))), number: 0, hash: "", at: 0 };
    const at = Math.max(await shopTime(), chain.at + 1);
    const told = JSON.stringify({ key: key ?? idAt(at), ...sale });
    const hash = await linked(chain.hash, told);
    const number = chain.number + 1;
    const row = { number, refused: 0, at, tries: 0, ...(await seal({ told, before: chain.hash, hash }, number)) };
    await inStore("readwrite", ({ kept, rows }) => {
      rows.add(row);
      kept.put({ ...chain, number, hash, at }, "chain");
      kept.put(Date.now(), "open");
    });
    tell();
    askForSync();
    navigator.storage?.persist?.(); // or the browser may clear it when it needs room
    return number;
  });
}

export async function count() {
  const all = await inStore("readonly", ({ rows }) => rows.count());
  const refused = await inStore("readonly", ({ rows }) => rows.index("refused").count(1));
  return { waiting: all - refused, refused };
}

// Returns the rows in their order, opened: { number, refused, at, tries, told, before, hash, text }; with `most` the first
// that wait. A row that cannot be opened tells nothing.
export async function rows(most) {
  const found = await inStore("readonly", ({ rows: store }) => (most ? store.index("refused").getAll(0, most) : store.getAll()));
  return Promise.all(found.map(async ({ iv, sealed, ...row }) => ({ ...row, ...(await unseal({ iv, sealed }, row.number)) })));
}

// Sends what waits, and returns "sent", "later", "signed-out", or "busy" while another tab does. Throws without a network.
export function sync() {
  return alone("till-sync", (lock) => (lock ? sendAll() : "busy"), { ifAvailable: true });
}

// A person says so: the shop looks at it anew.
export async function sendAgain(number) {
  const row = (await rows()).find((each) => each.number === number);
  if (row?.told) await put({ ...row, tries: (row.tries ?? 0) + 1 }, { refused: 0 });
}

export async function takeOff(...numbers) {
  await inStore("readwrite", ({ rows: store }) => numbers.forEach((number) => store.delete(number)));
  tell();
}

export function onNews(hear) {
  news.addEventListener("message", hear);
  addEventListener("till-queue", hear);
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

async function put({ number, at, tries, told, before, hash }, { refused, text }) {
  const row = { number, refused, at, tries, ...(await seal({ told, before, hash, text }, number)) };
  await inStore("readwrite", ({ rows: store }) => store.put(row));
  tell();
}

// What cannot be opened, or makes no sense to the shop, waits for a person as it is, and holds up nothing behind it.
async function stepAside(broken) {
  if (!broken.length) return;
  await inStore("readwrite", ({ rows: store }) => {
    for (const { number } of broken) {
      store.get(number).onsuccess = ({ target }) => target.result && store.put({ ...target.result, refused: 1 });
    }
  });
  tell();
}

function tell() {
  news.postMessage("");
  dispatchEvent(new Event("till-queue"));
}

// Where the browser wakes the worker when the network is back, it may: the pages do it by themselves as well.
async function askForSync() {
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.sync?.register("till-queue").catch(() => {});
}

async function linked(before, told) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${before}\n${told}`));
  return hex(new Uint8Array(digest));
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
