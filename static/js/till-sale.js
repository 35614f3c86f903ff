// A sale is worked out while it is typed. Enter goes on once the sum on the screen is that of what is typed, else it asks.
const form = document.querySelector("[data-sale]");
const strip = document.querySelector("[data-no-network]");
const asked = new WeakMap(); // how much was typed when a request went off
let told = 0;
let unheard = false; // asked, and no request went off: htmx had not begun

const touched = ({ value, defaultValue, checked, defaultChecked }) => value !== defaultValue || checked !== defaultChecked;
let typed = form && [...form.querySelectorAll("input")].some(touched) ? 1 : 0; // before the page listened

const fresh = () => told === typed && Boolean(form.elements.due || !strip.hidden);
const tell = () => form.toggleAttribute("data-told", fresh());

function ask() {
  unheard = true;
  form.dispatchEvent(new CustomEvent("work-out"));
}

function goOn(event) {
  if (event.key !== "Enter" || event.defaultPrevented) return;
  if (event.repeat) return event.preventDefault(); // a key that is held down says yes once
  if (!event.target.matches("input:not([name=shown])")) return;
  event.preventDefault();
  if (["barcode", "coupon_typed"].includes(event.target.name)) return event.target.nextElementSibling.click();
  if (fresh()) form.querySelector("[data-go]").click();
  else ask();
}

function hold(event) {
  if (!event.submitter?.matches("[data-go]") || fresh()) return;
  event.preventDefault();
  ask();
}

function all(event) {
  event.preventDefault();
  const points = form.elements.points;
  points.value = document.querySelector("#quote").dataset.most;
  points.dispatchEvent(new Event("input", { bubbles: true }));
  points.focus();
}

// Without a network nothing can be worked out; the sale stays, and the button goes on to what is done then.
function miss() {
  told = typed;
  strip.hidden = false;
  tell();
}

if (form) {
  form.addEventListener("input", () => {
    typed += 1;
    tell();
  });
  form.addEventListener("keydown", goOn);
  form.addEventListener("submit", hold);
  form.querySelector("[data-all]")?.addEventListener("click", all);
  document.addEventListener("htmx:before:request", ({ detail }) => {
    unheard = false;
    asked.set(detail.ctx, typed);
  });
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    told = asked.get(detail.ctx);
    strip.hidden = true;
    tell();
  });
  document.addEventListener("htmx:error", miss);
  document.addEventListener("htmx:response:error", () => form.submit()); // the whole page says what is wrong
  addEventListener("pageshow", () => setTimeout(catchUp));
  addEventListener("pagehide", () => sessionStorage.setItem("till-sale", JSON.stringify([...new FormData(form)])));
  if (form.contains(document.activeElement)) goBehind(document.activeElement);
  else form.addEventListener("focusin", ({ target }) => goBehind(target), { once: true });
  tell();
}

// A browser puts the cursor before what stands in the field it goes to by itself: the next digit belongs behind.
function goBehind(input) {
  const { selectionStart, selectionEnd, value } = input;
  if (selectionStart === 0 && selectionEnd === 0) input.setSelectionRange(value.length, value.length);
}

// A scanner and a quick hand type, and press Enter, before the page listens; htmx itself begins by a timer, set before this.
function catchUp() {
  const sum = form.querySelector("[name$=price]");
  if (unheard || (sum.value && !fresh())) ask();
}
