// Like, save, hide, follow and mute without leaving the clip: the same acts as the forms send, as events.

import { flush, here, newId, record } from "./events.js";
import { text } from "./texts.js";
import { refuse, untoast } from "./toast.js";

const AWAY = ["hide", "mute"];

function flip(button) {
  const { dataset, value } = button;
  const words = button.querySelector("span");
  button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
  [button.value, dataset.other] = [dataset.other, value];
  [words.textContent, dataset.text] = [dataset.text, words.textContent];
}

function fieldsOf(form) {
  const { item, list, position, kind, value } = Object.fromEntries(new FormData(form));
  if (kind) return { target: { kind, value } };
  return { item, ...(list && { list }), ...(position && { position: +position }) };
}

// Sent by itself, behind what is queued, since its answer is waited for; what did not arrive goes the way of all facts.
// Returns why it was refused: "" if it was not.
async function send(act, fields) {
  const event = { id: newId(), type: act, at: new Date().toISOString(), session: here.session, ...fields };
  await flush();
  const body = JSON.stringify({ events: [event] });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(here.events, { method: "POST", keepalive: true, headers, body }).catch(() => null);
  if (!answer || answer.status >= 500 || answer.status === 429) return record(act, event) ?? "";
  if (!answer.ok) return "page";
  return (await answer.json()).rejected?.[0]?.field ?? "";
}

function why(refused) {
  if (refused === "consent") return text("Not kept: you said no to keeping what you tell.");
  return refused === "page" ? text("Not kept. Load the page again: it is too old, or you are logged out.") : text("That did not work.");
}

// said: (words) => void. left: (muted creator | false) => what takes that back, when the reader wants to see no more of it.
export function takeActs(element, said, left) {
  element.addEventListener("submit", async (event) => {
    const [form, button] = [event.target, event.submitter];
    event.preventDefault();
    const act = button.value;
    untoast();
    const sent = send(act, fieldsOf(form));
    const away = AWAY.includes(act);
    if (!away) flip(button);
    const back = away ? left(act === "mute" && form.elements.value.value) : () => flip(button);
    if (!away) said(button.innerText);
    const refused = await sent;
    if (!refused) return;
    back();
    refuse(why(refused), refused === "consent" && element.dataset.privacy);
  });
}
