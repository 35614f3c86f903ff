// Purchases that wait on the device for the network: each under its own key, each bound to the one before by a hash.
// A row leaves after its final answer only; what the shop refuses stays until somebody has looked at it.
import { idAt, shopTime } from "./till-moment.js";
import { alone, fact, inStore, seal, unseal } from "./till-store.js";

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

export async function put({ number, at, tries, told, before, hash }, { refused, text }) {
  const row = { number, refused, at, tries, ...(await seal({ told, before, hash, text }, number)) };
  await inStore("readwrite", ({ rows: store }) => store.put(row));
  tell();
}

// What cannot be opened, or makes no sense to the shop, waits for a person as it is, and holds up nothing behind it.
export async function stepAside(broken) {
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
