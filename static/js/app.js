// What every page of the member starts with, after it has loaded: one line for each behaviour.
import { registerWorker } from "./worker.js";
import { askForSession } from "./session.js";

askForSession();
if (document.readyState === "complete") registerWorker();
else addEventListener("load", registerWorker, { once: true });
