// A purchase line by line without a network: goods by barcode, or a name, a kind, a price and how many.
import { sumOf } from "./till-lines.js";
import { goodsOf, kinds, openShelf } from "./till-shelf.js";

await openShelf().catch(() => {}); // a private window keeps nothing
const MOST = 30;
const place = document.querySelector("[data-alone]");
const part = (name) => place.querySelector(`[data-alone-${name}]`);
const rows = () => [...part("rows").children];
const field = (row, name) => row.querySelector(`[data-line=${name}]`);
let made = 0;

export const inLines = () => !part("lines").hidden;

// Returns the lines that say something, as the shop is told them.
export function lines() {
  const told = rows().map((row) => ({
    title: field(row, "title").value.trim(), kind: field(row, "kind")?.value ?? "", price: field(row, "price").value.trim(),
    qty: field(row, "qty").value.trim(), sku: row.dataset.sku ?? "",
  }));
  return told.filter(({ title, price }) => title || price);
}

export function beginAnew() {
  part("rows").replaceChildren();
  setLines(false);
}

function setLines(on) {
  part("lines").hidden = !on;
  part("one").hidden = on;
  const words = part("more").querySelector("span");
  part("more").dataset.first ??= words.textContent;
  words.textContent = on ? part("more").dataset.words : part("more").dataset.first;
  tell();
}

function addLine(goods) {
  setLines(true);
  if (rows().length >= MOST) return undefined;
  const row = part("line").content.cloneNode(true).firstElementChild;
  made += 1;
  for (const each of row.querySelectorAll("[id]")) each.id += made;
  for (const each of row.querySelectorAll("label")) each.htmlFor += made;
  field(row, "kind").append(...kinds().map(([value, name]) => new Option(name, value)));
  field(row, "qty").value = "1";
  if (goods) fill(row, goods);
  row.querySelector("[data-line-drop]").addEventListener("click", () => drop(row));
  part("rows").append(row);
  number();
  return row;
}

function fill(row, { sku, title, price }) {
  row.dataset.sku = sku;
  field(row, "title").value = title;
  field(row, "price").value = price;
  field(row, "kind").closest(".field").remove(); // the shop knows what it is
}

function drop(row) {
  row.remove();
  number();
  if (!rows().length) setLines(false);
  tell();
}

function number() {
  rows().forEach((row, n) => {
    const legend = row.querySelector("legend");
    legend.textContent = legend.dataset.words.replace("#", n + 1);
  });
  tell();
}

function addGoods() {
  const input = part("sale").elements.barcode;
  const code = input.value.trim();
  const goods = code && goodsOf(code);
  const wrong = place.querySelector("[data-alone-wrong=barcode]");
  wrong.hidden = !code || Boolean(goods);
  wrong.textContent = wrong.hidden ? "" : wrong.dataset.words;
  setLines(true);
  if (!goods) return input.focus();
  input.value = "";
  const same = rows().find((row) => row.dataset.sku === goods.sku && /^\d+$/.test(field(row, "qty").value));
  if (same) field(same, "qty").value = Number(field(same, "qty").value) + 1;
  else {
    takeEmptyAway();
    addLine(goods);
  }
  tell();
  input.focus();
}

function takeEmptyAway() {
  for (const row of rows()) if (!field(row, "title").value && !field(row, "price").value) row.remove();
}

function tell() {
  part("total").textContent = sumOf(lines()) ?? "–";
}

function more() {
  const row = addLine();
  if (row) field(row, "title").focus();
}

part("more").addEventListener("click", more);
part("rows").addEventListener("input", tell);
place.querySelector("[data-goods]").addEventListener("click", addGoods);
part("sale").elements.barcode.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented) return;
  event.preventDefault();
  addGoods();
});
