// Before a form goes off the shop is asked whether it is there: a page that stays keeps the sale, and it is sent again.
// A card without a network goes on to the page that keeps purchases; a lock goes off in any case and hides what was shown.
import { shopAnswers } from "./asking.js";

const PATIENCE_MS = 4000;

const words = document.querySelector("[data-no-network]");
let going = false;
let asking = false;

async function send(event) {
  const form = event.target;
  if (going || event.defaultPrevented || form.method !== "post" || form.matches("[data-locks-in]")) return;
  event.preventDefault();
  if (asking) return;
  asking = true;
  const there = await shopAnswers(PATIENCE_MS);
  asking = false;
  words.hidden = there;
  if (!there) return stay(form);
  going = true;
  form.requestSubmit(event.submitter);
  going = false;
}

function stay(form) {
  if (!form.matches("[data-scan]:not([data-sale])")) return words.scrollIntoView({ block: "nearest" });
  sessionStorage.setItem("till-shown", form.elements.shown.value);
  location.assign("/till/offline");
}

if (words) document.addEventListener("submit", send);
