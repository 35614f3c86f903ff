// A photo of the code instead of the camera's film: it is read here and goes nowhere.
import { decoder } from "./till-decoder.js";
import { isRight } from "./till-digits.js";
import { flash } from "./till-signal.js";
import { send } from "./till-wedge.js";

function watch(input) {
  const said = input.closest("[data-camera]").querySelector("[data-camera-said]");
  input.addEventListener("change", async () => {
    const text = await read(input.files[0]).catch(() => undefined);
    input.value = "";
    const right = isRight(text ?? "") === true;
    flash(right ? "good" : "bad");
    said.textContent = right ? `${said.dataset.read} ${text}` : text ? said.dataset.strange : said.dataset.nothing;
    if (right) send(text, "photo");
  });
  input.disabled = false;
}

async function read(photo) {
  const picture = await createImageBitmap(photo);
  const found = await (await decoder())(picture);
  picture.close();
  return found;
}

document.querySelectorAll("[data-camera-photo]").forEach(watch);
