// While the code to join is shown, the page looks every few seconds who has joined. A name that is being pressed stays.
const EVERY_MS = 5000;

const list = document.querySelector("[data-joined]");

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { redirect: "error" }).catch(() => undefined);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-joined]");
  if (!fresh || fresh.textContent === list.textContent || list.matches(":active, :focus-within")) return;
  list.replaceChildren(...fresh.childNodes);
}

if (list) setInterval(look, EVERY_MS);
