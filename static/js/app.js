// What every page of the member starts with: one line for each behaviour.
import { keepCardKey } from "./card-key.js";
import { forgetAtSignOut } from "./forget.js";
import { standAtFormPage } from "./form-page.js";
import { keepInvitation } from "./install.js";
import { watchNetwork } from "./offline.js";
import { syncPush } from "./push-sync.js";
import { askForSession } from "./session.js";
import { registerWorker } from "./worker.js";

standAtFormPage();
askForSession();
forgetAtSignOut();
watchNetwork();
keepInvitation();
keepCardKey();
if (document.readyState === "complete") start();
else addEventListener("load", start, { once: true });

async function start() {
  await registerWorker();
  await syncPush();
}
