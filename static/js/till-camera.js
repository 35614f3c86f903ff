// The camera reads the member's code: eight looks a second at the middle of the picture, and what is read is sent.
import { decoder } from "./till-decoder.js";
import { isRight } from "./till-digits.js";
import { chooseNext, close, hasLamp, hasOthers, light, open } from "./till-lens.js";
import { seenLately } from "./till-repeat.js";
import { flash, unlock } from "./till-signal.js";
import { forgetTrouble, tellTrouble } from "./till-trouble.js";
import { send } from "./till-wedge.js";

const LOOK_MS = 125;
const WAS_ON = "till-camera-on";
const MOST_PIXELS = 720;
const HEARD_MS = 200; // the tone would end with the page

function watch(place) {
  const part = (name) => place.querySelector(`[data-camera-${name}]`);
  const video = part("film");
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let film;
  let looking;
  let paused = false;

  async function start() {
    forgetTrouble(place);
    show("busy");
    try {
      film = await open();
      video.srcObject = film;
      film.getVideoTracks()[0].addEventListener("ended", () => fail(new DOMException("", "NotReadableError")));
      const [read] = await Promise.all([decoder(), video.play()]);
      sessionStorage.setItem(WAS_ON, "yes");
      part("lamp").hidden = !hasLamp(film);
      part("next").hidden = !(await hasOthers());
      show("on");
      looking = setTimeout(look, 0, read);
    } catch (trouble) {
      fail(trouble);
    }
  }

  function stop() {
    clearTimeout(looking);
    looking = undefined;
    close(film);
    film = undefined;
    video.srcObject = null;
    show("off");
  }

  function fail(trouble) {
    sessionStorage.removeItem(WAS_ON);
    stop();
    tellTrouble(place, trouble);
  }

  function show(state) {
    place.dataset.state = state;
    place.setAttribute("aria-busy", state === "busy");
    part("start").hidden = state === "on";
    part("start").disabled = state === "busy";
    part("view").hidden = part("tools").hidden = state !== "on";
  }

  async function look(read) {
    const began = performance.now();
    const text = await read(middle()).catch(() => undefined); // a frame that cannot be read is followed by another
    if (!film) return;
    if (text && !seenLately(text) && take(text)) return;
    looking = setTimeout(look, Math.max(0, LOOK_MS - (performance.now() - began)), read);
  }

  // What the square on the page shows is what is looked at.
  function middle() {
    const side = Math.min(video.videoWidth, video.videoHeight) || 1;
    canvas.width = canvas.height = Math.min(side, MOST_PIXELS);
    const [x, y] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
    pen.drawImage(video, x, y, side, side, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  function take(text) {
    const right = isRight(text) === true;
    flash(right ? "good" : "bad");
    part("said").textContent = right ? `${part("said").dataset.read} ${text}` : part("said").dataset.strange;
    if (right) {
      stop();
      setTimeout(send, HEARD_MS, text, "camera");
    }
    return right;
  }

  part("start").addEventListener("click", async () => {
    unlock();
    await start();
    part(film ? "stop" : "start").focus();
  });
  part("stop").addEventListener("click", () => {
    sessionStorage.removeItem(WAS_ON);
    stop();
    part("start").focus();
  });
  part("lamp").addEventListener("click", async ({ currentTarget: lamp }) => {
    const on = lamp.getAttribute("aria-pressed") !== "true";
    await light(film, on).then(() => lamp.setAttribute("aria-pressed", on), () => (lamp.hidden = true));
  });
  part("next").addEventListener("click", async () => {
    if (!(await chooseNext(film))) return;
    stop();
    start();
  });
  // A camera nobody looks at is off; it comes back with the page.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && film) {
      stop();
      paused = true;
    } else if (!document.hidden && paused) {
      paused = false;
      start();
    }
  });
  addEventListener("pagehide", () => film && stop());

  part("start").disabled = false;
  const asked = new URLSearchParams(location.search).get("start") === "camera"; // the app's shortcut
  if (asked || (place.hasAttribute("data-camera-resumes") && sessionStorage.getItem(WAS_ON))) start();
}

document.querySelectorAll("[data-camera]").forEach(watch);
