// The browser's invitation to install is kept until the member asks for it. A tile tells of it after a good moment: the
// server draws it for who has the cookie `install`, so that nothing moves when it comes.
const QUIET_DAYS = 90;
const DAY_S = 86_400;
let invitation;

export function keepInvitation() {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    invitation = event;
  });
  addEventListener("appinstalled", dismiss);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-install-later]")) dismiss();
    if (!invitation || !event.target.closest("[data-install-now]")) return;
    event.preventDefault();
    install();
  });
  for (const button of document.querySelectorAll("[data-install-later]")) button.disabled = false;
  const reason = document.querySelector("[data-reason-to-install], [data-card]");
  if (reason || globalThis.Notification?.permission === "granted") localStorage.setItem("install-reason", "1");
  tell(worthSaying());
}

// Points came, the card was shown or notes are on; it is no app already, and nobody said no in the last months.
function worthSaying() {
  const dismissed = Number(localStorage.getItem("install-dismissed"));
  const app = matchMedia("(display-mode: standalone), (display-mode: minimal-ui)").matches;
  return localStorage.getItem("install-reason") && !app && Date.now() - dismissed > QUIET_DAYS * DAY_S * 1000;
}

async function install() {
  invitation.prompt();
  const { outcome } = await invitation.userChoice;
  invitation = undefined; // it is good once
  if (outcome === "dismissed") dismiss();
}

function dismiss() {
  localStorage.setItem("install-dismissed", Date.now());
  tell(false);
  for (const tile of document.querySelectorAll("[data-install]")) {
    if (tile.matches(":focus-within")) tile.nextElementSibling?.querySelector("a")?.focus();
    tile.hidden = true;
  }
}

function tell(worth) {
  const [host, secure] = location.protocol === "https:" ? ["__Host-", "; secure"] : ["", ""]; // as portal/web/cookies.py
  document.cookie = `${host}install=1; path=/; samesite=lax; max-age=${worth ? QUIET_DAYS * DAY_S : 0}${secure}`;
}
