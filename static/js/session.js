// A page that comes back from the browser's memory may be one of somebody who has signed out since.
export function askForSession() {
  addEventListener("pageshow", async (event) => {
    const mine = document.documentElement.dataset.session;
    if (!event.persisted || mine === undefined) return;
    try {
      const answer = await fetch("/session", { cache: "no-store" });
      if ((await answer.json()).session !== mine) location.reload();
    } catch {
      // No network: the worker's offline page comes with the next step.
    }
  });
}
