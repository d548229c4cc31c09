// The way out in the middle of a page: a no stops the trackers before it is sent, and the server's answer says what is
// left to decide. Without this script the same form loads the page anew.

import { stop } from "./events.js";

const TRACKERS = "script[data-tracker]";

function stopHere() {
  stop();
  // Copies carry the tracker of their day, and what waits for a connection was measured by one (worker.js).
  navigator.serviceWorker?.controller?.postMessage({ wipe: true });
  for (const script of document.querySelectorAll(TRACKERS)) script.remove();
}

// The other tabs of this browser hear of it by its storage.
function stopElsewhere() {
  try {
    localStorage.setItem("stop", Date.now());
    localStorage.removeItem("stop");
  } catch {} // none: the server refuses what they send
}

// Global Privacy Control: the header says it to the server; some browsers and extensions say it to scripts alone.
function heedSignal() {
  const { signalAnswered, events } = document.querySelector("[data-events]").dataset;
  if (!navigator.globalPrivacyControl || signalAnswered !== undefined) return;
  stopHere();
  document.getElementById("recording")?.remove();
  const headers = { "Content-Type": "application/json" };
  const url = new URL("me/consent", new URL(events, location)); // beside it, under whatever prefix
  fetch(url, { method: "PUT", headers, body: JSON.stringify({ signal: "gpc" }) }).catch(() => {});
}

async function ask(form, submitter) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, submitter) });
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = Array.from(page.querySelectorAll("main > .flash, #offer"), (part) => document.adoptNode(part));
  form.replaceWith(...found);
  found[0]?.setAttribute("tabindex", "-1");
  found[0]?.focus({ preventScroll: true });
}

// A form that is sent by a script leaves the pressed button out.
function sendAgain(form, { name, value }) {
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  HTMLFormElement.prototype.submit.call(form);
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.id !== "recording") return;
  event.preventDefault();
  stopHere();
  stopElsewhere();
  ask(form, submitter).catch(() => form.isConnected && sendAgain(form, submitter));
});
addEventListener("storage", ({ key, newValue }) => key === "stop" && newValue && stopHere());
heedSignal();
