// A code that stays before the camera is read once: until it has been out of sight for three seconds, on this page or the next.
const KEPT = "till-last-code";
const GONE_MS = 3000;

export function seenLately(text) {
  const [last, at] = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  const now = Date.now();
  sessionStorage.setItem(KEPT, JSON.stringify([text, now]));
  return text === last && now - at < GONE_MS;
}
