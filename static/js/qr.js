// The card's digits as the smallest QR code there is: version 1 (21 by 21), numeric, level Q (ISO/IEC 18004).
// It takes up to 27 digits; a card shows 26, or the 10 of its number.
const SIZE = 21;
const QUIET = 4;
const DATA = 13;
const CHECKS = 13;
const LEVEL_Q = 3;
const FINDERS = [[3, 3], [SIZE - 4, 3], [3, SIZE - 4]];
const MASKS = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];
const [POWERS, LOGS] = field();

// Returns the path of the dark modules, runs merged, in a square of 29 with the quiet zone around.
export function path(digits) {
  const boxes = matrix(digits).flatMap((row, y) =>
    [...row.map(Number).join("").matchAll(/1+/g)].map(
      ({ 0: run, index }) => `M${index + QUIET} ${y + QUIET}h${run.length}v1h-${run.length}z`,
    ),
  );
  return boxes.join("");
}

// Returns rows of dark (true) and light modules under the mask that is easiest to read, or the given one.
export function matrix(digits, mask) {
  const bits = codewords(digits).flatMap((word) => binary(word, 8));
  if (mask !== undefined) return layOut(bits, mask);
  const tried = MASKS.map((_, each) => layOut(bits, each));
  const worst = tried.map(penalty);
  return tried[worst.indexOf(Math.min(...worst))];
}

function codewords(digits) {
  const bits = [...binary(1, 4), ...binary(digits.length, 10)];
  for (const group of digits.match(/\d{1,3}/g)) bits.push(...binary(Number(group), group.length * 3 + 1));
  bits.push(...Array(Math.min(4, DATA * 8 - bits.length)).fill(0));
  while (bits.length % 8) bits.push(0);
  const words = bits.join("").match(/.{8}/g).map((word) => parseInt(word, 2));
  for (let n = 0; words.length < DATA; n += 1) words.push(n % 2 ? 0x11 : 0xec);
  return [...words, ...checkWords(words)];
}

// Reed-Solomon: the remainder of the data divided by the product of (x - 2^n), n below the number of check words.
function checkWords(words) {
  let generator = [1];
  for (let n = 0; n < CHECKS; n += 1) {
    generator = [...generator, 0].map((term, i) => term ^ times(generator[i - 1] ?? 0, POWERS[n]));
  }
  const rest = [...words, ...Array(CHECKS).fill(0)];
  for (let at = 0; at < words.length; at += 1) {
    const factor = rest[at];
    generator.forEach((term, i) => (rest[at + i] ^= times(term, factor)));
  }
  return rest.slice(words.length);
}

function times(a, b) {
  return a && b ? POWERS[(LOGS[a] + LOGS[b]) % 255] : 0;
}

function field() {
  const powers = [1];
  while (powers.length < 255) powers.push((powers.at(-1) << 1) ^ (powers.at(-1) > 127 ? 0x11d : 0));
  const logs = [];
  powers.forEach((power, n) => (logs[power] = n));
  return [powers, logs];
}

function layOut(bits, mask) {
  const rows = Array.from({ length: SIZE }, (_, y) => Array.from({ length: SIZE }, (_, x) => fixed(x, y)));
  const left = [...bits];
  for (const [x, y] of zigzag()) {
    if (!reserved(x, y)) rows[y][x] = left.shift() !== Number(MASKS[mask](x, y) === 0);
  }
  writeFormat(rows, mask);
  return rows;
}

function fixed(x, y) {
  const away = Math.min(...FINDERS.map(([fx, fy]) => Math.max(Math.abs(x - fx), Math.abs(y - fy))));
  if (away <= 4) return away !== 2 && away !== 4;
  return (x === 6 || y === 6) && (x + y) % 2 === 0;
}

function reserved(x, y) {
  return x === 6 || y === 6 || (x < 9 && (y < 9 || y > 12)) || (x > 12 && y < 9);
}

function* zigzag() {
  let up = true;
  for (let right = SIZE - 1; right > 0; right -= right === 8 ? 3 : 2, up = !up) {
    for (let n = 0; n < SIZE; n += 1) for (const x of [right, right - 1]) yield [x, up ? SIZE - 1 - n : n];
  }
}

function writeFormat(rows, mask) {
  const told = (LEVEL_Q << 3) | mask;
  let rest = told << 10;
  for (let bit = 14; bit >= 10; bit -= 1) if ((rest >> bit) & 1) rest ^= 0x537 << (bit - 10);
  const bits = binary(((told << 10) | rest) ^ 0x5412, 15).reverse().map(Boolean);
  bits.forEach((dark, n) => {
    if (n < 8) rows[8][SIZE - 1 - n] = rows[n < 6 ? n : n + 1][8] = dark;
    else rows[SIZE - 15 + n][8] = rows[8][n === 8 ? 7 : 14 - n] = dark;
  });
  rows[SIZE - 8][8] = true;
}

// The four rules of the standard: long runs, blocks of four, what looks like a finder, too much of one tone.
function penalty(rows) {
  const lines = [...rows, ...rows.map((_, x) => rows.map((row) => row[x]))].map((line) => line.map(Number).join(""));
  const runs = lines.flatMap((line) => line.match(/0{5,}|1{5,}/g) ?? []).reduce((sum, run) => sum + run.length - 2, 0);
  const alike = (x, y) => [rows[y][x + 1], rows[y + 1][x], rows[y + 1][x + 1]].every((dark) => dark === rows[y][x]);
  const places = [...Array(SIZE - 1).keys()];
  const blocks = places.flatMap((y) => places.filter((x) => alike(x, y))).length;
  const finders = lines.flatMap((line) => [...line.matchAll(/(?=10111010000|00001011101)/g)]).length;
  const share = (rows.flat().filter(Boolean).length * 100) / SIZE ** 2;
  return runs + blocks * 3 + finders * 40 + Math.floor(Math.abs(share - 50) / 5) * 10;
}

function binary(number, length) {
  return [...number.toString(2).padStart(length, "0")].map(Number);
}
