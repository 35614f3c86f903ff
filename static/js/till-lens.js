// The camera itself: opened with the one chosen last time, its lamp, the next one, and closed.
const CHOSEN = "till-camera";
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };

export async function open() {
  const chosen = localStorage.getItem(CHOSEN);
  try {
    return await stream(chosen ? { deviceId: { exact: chosen } } : { facingMode: { ideal: "environment" } });
  } catch (trouble) {
    if (!chosen || !["OverconstrainedError", "NotFoundError"].includes(trouble.name)) throw trouble;
    localStorage.removeItem(CHOSEN); // it was unplugged, or the browser renamed it
    return open();
  }
}

async function stream(which) {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new DOMException("", isSecureContext ? "NotSupportedError" : "InsecureContext");
  }
  const found = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, ...SIZE } });
  const [track] = found.getVideoTracks();
  if (track.getCapabilities?.().focusMode?.includes("continuous")) {
    await track.applyConstraints({ advanced: [{ focusMode: "continuous" }] }).catch(() => {});
  }
  return found;
}

export function close(film) {
  film?.getTracks().forEach((track) => track.stop());
}

export function hasLamp(film) {
  return Boolean(film.getVideoTracks()[0].getCapabilities?.().torch);
}

export function light(film, on) {
  return film.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
}

// Remembers the camera after this one; returns false where there is no other.
export async function chooseNext(film) {
  const cameras = await all();
  const here = cameras.findIndex((each) => each.deviceId === film.getVideoTracks()[0].getSettings().deviceId);
  if (cameras.length < 2) return false;
  localStorage.setItem(CHOSEN, cameras[(here + 1) % cameras.length].deviceId);
  return true;
}

export async function hasOthers() {
  return (await all()).length > 1;
}

async function all() {
  return (await navigator.mediaDevices.enumerateDevices()).filter((each) => each.kind === "videoinput");
}
