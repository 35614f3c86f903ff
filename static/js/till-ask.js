// Enter in the field of the points to ask for asks for them, and does not record the sale around it.
function ask(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
  event.currentTarget.querySelector("button").click();
}

document.querySelectorAll("[data-asks]").forEach((part) => part.addEventListener("keydown", ask));
