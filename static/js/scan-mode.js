// One touch and nothing but the card is on the screen; Escape, Back, the cross or another touch leaves.
const mode = document.querySelector("[data-card-mode]");
const place = document.querySelector("[data-card-place]");

function enter() {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches || !document.startViewTransition;
  if (still) fill();
  else document.startViewTransition(fill); // the card grows out of its place
}

function fill() {
  if (mode.open) return;
  mode.append(...place.childNodes);
  mode.showModal();
  history.pushState({ scan: true }, "");
  screen.orientation?.lock?.("portrait").catch(() => {}); // only an installed app may; elsewhere the page turns well
}

function leave() {
  place.append(mode.querySelector("[data-card]"));
  screen.orientation?.unlock?.();
  if (history.state?.scan) history.back();
}

if (mode) {
  const open = document.querySelector("[data-card-open]");
  if (history.state?.scan) history.replaceState(null, "");
  open.hidden = false;
  open.addEventListener("click", enter);
  place.addEventListener("click", () => getSelection().isCollapsed && enter());
  mode.addEventListener("click", () => getSelection().isCollapsed && mode.close());
  mode.addEventListener("close", leave);
  addEventListener("popstate", () => mode.open && mode.close());
}
