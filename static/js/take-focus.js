// What must be read first takes the focus: a form's mistakes, an answer, what was added to a page.
takeFocus();
document.addEventListener("htmx:after:swap", takeFocus);

function takeFocus() {
  [...document.querySelectorAll("[data-takes-focus]")].at(-1)?.focus();
}
