// Without a network the page says from when it is, and what must be sent says why it waits, or why it stays.
const SENDS = "form button:not([type=button]), form input[type=submit]";

export function watchNetwork() {
  const strip = document.querySelector("[data-offline]");
  if (!strip) return;
  const tell = () => {
    strip.hidden = navigator.onLine;
    if (!navigator.onLine) strip.querySelector("time").textContent = drawnAt();
    document.querySelectorAll(SENDS).forEach((button) => wait(button, strip.id));
  };
  for (const sign of ["online", "offline", "pageshow"]) addEventListener(sign, tell);
  document.addEventListener("submit", (event) => refuse(event, strip), { capture: true });
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data === "unanswered") say(strip.dataset.unanswered);
  });
  if (!navigator.onLine) tell();
}

function wait(button, reason) {
  if (navigator.onLine) {
    if (button.getAttribute("aria-describedby") !== reason) return;
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-describedby");
  } else if (!button.hasAttribute("aria-describedby")) {
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-describedby", reason);
  }
}

function refuse(event, strip) {
  if (navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  say(strip.dataset.reason);
}

function say(words) {
  document.querySelector("#status").textContent = words;
}

function drawnAt() {
  const at = new Date(performance.timeOrigin);
  const today = at.toDateString() === new Date().toDateString();
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }; // as the pages tell it
  const form = today ? time : { day: "numeric", month: "long", ...time };
  return new Intl.DateTimeFormat(document.documentElement.lang, form).format(at);
}
