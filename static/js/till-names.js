// First names of who bought here lately, sealed on the device: a greeting without a network, and only for two days.
import { CARD } from "./till-digits.js";
import { fact, keepFact, seal, unseal } from "./till-store.js";

const HOUR_MS = 3_600_000;
const GOOD_FOR_MS = 48 * HOUR_MS;
const PLACE = "names";

// On the pages of a shift: fetched once an hour, and all of it anew, so that who left is forgotten.
export async function learnNames() {
  const known = await fact(PLACE);
  if (Math.abs(Date.now() - (known?.at ?? 0)) < HOUR_MS) return;
  const answer = await fetch("/till/recent", { cache: "no-store", redirect: "manual" });
  if (!answer.ok) return;
  const { names } = await answer.json();
  await keepFact(PLACE, { at: Date.now(), ...(await seal(names, PLACE)) });
}

// Returns a first name for a card or the code of a phone, or nothing.
export async function nameOf(digits) {
  const known = await fact(PLACE);
  if (!known || Date.now() - known.at > GOOD_FOR_MS) return undefined;
  const names = await unseal(known, PLACE);
  return names?.[digits.length > CARD ? digits.slice(1, 1 + CARD) : digits];
}
