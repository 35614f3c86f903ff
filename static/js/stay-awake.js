// The screen stays on while the card is shown, where the browser can do that.
async function stayAwake() {
  if (document.visibilityState !== "visible") return;
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // Low battery or no permission: the screen dims as usual, the card still reads.
  }
}

document.addEventListener("visibilitychange", stayAwake);
stayAwake();
