// What this browser takes notes by, kept equal with what the shop knows: subscriptions change and die in silence, and
// not every browser says so (pwa.md §1.7). Once at every start of the app; `push.js` uses the same steps.
const TOLD = "push-told";
const PATIENCE_MS = 10_000;

export async function syncPush() {
  navigator.clearAppBadge?.().catch(() => {}); // who opened the app has seen that there is something
  if (!document.documentElement.dataset.session || !supported() || Notification.permission !== "granted") return;
  if (sessionStorage.getItem(TOLD) === document.documentElement.dataset.session) return;
  try {
    await compare();
    sessionStorage.setItem(TOLD, document.documentElement.dataset.session);
  } catch {
    // No network, or the browser wants a tap first: the next start tries again, and /push tells what is wrong.
  }
}

export function supported() {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

export async function subscription() {
  return (await registered()).pushManager.getSubscription();
}

export async function subscribe(key) {
  const { pushManager } = await registered();
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await tell(made);
}

export async function tell(made) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/push/subscription", { method: "POST", headers, body: JSON.stringify(made), redirect: "manual" });
  if (answer.status !== 204) throw new Error(`the shop answered ${answer.status}`);
}

// The same mark that the shop makes of an address (portal/push/queries.py).
export async function mark(made) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(made.endpoint));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 16);
}

// Where the worker could not be registered its `ready` is waited for in vain.
function registered() {
  const inVain = new Promise((_, giveUp) => setTimeout(giveUp, PATIENCE_MS, new Error("no worker")));
  return Promise.race([navigator.serviceWorker.ready, inVain]);
}

async function compare() {
  const made = await subscription();
  const answer = await fetch("/push/subscription", { cache: "no-store", redirect: "manual" });
  if (!answer.ok) throw new Error("nobody is signed in");
  const known = await answer.json();
  if (made && (await mark(made)) !== known.mark) await tell(made);
  if (!made && known.mark && known.key) await subscribe(known.key);
}
