// Purchases that wait on the device for the network: each under its own key, each bound to the one before by a hash.
// A row leaves after its final answer only; what the shop refuses stays until somebody has looked at it.
import { alone, fact, inStore, keepFact, seal, unseal } from "./till-store.js";

const SIGNS = "0123456789abcdefghjkmnpqrstvwxyz";
const MOST = 50; // in one call
const PATIENCE_MS = 20_000;
const HOUR_MS = 3_600_000;
const OPEN_FOR_MS = 4 * HOUR_MS;
const news = new BroadcastChannel("till-queue");

// Keeps a sale { shown | member, amount, number, method } and returns its row's number. Throws where nothing can be kept.
export function keep(sale, key) {
  return alone("till-queue", async () => {
    const chain = (await fact("chain")) ?? { id: hex(crypto.getRandomValues(new Uint8Array(16))), number: 0, hash: "", at: 0 };
    const at = Math.max(Date.now() + ((await fact("skew")) ?? 0), chain.at + 1);
    const told = JSON.stringify({ key: key ?? idAt(at), ...sale });
    const hash = await linked(chain.hash, told);
    const number = chain.number + 1;
    const row = { number, refused: false, ...(await seal({ told, before: chain.hash, hash }, number)) };
    await inStore("readwrite", ({ kept, rows }) => {
      rows.add(row);
      kept.put({ ...chain, number, hash, at }, "chain");
      kept.put(Date.now(), "open");
    });
    tell();
    askForSync();
    return number;
  });
}

export async function count() {
  const found = await inStore("readonly", ({ rows }) => rows.getAll());
  const refused = found.filter((row) => row.refused).length;
  return { waiting: found.length - refused, refused };
}

// The moment of a row's sale: the first ten signs of its key.
export function momentOf(key) {
  return new Date([...key.slice(0, 10)].reduce((time, sign) => time * 32 + SIGNS.indexOf(sign), 0));
}

// Returns the rows in their order, opened: { number, refused, told, before, hash, text }.
export async function rows(most) {
  const found = await inStore("readonly", ({ rows: store }) => store.getAll());
  const wanted = most ? found.filter((row) => !row.refused).slice(0, most) : found;
  return Promise.all(wanted.map(async (row) => ({ ...(await unseal(row, row.number)), number: row.number, refused: row.refused })));
}

// Sends what waits, and returns "sent", "later", "signed-out", or "busy" while another tab does. Throws without a network.
export function sync() {
  return alone("till-sync", (lock) => (lock ? sendAll() : "busy"), { ifAvailable: true });
}

// How far this device's clock is from the shop's, asked once an hour: what is kept bears the shop's time.
export async function learnTime() {
  if (Math.abs(Date.now() - ((await fact("learned")) ?? 0)) < HOUR_MS) return;
  const asked = Date.now();
  const told = Date.parse((await fetch("/healthz", { cache: "no-store" })).headers.get("Date"));
  if (!told) return;
  await keepFact("skew", Math.round(told + 500 - (asked + Date.now()) / 2));
  await keepFact("learned", Date.now());
}

// Whether somebody was on shift here lately: without a network no PIN can be asked for.
export async function isOpen() {
  return Date.now() - ((await fact("open")) ?? 0) < OPEN_FOR_MS;
}

export async function sendAgain(number) {
  const row = (await rows()).find((each) => each.number === number);
  if (row) await put(row, { refused: false });
}

export async function takeOff(number) {
  await inStore("readwrite", ({ rows: store }) => store.delete(number));
  tell();
}

export function onNews(hear) {
  news.addEventListener("message", hear);
  addEventListener("till-queue", hear);
}

async function sendAll() {
  for (;;) {
    const batch = await rows(MOST);
    if (!batch.length) return "sent";
    const answer = await post(batch);
    if (answer.type === "opaqueredirect") return "signed-out";
    if (!answer.ok) return "later";
    const { now, results } = await answer.json();
    await keepFact("skew", now - Date.now());
    const settled = await settle(batch, results);
    if (!settled) return "later";
  }
}

async function post(batch) {
  const { id } = await fact("chain");
  const items = batch.map(({ number, told, before, hash }) => ({ number, told, before, hash }));
  return fetch("/till/queue", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ chain: id, items }),
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
}

async function settle(batch, results) {
  let settled = 0;
  for (const { number, state, text } of results) {
    const row = batch.find((each) => each.number === number);
    if (!row || state === "later") continue;
    if (state === "recorded") await takeOff(number);
    else if (state === "refused") await put(row, { refused: true, text });
    else continue;
    settled += 1;
  }
  return settled;
}

async function put({ number, told, before, hash }, { refused, text }) {
  const row = { number, refused, ...(await seal({ told, before, hash, text }, number)) };
  await inStore("readwrite", ({ rows: store }) => store.put(row));
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

// An id as the shop makes them: ten signs of milliseconds, sixteen of chance.
function idAt(at) {
  const time = Array.from({ length: 10 }, (_, place) => SIGNS[Math.floor(at / 32 ** (9 - place)) % 32]);
  const chance = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => SIGNS[byte & 31]);
  return [...time, ...chance].join("");
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
