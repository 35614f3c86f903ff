// The moments of a till without a network: the shop's time, and whether somebody was on shift here lately.
import { fact, keepFact } from "./till-store.js";

const SIGNS = "0123456789abcdefghjkmnpqrstvwxyz";
const HOUR_MS = 3_600_000;
const OPEN_FOR_MS = 4 * HOUR_MS;

// Never before the till was last seen open: a device that starts anew without a network may have lost its time.
export async function shopTime() {
  return Math.max(Date.now(), (await fact("open")) ?? 0) + ((await fact("skew")) ?? 0);
}

// How far this device's clock is from the shop's, asked once an hour: what is kept bears the shop's time.
export async function learnTime() {
  if (Math.abs(Date.now() - ((await fact("learned")) ?? 0)) < HOUR_MS) return;
  const asked = Date.now();
  const answer = await fetch("/healthz", { cache: "no-store" });
  const answered = Date.now();
  const told = Date.parse(answer.headers.get("Date"));
  await answer.text(); // an answer that nobody reads stays open
  if (!told) return;
  await keepFact("skew", Math.round(told + 500 - (asked + answered) / 2));
  await keepFact("learned", Date.now());
}

// Whether somebody was on shift here lately: without a network no PIN can be asked for.
export async function isOpen() {
  return Date.now() - ((await fact("open")) ?? 0) < OPEN_FOR_MS;
}

// An id as the shop makes them: ten signs of milliseconds, sixteen of chance.
export function idAt(at) {
  const time = Array.from({ length: 10 }, (_, place) => SIGNS[Math.floor(at / 32 ** (9 - place)) % 32]);
  const chance = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => SIGNS[byte & 31]);
  return [...time, ...chance].join("");
}
