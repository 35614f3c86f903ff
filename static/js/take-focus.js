// The summary of a form's mistakes takes the focus, so that it is read first.
document.querySelector("[data-takes-focus]")?.focus();
