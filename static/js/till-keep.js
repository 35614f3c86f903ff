// A sale whose network went away can wait on the device, without points and coupons. It goes under the sale's own key, so
// that one which did reach the shop is recorded once.
import { sumOf } from "./till-lines.js";
import { keep } from "./till-queue.js";

const form = document.querySelector("[data-sale]");
const words = document.querySelector("[data-no-network]");
const button = words?.querySelector("[data-keep-sale]");

const field = (name) => form.elements[name]?.value?.trim() ?? "";
const spends = () => field("hold") || /[1-9]/.test(field("points")) || form.querySelector("[name=coupon]:checked");
const mayWait = () => field("member") && !spends() && sumOf(lines());

function lines() {
  const all = Array.from({ length: Number(field("lines")) }, (_, n) => line((name) => field(`line${n + 1}-${name}`)));
  return all.filter(({ title, price }) => title || price);
}

function line(of) {
  return { title: of("title"), kind: of("kind"), price: of("price").replace(/\s/g, ""), qty: of("qty") || "1", sku: of("sku") };
}

async function keepSale() {
  const sale = { member: field("member"), amount: sumOf(lines()), number: field("number"), method: field("card_by") || "typed" };
  if (field("in_lines")) sale.lines = lines();
  try {
    await keep(sale, field("sale"));
    sessionStorage.setItem("till-kept", sale.amount);
    location.assign("/till/offline");
  } catch {
    button.hidden = true; // nothing can be kept here: the sale stays on the page
  }
}

function offer() {
  button.hidden = words.hidden || !mayWait();
}

if (form && button) {
  new MutationObserver(offer).observe(words, { attributeFilter: ["hidden"] });
  form.addEventListener("input", offer);
  button.addEventListener("click", keepSale);
}
