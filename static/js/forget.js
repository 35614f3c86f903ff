// Signing out forgets by name what this browser holds of the member; files of the app and the worker stay.
const PATIENCE = 1500;
const LEAVING = "leaving";
const others = new BroadcastChannel("session");

export function forgetAtSignOut() {
  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action).pathname !== "/sign-out") return;
    event.preventDefault();
    leave(event.target);
  });
  others.addEventListener("message", ({ data }) => {
    if (data === "signed-out" && document.documentElement.dataset.session) location.replace("/");
  });
  // Somebody closed the page between the answer and the forgetting.
  if (localStorage.getItem(LEAVING) && !document.documentElement.dataset.session) forget();
}

async function leave(form) {
  localStorage.setItem(LEAVING, "1");
  try {
    const answer = await fetch(form.action, { method: "POST", redirect: "manual" });
    if (answer.type !== "opaqueredirect") throw new Error("still signed in");
  } catch {
    form.submit(); // the server says in words what it has against it
    return;
  }
  await forget();
  others.postMessage("signed-out");
  location.assign("/");
}

export async function forget() {
  const patience = new Promise((stop) => setTimeout(stop, PATIENCE));
  await Promise.race([patience, Promise.allSettled([forgetCaches(), forgetCard(), forgetBadge(), forgetPush()])]);
  for (const name of [LEAVING, "whose"]) localStorage.removeItem(name);
}

async function forgetCaches() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("private-")).map((name) => caches.delete(name)));
}

function forgetCard() {
  return new Promise((done) => {
    const asked = indexedDB.deleteDatabase("card");
    asked.onsuccess = asked.onerror = asked.onblocked = done;
  });
}

async function forgetBadge() {
  await navigator.clearAppBadge?.();
}

async function forgetPush() {
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe();
}
