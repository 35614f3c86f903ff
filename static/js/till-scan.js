// The one field of the till: digits in groups of four, a wrong check digit told before sending.
import { grouped, isRight } from "./till-digits.js";

function group(input) {
  const digits = input.value.replace(/\s/g, "");
  if (/^[125]\d*$/.test(digits) && input.selectionStart === input.value.length) input.value = grouped(digits);
}

function watch(form) {
  const input = form.querySelector("[name=shown]");
  const how = form.querySelector("[name=how]");
  const wrong = form.querySelector("[data-scan-wrong]");
  const tell = () => {
    const right = isRight(input.value.replace(/\s/g, ""));
    wrong.hidden = right !== false;
    wrong.textContent = right === false ? wrong.dataset.words : "";
    input.toggleAttribute("data-right", right === true);
    return right;
  };
  input.addEventListener("input", () => {
    how.value = "typed";
    group(input);
    tell();
  });
  form.addEventListener("submit", (event) => {
    if (tell() !== false) return;
    event.preventDefault();
    input.select();
  });
  // What is typed while no field has the focus is meant for this one: the key follows the focus.
  document.addEventListener("keydown", (event) => {
    if (/^\d$/.test(event.key) && !event.target.closest("input, select, textarea")) input.focus();
  });
}

document.querySelectorAll("[data-scan]").forEach(watch);
