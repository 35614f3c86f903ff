// Marks what is new as seen once a person really looks at it: not while a page is fetched ahead or stands in the background.
const form = document.querySelector("form[data-marks-read]");

async function mark() {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    if (answer.type !== "opaqueredirect" && !answer.ok) return;
  } catch {
    return; // no network: the button stays
  }
  if (form.dataset.marksRead !== "stays") form.hidden = true;
  navigator.clearAppBadge?.();
}

function markWhenSeen() {
  if (document.prerendering) {
    document.addEventListener("prerenderingchange", markWhenSeen, { once: true });
  } else if (document.visibilityState === "visible") {
    mark();
  } else {
    document.addEventListener("visibilitychange", markWhenSeen, { once: true });
  }
}

if (form) markWhenSeen();
