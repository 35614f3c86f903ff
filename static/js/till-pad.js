// The digits on the screen, where there is no keyboard: they write into the field that was touched last.
const pad = document.querySelector("[data-pad]");
const form = pad?.closest("form");
const SUMS = "[inputmode=decimal], [inputmode=numeric]:not([name=shown])";
let field;

function press({ target }) {
  const key = target.closest("[data-key]")?.dataset.key;
  if (!key || !field) return;
  field.value = key === "back" ? field.value.slice(0, -1) : (field.value + key).slice(0, field.maxLength);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

if (pad && matchMedia("(pointer: coarse)").matches) {
  const fields = [...form.querySelectorAll(SUMS)];
  field = fields.find((each) => each.autofocus) ?? fields[0];
  for (const each of fields) each.inputMode = "none"; // the system's keyboard stays away
  form.addEventListener("focusin", ({ target }) => fields.includes(target) && (field = target));
  pad.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  pad.addEventListener("click", press);
  pad.disabled = false;
}
