// Why the camera does not work, in words of this browser, and how to go on; the words stand on the page already.
const NAMES = {
  NotAllowedError: "denied", SecurityError: "denied",
  NotFoundError: "missing", OverconstrainedError: "missing",
  NotReadableError: "busy", AbortError: "busy",
  InsecureContext: "insecure", NotSupportedError: "unsupported",
};

export function tellTrouble(place, trouble) {
  const name = NAMES[trouble.name] ?? "decoder";
  for (const words of place.querySelectorAll("[data-trouble]")) words.hidden = words.dataset.trouble !== name;
  for (const step of place.querySelectorAll("[data-browser]")) step.hidden = step.dataset.browser !== browser();
  place.querySelector("[data-camera-trouble]").hidden = false;
}

export function forgetTrouble(place) {
  place.querySelector("[data-camera-trouble]").hidden = true;
}

function browser() {
  const agent = navigator.userAgent;
  if (/iPhone|iPad/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return "ios";
  if (/Firefox/.test(agent)) return "firefox";
  if (/Android/.test(agent)) return "android";
  if (/Chrome/.test(agent)) return "chromium";
  return /Safari/.test(agent) ? "safari" : "other";
}
