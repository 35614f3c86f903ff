// A link to pass on: by the phone's own sheet from a tap, or copied where there is none.
const place = document.querySelector("[data-share]");
const status = document.getElementById("status");

function offer(name, can, act) {
  const button = place.querySelector(name);
  if (!can) return;
  button.hidden = false;
  button.addEventListener("click", () => act(button));
}

async function send() {
  try {
    await navigator.share({ title: place.dataset.title, url: place.dataset.address });
  } catch (error) {
    if (error.name !== "AbortError") copy(place.querySelector("[data-share-copy]"));
  }
}

async function copy(button) {
  await navigator.clipboard.writeText(place.dataset.address);
  status.textContent = button.dataset.done;
}

if (place) {
  offer("[data-share-send]", Boolean(navigator.share), send);
  offer("[data-share-copy]", Boolean(navigator.clipboard), copy);
}
