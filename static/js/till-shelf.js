// What the till knows of the shop's goods without a network: kinds that rules speak of, and goods by their barcode.
import { fact, keepFact } from "./till-store.js";

const HOUR_MS = 3_600_000;
const PLACE = "shelf";
let shelf = { kinds: [], goods: [] };

// On the pages of a shift, once an hour.
export async function learnShelf() {
  const known = await fact(PLACE);
  if (Math.abs(Date.now() - (known?.at ?? 0)) < HOUR_MS) return;
  const answer = await fetch("/till/shelf", { cache: "no-store", redirect: "manual" });
  if (answer.ok) await keepFact(PLACE, { ...(await answer.json()), at: Date.now() });
}

// Before anything is asked of it.
export async function openShelf() {
  shelf = (await fact(PLACE)) ?? shelf;
}

// Returns [value, name] of each kind.
export function kinds() {
  return shelf.kinds;
}

// Returns { sku, title, price } for a barcode or the shop's own name, or nothing.
export function goodsOf(code) {
  const found = shelf.goods.find(([sku, barcode]) => code === barcode || code === sku);
  return found && { sku: found[0], title: found[2], price: found[3] };
}
