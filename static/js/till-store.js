// What a till keeps on its device: small facts, and rows that are sealed with a key a script may use and never read.
// A row lies under its number: { number, refused (0 or 1), at, tries, iv, sealed }.
const NAME = "till";
const SEAL = { name: "AES-GCM", length: 256 };
let opened;

// Asks both stores in one transaction and returns when it is on the disk; `ask` answers a request, or nothing.
export async function inStore(mode, ask) {
  const database = await open();
  const work = database.transaction(["kept", "rows"], mode, { durability: "strict" });
  const request = ask({ kept: work.objectStore("kept"), rows: work.objectStore("rows") });
  await new Promise((done, failed) => {
    work.oncomplete = done;
    work.onabort = work.onerror = () => failed(work.error);
  });
  return request?.result;
}

export function fact(name) {
  return inStore("readonly", ({ kept }) => kept.get(name));
}

export function keepFact(name, value) {
  return inStore("readwrite", ({ kept }) => kept.put(value, name));
}

export function forgetFact(name) {
  return inStore("readwrite", ({ kept }) => kept.delete(name));
}

// What is sealed for one place cannot be opened at another.
export async function seal(value, place) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(value));
  return { iv, sealed: await crypto.subtle.encrypt(manner(iv, place), await sealer(), text) };
}

// Returns nothing where the seal is broken, or of another key.
export async function unseal({ iv, sealed }, place) {
  const key = await sealer();
  try {
    const text = await crypto.subtle.decrypt(manner(iv, place), key, sealed);
    return JSON.parse(new TextDecoder().decode(text));
  } catch {
    return undefined;
  }
}

// One tab at a time; a browser without locks has one tab of the till.
export function alone(name, work, manner = {}) {
  return navigator.locks ? navigator.locks.request(name, manner, work) : work({});
}

function manner(iv, place) {
  return { name: SEAL.name, iv, additionalData: new TextEncoder().encode(String(place)) };
}

function sealer() {
  return alone("till-key", async () => {
    const known = await fact("key");
    if (known) return known;
    const fresh = await crypto.subtle.generateKey(SEAL, false, ["encrypt", "decrypt"]);
    await keepFact("key", fresh);
    return fresh;
  });
}

function open() {
  opened ??= new Promise((done, failed) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("kept");
      opening.result.createObjectStore("rows", { keyPath: "number" }).createIndex("refused", "refused");
    };
    opening.onsuccess = () => done(opening.result);
    opening.onerror = opening.onblocked = () => failed(opening.error);
  });
  opened.catch(() => (opened = undefined));
  return opened;
}
