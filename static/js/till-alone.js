// The till without a network: a card, a sum, and the purchase waits on the device. It earns; nothing can be spent.
import { shopAnswers } from "./asking.js";
import { beginAnew, inLines, lines } from "./till-alone-lines.js";
import { CARD, isRight } from "./till-digits.js";
import { sumOf } from "./till-lines.js";
import { isOpen } from "./till-moment.js";
import { nameOf } from "./till-names.js";
import { keep } from "./till-queue.js";
import { flash } from "./till-signal.js";
import { forgetFact } from "./till-store.js";

const SHOWN = "till-shown"; // what a page with a network had in its field when the network went
const KEPT = "till-kept"; // what was kept on the way here
const LOOK_MS = 10_000;
const ROTATING = 26;
const place = document.querySelector("[data-alone]");
const form = place.querySelector("[data-alone-sale]");
const part = (name) => place.querySelector(`[data-alone-${name}]`);

let keeping = false; // one sale for a button that is pressed twice

const digits = () => form.elements.shown.value.replace(/\s/g, "");
const isCard = () => [CARD, ROTATING].includes(digits().length) && isRight(digits()) === true;
const amount = () => form.elements.amount.value.replace(/\s/g, "");
const what = () => (inLines() ? { amount: sumOf(lines()), lines: lines() } : { amount: amount() });
const isSum = () => /^\d{1,9}([.,]\d{1,2})?$/.test(amount()) && /[1-9]/.test(amount());

function blame(name, wrong) {
  const words = place.querySelector(`[data-alone-wrong="${name}"]`);
  words.hidden = !wrong;
  words.textContent = wrong ? words.dataset.words : "";
  const field = form.elements[name];
  field?.toggleAttribute("aria-invalid", wrong);
  if (wrong) field?.focus();
  return wrong;
}

// A scanner sends without a button: it says whose purchase begins, and never confirms one.
async function submit(event) {
  if (event.defaultPrevented) return;
  event.preventDefault();
  part("kept").textContent = "";
  greet();
  if (blame("shown", !isCard())) return;
  if (!event.submitter || (!inLines() && !amount())) return form.elements.amount.focus();
  if (inLines() ? blame("lines", !what().amount) : blame("amount", !isSum())) return;
  if (keeping) return;
  keeping = true;
  await keepSale();
  keeping = false;
}

async function greet() {
  const name = isCard() ? await nameOf(digits()) : "";
  part("greeting").textContent = name ? part("greeting").dataset.words.replace("#", name) : "";
}

async function keepSale() {
  const { how, number } = form.elements;
  const sale = { shown: digits(), ...what(), number: number.value.trim(), method: how.value };
  const kept = await keep(sale).catch(() => undefined);
  if (blame("keep", !kept)) return;
  form.reset();
  beginAnew();
  part("greeting").textContent = "";
  form.elements.shown.removeAttribute("data-right");
  form.elements.shown.focus();
  flash("good");
  part("kept").textContent = part("kept").dataset.words.replace("#", sale.amount);
}

async function show() {
  const open = await isOpen().catch(() => false);
  part("open").hidden = part("lock").hidden = !open;
  part("locked").hidden = open;
  part("asked").hidden = ["/till", "/till/offline"].includes(location.pathname);
  if (open) begin();
}

function begin() {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (kept) part("kept").textContent = part("kept").dataset.words.replace("#", kept);
  form.elements.shown.value = sessionStorage.getItem(SHOWN) ?? "";
  sessionStorage.removeItem(SHOWN);
  form.elements.shown.focus();
  if (isCard()) form.requestSubmit();
}

async function look() {
  part("back").hidden = !(await shopAnswers());
}

async function lock() {
  await forgetFact("open");
  await show();
}

sessionStorage.removeItem("till-sale"); // what is begun here must not come back beside what a reload left
form.addEventListener("submit", submit);
form.addEventListener("input", greet);
part("lock").addEventListener("click", lock);
addEventListener("online", look);
setInterval(look, LOOK_MS);
show();
