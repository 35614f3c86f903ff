// The card's key on this phone: a script may draw codes with it and never read it. One record, nothing else of a member:
// { number, key, device, session, skew_ms, learned } (pwa.md §2; docs/decisions/0018).
import { sessionHere } from "./asking.js";

const WINDOW_MS = 30_000;
const HOUR_MS = 3_600_000;
const MACS = 10n ** 12n;
const SHA_256 = { name: "HMAC", hash: "SHA-256" };

// On every page: the key of the sign-in that the page belongs to is fetched once; that of an ended one is forgotten.
export async function keepCardKey() {
  const mine = document.documentElement.dataset.session;
  try {
    const record = await cardRecord();
    if (mine && record?.session === mine) await learnNowAndThen(record);
    else if (mine) await fetchCardKey(mine, record);
    else if (record && (await sessionHere()) !== record.session) await forgetCardKey();
  } catch {
    // No network, or no place to keep a key: the server draws the card.
  }
}

// Returns the record of this sign-in, fetched when there is none or the server draws with another key by now.
export async function cardRecordOf(session, device) {
  const record = await cardRecord();
  return record?.session === session && record.device === device ? record : fetchCardKey(session, record);
}

// Asks for the key that is to replace a record. A second asking makes another key, so tabs ask one after the other, and
// what one has just fetched is good for all.
async function fetchCardKey(session, replaced) {
  return alone(async () => {
    const found = await cardRecord();
    if (found?.session === session && found.device !== replaced?.device) return found;
    await tryKeeping();
    const answer = await fetch("/card/key", { method: "POST", cache: "no-store", redirect: "manual" });
    if (!answer.ok) throw new Error(`no card key: ${answer.status}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const key = await crypto.subtle.importKey("raw", bytes, SHA_256, false, ["sign"]);
    bytes.fill(0);
    const told = { number: answer.headers.get("Card-Number"), device: answer.headers.get("Card-Device") };
    const record = { ...told, key, session, skew_ms: found?.skew_ms ?? 0, learned: 0 };
    await inStore("readwrite", (store) => store.put(record, "me"));
    return learnTime(record);
  });
}

// Keeps a key of no use for a moment: a browser that cannot must not ask for one, which would end the server's.
async function tryKeeping() {
  const trial = await crypto.subtle.generateKey(SHA_256, false, ["sign"]);
  await inStore("readwrite", (store) => store.put(trial, "trial"));
  await inStore("readwrite", (store) => store.delete("trial"));
}

// Learns how far the phone's clock is from the shop's; without a network what was learned last stands.
export async function learnTime(record) {
  try {
    const asked = Date.now();
    const answer = await fetch("/healthz", { cache: "no-store" });
    const answered = Date.now();
    const told = Date.parse(answer.headers.get("Date"));
    await answer.text();
    if (!answer.ok || Number.isNaN(told) || answered - asked > WINDOW_MS / 3) return record;
    const learned = { ...record, skew_ms: Math.round(told + 500 - (asked + answered) / 2), learned: answered };
    if ((await cardRecord())?.device === record.device) await inStore("readwrite", (store) => store.put(learned, "me"));
    return learned;
  } catch {
    return record;
  }
}

// Returns the digits of this moment and how many milliseconds they are good for.
export async function drawCode({ number, key, skew_ms }) {
  const now = Date.now() + skew_ms;
  const window = Math.floor(now / WINDOW_MS);
  const signed = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${number}:${window}`));
  const mac = [...new Uint8Array(signed)].reduce((rest, byte) => (rest * 256n + BigInt(byte)) % MACS, 0n);
  const digits = `1${number}${padded(window % 1000, 3)}${padded(mac, 12)}`;
  return { digits, left: WINDOW_MS - (now % WINDOW_MS) };
}

// Whoever only looks makes no database, where the browser can tell beforehand.
export async function cardRecord() {
  const known = await indexedDB.databases?.();
  if (known && !known.some(({ name }) => name === "card")) return undefined;
  return inStore("readonly", (store) => store.get("me"));
}

export async function forgetCardKey() {
  return inStore("readwrite", (store) => store.delete("me"));
}

async function learnNowAndThen(record) {
  return Math.abs(Date.now() - record.learned) < HOUR_MS ? record : learnTime(record);
}

// Opens the database for one request and closes it again, so that signing out can delete it at once.
async function inStore(mode, ask) {
  const opening = indexedDB.open("card", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("device");
  const database = await finished(opening);
  try {
    return await finished(ask(database.transaction("device", mode).objectStore("device")));
  } finally {
    database.close();
  }
}

function finished(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = request.onblocked = () => failed(request.error);
  });
}

function alone(work) {
  return navigator.locks ? navigator.locks.request("card-key", work) : work();
}

function padded(number, length) {
  return String(number).padStart(length, "0");
}
