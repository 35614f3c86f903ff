// What every page of the member starts with: one line for each behaviour.
import { keepCardKey } from "./card-key.js";
import { forgetAtSignOut } from "./forget.js";
import { keepInvitation } from "./install.js";
import { watchNetwork } from "./offline.js";
import { askForSession } from "./session.js";
import { registerWorker } from "./worker.js";

askForSession();
forgetAtSignOut();
watchNetwork();
keepInvitation();
keepCardKey();
if (document.readyState === "complete") registerWorker();
else addEventListener("load", registerWorker, { once: true });
