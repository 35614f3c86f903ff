// The card drawn by the phone itself, with a network and without: a new code at the end of each window, in silence.
// Where it cannot (no key, no place to keep one), the server's code stays and is asked for again in time.
import { cardRecord, cardRecordOf, drawCode, learnTime } from "./card-key.js";
import { path } from "./qr.js";

const WRONG_BY_MS = 90_000;

function show(panel) {
  const { session } = document.documentElement.dataset;
  const code = panel.querySelector(".scan-code path");
  const ring = panel.querySelector("[data-card-ring]");
  const number = panel.querySelector(".scan-number");
  let timer;

  async function begin() {
    try {
      const record = await (session ? cardRecordOf(session, panel.dataset.device) : cardRecord());
      await draw();
      if (record) await setRight(record);
    } catch {
      if (session) waitForServer(Number(panel.dataset.left) * 1000);
      else tell(false);
    }
  }

  async function setRight(record) {
    const { skew_ms } = await learnTime(record);
    if (skew_ms !== record.skew_ms) await draw();
    reveal("[data-card-clock]", Math.abs(skew_ms) > WRONG_BY_MS);
  }

  async function draw() {
    clearTimeout(timer);
    const record = await cardRecord();
    if (!record && session && !panel.hasAttribute("data-drawn")) throw new Error("the key was not kept");
    if (!record) return session ? location.reload() : tell(false); // signed out in another tab
    const { digits, left } = await drawCode(record);
    code.setAttribute("d", path(digits));
    number.textContent = record.number.replace(/(\d{4})(?=\d)/g, "$1\u00a0");
    turn(left);
    tell(true);
    timer = setTimeout(draw, left + 50);
  }

  function turn(left) {
    ring.querySelector("animate")?.remove();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return; // words stand in its place
    const offsets = [left / 1000 - 30, -30];
    ring.getAnimations().forEach((turning) => turning.cancel());
    const easing = `steps(${Math.ceil(left / 250)})`; // at every frame the page works three times as much
    ring.animate({ strokeDashoffset: offsets }, { duration: left, easing, fill: "forwards" });
  }

  function waitForServer(left) {
    timer = setTimeout(async () => {
      const answer = await fetch("/card", { cache: "no-store" }).catch(() => null);
      if (answer?.redirected) return location.assign(answer.url);
      const drawn = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
      if (drawn) code.setAttribute("d", drawn.querySelector(".scan-code path").getAttribute("d"));
      waitForServer(drawn ? Number(drawn.querySelector("[data-card]").dataset.left) * 1000 : 3000);
    }, left);
  }

  const again = () => document.visibilityState === "visible" && panel.hasAttribute("data-drawn") && draw();
  document.addEventListener("visibilitychange", again);
  addEventListener("pageshow", (event) => event.persisted && again());
  begin();

  function tell(drawn) {
    panel.toggleAttribute("data-drawn", drawn);
    reveal("[data-card-here]", drawn);
    reveal("[data-card-none]", !drawn);
    if (drawn) reveal("[data-card-static]", false);
  }
}

function reveal(selector, seen) {
  document.querySelectorAll(selector).forEach((element) => (element.hidden = !seen));
}

document.querySelectorAll("[data-card]").forEach(show);
