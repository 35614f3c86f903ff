// What must be read first takes the focus: a form's mistakes, an answer, what was added to a page. Whoever types already,
// on a page that comes slowly, keeps it.
if (!isTyping(document.activeElement)) takeFocus();
document.addEventListener("htmx:after:swap", takeFocus);

function takeFocus() {
  [...document.querySelectorAll("[data-takes-focus]")].at(-1)?.focus();
}

function isTyping({ value, defaultValue }) {
  return value !== defaultValue;
}
