// Reads a QR code in a picture: by the browser's own detector where it proves itself, else by ours in WebAssembly.
const PONYFILL = new URL("../vendor/barcode-detector-3.2.2/ponyfill.js", import.meta.url).href;
const READER = new URL("../vendor/zxing-wasm-3.1.3/zxing_reader.wasm", import.meta.url).href;

// "REGULARS" as a QR code of version 1, a row of 21 modules in each number.
const KNOWN = "REGULARS";
const ROWS = [
  0x1fd17f, 0x105441, 0x17565d, 0x174c5d, 0x17555d, 0x104741, 0x1fd57f, 0x000b00, 0x13f597, 0x0b0d5f, 0x0fe4d6,
  0x082600, 0x1a5444, 0x00130b, 0x1fd5f4, 0x105399, 0x175b7b, 0x175730, 0x17404b, 0x1048da, 0x1fd212,
];
const MODULE = 6;
const QUIET = 4 * MODULE;

let ready;

// Returns a function that takes a canvas or a bitmap and gives the text of its code, or nothing.
export function decoder() {
  ready ??= load().catch((trouble) => {
    ready = undefined; // the next tap tries anew
    throw trouble;
  });
  return ready;
}

async function load() {
  const detector = (await native()) ?? (await ours());
  return async (picture) => (await detector.detect(picture))[0]?.rawValue;
}

// Phones without Google's services have a detector that finds nothing: one that cannot read a known code is not used.
async function native() {
  try {
    if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const [found] = await detector.detect(knownCode());
    return found?.rawValue === KNOWN ? detector : undefined;
  } catch {
    return undefined; // there is none, or it does not work
  }
}

async function ours() {
  await new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = PONYFILL;
    script.onload = done;
    script.onerror = () => fail(new Error("decoder"));
    document.head.append(script);
  });
  const { BarcodeDetector: Detector, prepareZXingModule } = globalThis.BarcodeDetectionAPI;
  await prepareZXingModule({ overrides: { locateFile: () => READER }, fireImmediately: true });
  return new Detector({ formats: ["qr_code"] });
}

function knownCode() {
  const side = ROWS.length * MODULE + 2 * QUIET;
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, side, side);
  pen.fillStyle = "black";
  ROWS.forEach((row, y) => {
    for (let x = 0; x < ROWS.length; x++) {
      if ((row >> (ROWS.length - 1 - x)) & 1) pen.fillRect(QUIET + x * MODULE, QUIET + y * MODULE, MODULE, MODULE);
    }
  });
  return canvas;
}
