// The browser's invitation to install is kept until the member asks for it; a quiet tile tells of it after a good moment.
const QUIET_DAYS = 90;
const DAY = 86_400_000;
let invitation;

export function keepInvitation() {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    invitation = event;
    show("[data-install-now]");
  });
  addEventListener("appinstalled", () => hide("[data-install], [data-install-now]"));
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-install-now]")) install();
    if (target.closest("[data-install-later]")) dismiss();
  });
  const reason = document.querySelector("[data-reason-to-install], [data-card]");
  if (reason || globalThis.Notification?.permission === "granted") localStorage.setItem("install-reason", "1");
  if (worthSaying()) show("[data-install]");
}

// Points came, the card was shown or notes are on; it is no app already, and nobody said no in the last months.
function worthSaying() {
  const dismissed = Number(localStorage.getItem("install-dismissed"));
  const app = matchMedia("(display-mode: standalone), (display-mode: minimal-ui)").matches;
  return localStorage.getItem("install-reason") && !app && Date.now() - dismissed > QUIET_DAYS * DAY;
}

async function install() {
  invitation.prompt();
  const { outcome } = await invitation.userChoice;
  if (outcome === "dismissed") dismiss();
}

function dismiss() {
  localStorage.setItem("install-dismissed", Date.now());
  hide("[data-install]");
}

function show(selector) {
  for (const element of document.querySelectorAll(selector)) element.hidden = false;
}

function hide(selector) {
  for (const element of document.querySelectorAll(selector)) element.hidden = true;
}
