// The page about notifications: finds out how things stand in this browser, shows the words for it, and asks for
// permission from a tap, never by itself.
import { mark, subscribe, subscription, supported, tell } from "./push-sync.js";

const page = document.querySelector("[data-push]");

function show(state) {
  for (const part of page.querySelectorAll("[data-state]")) part.hidden = !part.dataset.state.split(" ").includes(state);
  page.dataset.push = state;
}

async function state() {
  if ("within" in page.dataset) return "within";
  if (!supported()) return onIPhone() ? "iphone" : "unsupported";
  if (PushManager.supportedContentEncodings?.includes("aes128gcm") === false) return "unsupported";
  if (Notification.permission !== "granted") return Notification.permission;
  const made = await subscription();
  if (!made) return page.dataset.mark ? "lost" : "default";
  if ((await mark(made)) !== page.dataset.mark) await tell(made);
  return "on";
}

function onIPhone() {
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
}

async function switchOn(button) {
  button.disabled = true;
  try {
    const permission = await Notification.requestPermission();
    if (permission !== "granted") return show(permission);
    await subscribe(page.dataset.key);
    show("on");
  } catch {
    show("failed");
  } finally {
    button.disabled = false;
    (page.querySelector("[data-state]:not([hidden]) [tabindex='-1']") ?? button).focus();
  }
}

async function switchOff(form) {
  try {
    await (await subscription())?.unsubscribe();
  } finally {
    form.submit(); // the shop forgets it too
  }
}

if (page) {
  page.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-push-on]");
    if (button) switchOn(button);
  });
  page.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-push-off]")) return;
    event.preventDefault();
    switchOff(event.target);
  });
  state().then(show, () => show("failed"));
}
