// A hand scanner types: ten digits or more, faster than a hand. They go into the field wherever the focus is, and are sent.
import { CARD, isBarcode, isRight } from "./till-digits.js";

const FASTEST_HAND_MS = 50;
const SILENCE_MS = 250; // of a scanner that ends without Enter
const REST_MS = 1000; // until what is no whole code yet is taken as it is

const BARCODES = [12, 13, 14]; // digits of UPC, EAN and the box they came in
const SUMS = "[inputmode=decimal]"; // a sum is shorter than any code

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
  silence = setTimeout(fallSilent, SILENCE_MS);
}

function fallSilent() {
  if (isCode(burst)) end();
  else silence = setTimeout(end, REST_MS);
}

function end(event) {
  clearTimeout(silence);
  const heard = event && event.timeStamp - last > 2 * FASTEST_HAND_MS ? "" : burst;
  const field = heard ? before?.field : document.activeElement;
  const digits = whole(heard, field);
  if (!digits) return; // nor is it over, where the device is slower than the scanner
  burst = "";
  event?.preventDefault(); // nor may it press the button that has the focus
  const input = form.querySelector("[name=shown]");
  const { barcode } = form.elements;
  if (barcode && field === barcode && !isRight(digits)) return add(barcode.value); // it is whole there
  if (field && field !== input) field.value = emptied(field, digits === heard ? before.value : field.defaultValue);
  if (areGoods(digits) && field !== input) return add(digits);
  send(digits, "wedge");
}

// A busy device stumbles in the middle of a code, and a page that has just come hears its end alone: what came before is in
// the field already. Returns nothing where a hand typed.
function whole(heard, field) {
  const scanned = heard.length >= CARD;
  const there = scanned || field?.matches(SUMS) ? field?.value.replace(/\s/g, "") : undefined;
  const joined = there && heard && before.value.replace(/\s/g, "") + heard;
  return [heard, there, joined].find((code) => code && isCode(code)) ?? (scanned ? heard : "");
}

function isCode(digits) {
  return isRight(digits) || Boolean(form.elements.barcode && isBarcode(digits));
}

function emptied(field, value) {
  return field.matches(SUMS) && value.length >= CARD ? "" : value;
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

if (form) {
  document.addEventListener("keydown", hear, { capture: true });
  silence = setTimeout(end, SILENCE_MS); // of what came before
}
