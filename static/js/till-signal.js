// A tone for good and another for bad, beside the flash; a browser that wants a touch first stays silent.
const TONES = { good: [880, 1320], bad: [220, 165] };
const LENGTH = 0.09;

function sound(name) {
  try {
    const audio = new AudioContext();
    if (audio.state !== "running") return audio.close();
    const voice = audio.createOscillator();
    const volume = audio.createGain();
    volume.gain.value = 0.08;
    TONES[name].forEach((pitch, at) => voice.frequency.setValueAtTime(pitch, audio.currentTime + at * LENGTH));
    voice.connect(volume).connect(audio.destination);
    voice.addEventListener("ended", () => audio.close());
    voice.start();
    voice.stop(audio.currentTime + LENGTH * TONES[name].length);
  } catch {
    // No sound here: the flash and the words say it all.
  }
}

const signal = document.querySelector("[data-signal]")?.dataset.signal;
if (signal) {
  sound(signal);
  navigator.vibrate?.(signal === "good" ? 40 : [60, 60, 60]);
}
