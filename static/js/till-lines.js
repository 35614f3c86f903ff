// What lines { price, qty } come to, as the shop counts: each line rounded half up to the smallest coin.
const PRICE = /^\d{1,9}([.,]\d{1,2})?$/;
const QTY = /^\d{1,6}([.,]\d{1,3})?$/;

// Returns a sum as one would type it, “1999.50”; nothing while a line lacks something.
export function sumOf(lines) {
  const sums = lines.map(({ price, qty }) => lineSum(price.replace(/\s/g, ""), qty.replace(/\s/g, "")));
  if (!sums.length || sums.some((sum) => !sum)) return undefined;
  const sum = sums.reduce((all, each) => all + each, 0n);
  const coins = sum % 100n;
  return coins ? `${sum / 100n}.${String(coins).padStart(2, "0")}` : String(sum / 100n);
}

function lineSum(price, qty) {
  if (!PRICE.test(price) || !QTY.test(qty)) return 0n;
  return (exact(price, 2) * exact(qty, 3) + 500n) / 1000n;
}

function exact(typed, places) {
  const [whole, rest = ""] = typed.split(/[.,]/);
  return BigInt(whole + rest.padEnd(places, "0"));
}
