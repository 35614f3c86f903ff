// A hand scanner types: ten digits or more, faster than a hand. They go into the field wherever the focus is, and are sent.
import { CARD, isRight } from "./till-digits.js";

const FASTEST_HAND_MS = 50;
const SILENCE_MS = 250; // of a scanner that ends without Enter

const BARCODES = [12, 13, 14]; // digits of UPC, EAN and the box they came in

const form = document.querySelector("[data-scan]");
let burst = "";
let last = -Infinity;
let before; // what the focused field held when the burst began
let silence;

function hear(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (/^\d$/.test(event.key)) digit(event);
  else if (event.key === "Enter") end(event);
}

function digit(event) {
  if (event.timeStamp - last > FASTEST_HAND_MS) {
    burst = "";
    before = event.target.matches("input, textarea") ? { field: event.target, value: event.target.value } : undefined;
  }
  burst += event.key;
  last = event.timeStamp;
  clearTimeout(silence);
  silence = setTimeout(end, SILENCE_MS);
}

function end(event) {
  clearTimeout(silence);
  const digits = burst;
  burst = "";
  if (digits.length < CARD || (event && event.timeStamp - last > 2 * FASTEST_HAND_MS)) return;
  event?.preventDefault(); // nor may it press the button that has the focus
  const input = form.querySelector("[name=shown]");
  const { barcode } = form.elements;
  if (barcode && before?.field === barcode && !isRight(digits)) return add(barcode.value); // it is whole there
  if (before && before.field !== input) before.field.value = before.value;
  if (areGoods(digits) && before?.field !== input) return add(digits);
  send(before?.field === input ? whole(digits, input) : digits, "wedge");
}

// A busy device stumbles in the middle of a code: what came before is in the field already.
function whole(digits, input) {
  const typed = input.value.replace(/\s/g, "");
  return !isRight(digits) && isRight(typed) ? typed : digits;
}

// A purchase that is under way takes the barcodes of goods too.
function areGoods(digits) {
  return form.elements.barcode && BARCODES.includes(digits.length) && !isRight(digits);
}

function add(digits) {
  form.elements.barcode.value = digits;
  form.querySelector("[data-goods]").click();
}

// Others send what they read in the same way: the camera, and a photo.
export function send(digits, how) {
  form.querySelector("[name=shown]").value = digits;
  form.querySelector("[name=how]").value = how;
  form.requestSubmit();
}

if (form) document.addEventListener("keydown", hear, { capture: true });
