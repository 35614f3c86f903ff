// A page that comes back from the browser's memory may be one of somebody who has signed out since: it stays hidden until
// the server has said whose session this is; without a network the last page that was opened here says it.
import { sessionHere } from "./asking.js";

const LAST = "whose";

export function askForSession() {
  const mine = document.documentElement.dataset.session;
  if (mine === undefined) return;
  localStorage.setItem(LAST, mine);
  addEventListener("pageshow", async ({ persisted }) => {
    if (!persisted) return;
    document.body.hidden = true;
    if ((await whose()) === mine) document.body.hidden = false;
    else location.reload();
  });
}

async function whose() {
  try {
    return await sessionHere();
  } catch {
    return localStorage.getItem(LAST);
  }
}
