// A yes is proved by the phone: it carries what the card shows at the moment, drawn with the key that only this browser has.
// The button is not seen before this script listens (approve.css): a yes without the code would be refused.
import { cardRecordOf, drawCode } from "./card-key.js";

const form = document.querySelector("[data-approves]");
let pressed = false;
let going = false;

async function draw(event) {
  if (going || event.submitter?.value !== "yes") return;
  event.preventDefault();
  if (pressed) return;
  pressed = true;
  try {
    const record = await cardRecordOf(document.documentElement.dataset.session, form.dataset.approves);
    form.elements.code.value = (await drawCode(record)).digits;
  } catch {
    // No key on this phone: a sign-in of just now is proof enough, else the page says what to do.
  }
  going = true;
  form.requestSubmit(event.submitter);
  going = false;
}

if (form) {
  form.addEventListener("submit", draw);
  addEventListener("pageshow", () => (pressed = false)); // of a page that comes back
  form.toggleAttribute("data-listens", true);
}
