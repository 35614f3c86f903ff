// A tone for good and another for bad, a flash of the whole screen and a shake where a device can.
const TONES = { good: [880, 1320], bad: [220, 165] };
const LENGTH = 0.09;
let audio;

// Browsers let a page sound only after a touch: a button that begins something calls this.
export function unlock() {
  try {
    audio ??= new AudioContext();
    audio.resume();
  } catch {
    // No sound here: the flash and the words say it all.
  }
}

export function signal(name) {
  sound(name);
  navigator.vibrate?.(name === "good" ? 40 : [60, 60, 60]);
}

export function flash(name) {
  const light = document.createElement("div");
  light.className = `till-flash till-flash-${name}`;
  light.addEventListener("animationend", () => light.remove());
  document.body.append(light);
  signal(name);
}

function sound(name) {
  unlock();
  if (audio?.state !== "running") return;
  const voice = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.value = 0.08;
  TONES[name].forEach((pitch, at) => voice.frequency.setValueAtTime(pitch, audio.currentTime + at * LENGTH));
  voice.connect(volume).connect(audio.destination);
  voice.start();
  voice.stop(audio.currentTime + LENGTH * TONES[name].length);
}

const told = document.querySelector("[data-signal]")?.dataset.signal;
if (told) signal(told);
