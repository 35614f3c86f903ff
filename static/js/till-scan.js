// The one field of the till: digits in groups of four, a wrong check digit told before sending, a scanner heard everywhere.
const DAMM = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
];
const CARD = 10;
const ROTATING = 26;

function checks(digits) {
  return [...digits].reduce((interim, digit) => Number(DAMM[interim][digit]), 0) === 0;
}

// A card number begins so; a phone does not. Returns nothing while it cannot be known.
function isRight(digits) {
  if (digits.length === CARD && /^[125]/.test(digits)) return checks(digits);
  if (digits.length === ROTATING) return digits.startsWith("1") && checks(digits.slice(1, 1 + CARD));
}

function group(input) {
  const digits = input.value.replace(/\s/g, "");
  if (!/^[125]\d*$/.test(digits) || input.selectionStart !== input.value.length) return;
  input.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ");
}

function watch(form) {
  const input = form.querySelector("[name=shown]");
  const wrong = form.querySelector("[data-scan-wrong]");
  const tell = () => {
    const right = isRight(input.value.replace(/\s/g, ""));
    wrong.hidden = right !== false;
    wrong.textContent = right === false ? wrong.dataset.words : "";
    input.toggleAttribute("data-right", right === true);
    return right;
  };
  input.addEventListener("input", () => {
    group(input);
    tell();
  });
  form.addEventListener("submit", (event) => {
    if (tell() !== false) return;
    event.preventDefault();
    input.select();
  });
  // What a scanner types while nothing has the focus goes into the field: the key follows the focus.
  document.addEventListener("keydown", (event) => {
    if (/^\d$/.test(event.key) && !event.target.closest("input, select, textarea")) input.focus();
  });
}

document.querySelectorAll("[data-scan]").forEach(watch);

// A card scanned while a button has the focus must not press it: its Enter follows the last digit at once.
let typed = -Infinity;
document.addEventListener("keydown", (event) => {
  if (/^\d$/.test(event.key)) typed = event.timeStamp;
  else if (event.key === "Enter" && event.target.matches("button") && event.timeStamp - typed < 100) event.preventDefault();
});
