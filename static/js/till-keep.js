// A sale whose network went away can wait on the device: one sum, and no points in it. It goes under the sale's own key,
// so that one which did reach the shop is recorded once.
import { keep } from "./till-queue.js";

const form = document.querySelector("[data-sale]");
const words = document.querySelector("[data-no-network]");
const button = words?.querySelector("[data-keep-sale]");

const field = (name) => form.elements[name]?.value?.trim() ?? "";
const amount = () => field("line1-price").replace(/\s/g, "");
const mayWait = () =>
  field("member") && !field("hold") && !field("in_lines") && !Number(field("points")) && /^\d{1,9}([.,]\d{1,2})?$/.test(amount());

async function keepSale() {
  const sale = { member: field("member"), amount: amount(), number: field("number"), method: field("card_by") || "typed" };
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
