// The digits of cards and goods: which are right by their check digit (Damm's for cards), and groups of four for the eye.
const DAMM = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
];
export const CARD = 10;
const SHOWN = 25; // of a reward or a certificate; on the way to 26 digits it says nothing
const ROTATING = 26;

function checks(digits) {
  return [...digits].reduce((interim, digit) => Number(DAMM[interim][digit]), 0) === 0;
}

// A card number begins so; a phone does not. Returns nothing while it cannot be known.
export function isRight(digits) {
  if (digits.length === CARD && /^[125]/.test(digits)) return checks(digits);
  if (digits.length === SHOWN && checks(digits)) return true;
  if (digits.length === ROTATING) return digits.startsWith("1") && checks(digits.slice(1, 1 + CARD));
}

// Goods: the last digit of a UPC or an EAN checks the others.
export function isBarcode(digits) {
  if (!/^\d{12,14}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((all, digit, place) => all + Number(digit) * (place % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

export function grouped(digits) {
  return digits.replace(/(\d{4})(?=\d)/g, "$1 ");
}
