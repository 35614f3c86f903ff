// A yes is proved by the phone: it carries what the card shows at the moment, drawn with the key that only this browser has.
import { cardRecordOf, drawCode } from "./card-key.js";

const form = document.querySelector("[data-approves]");
let drawn = false;

async function draw(event) {
  if (drawn || event.submitter?.value !== "yes") return;
  event.preventDefault();
  drawn = true;
  try {
    const record = await cardRecordOf(document.documentElement.dataset.session, form.dataset.approves);
    form.elements.code.value = (await drawCode(record)).digits;
  } catch {
    // No key on this phone: a sign-in of just now is proof enough, else the page says what to do.
  }
  form.requestSubmit(event.submitter);
}

form?.addEventListener("submit", draw);
