// The rows of the queue, for a person: what waits, and what the shop did not take, with its reason.
import { CARD } from "./till-digits.js";
import { isOpen } from "./till-moment.js";
import { onNews, rows, sendAgain, takeOff } from "./till-queue.js";
import { sync } from "./till-sync.js";

const place = document.querySelector("[data-queue-page]");
const part = (name) => place.querySelector(`[data-queue-${name}]`);
const time = new Intl.DateTimeFormat(document.documentElement.lang, {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

const drawnFor = {};
let showing = 0;

async function show() {
  const mine = ++showing;
  const open = await isOpen().catch(() => false);
  const found = open ? await rows() : [];
  if (mine !== showing) return; // a later look has begun
  part("locked").hidden = open;
  part("empty").hidden = !open || found.length > 0;
  list("refused", found.filter((row) => row.refused));
  list("waiting", found.filter((row) => !row.refused));
}

function list(name, found) {
  const rows = JSON.stringify(found);
  if (drawnFor[name] === rows) return; // a button that is being pressed stays where it is
  drawnFor[name] = rows;
  part(`${name}-part`).hidden = !found.length;
  place.querySelector(`[data-queue-list="${name}"]`).replaceChildren(...found.map(drawn));
}

function drawn({ number, refused, at: moment, told, text }) {
  const row = part("row").content.cloneNode(true);
  const at = (name) => row.querySelector(`[data-row-${name}]`);
  at("card").textContent = told ? buyer(JSON.parse(told)) : part("sealed").textContent;
  at("time").textContent = moment ? time.format(moment) : "";
  at("amount").textContent = told ? JSON.parse(told).amount : "";
  at("why").textContent = text ?? part("sealed").dataset.why;
  at("why").hidden = at("do").hidden = !refused;
  at("again").hidden = !told;
  at("again").addEventListener("click", () => again(number));
  at("off").addEventListener("click", ({ currentTarget }) => off(currentTarget, number));
  return row;
}

function buyer({ shown }) {
  if (!shown) return part("card").textContent;
  const card = shown.length > CARD ? shown.slice(1, 1 + CARD) : shown;
  return part("card").dataset.words.replace("#", card.slice(-4));
}

async function again(number) {
  await sendAgain(number);
  await sync().catch(() => {}); // without a network it waits with the others
}

// Twice, so that a slip takes nothing away.
async function off(button, number) {
  if (button.textContent === button.dataset.sure) return takeOff(number);
  button.textContent = button.dataset.sure;
}

onNews(show);
show();
