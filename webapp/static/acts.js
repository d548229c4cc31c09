// Like, save, hide, follow and mute without leaving the clip: the same acts as the forms send, as events.

import { flush, record } from "./events.js";

const AWAY = ["hide", "mute"];

function flip(button) {
  const { dataset, value } = button;
  const words = button.querySelector("span");
  button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
  [button.value, dataset.other] = [dataset.other, value];
  [words.textContent, dataset.text] = [dataset.text, words.textContent];
}

function send(form, act) {
  const { item, list, position, kind, value } = Object.fromEntries(new FormData(form));
  if (kind) record(act, { target: { kind, value } });
  else record(act, { item, ...(list && { list }), ...(position && { position: +position }) });
  flush();
}

// said: (words) => void. left: (muted creator | false) => void, when the reader wants to see no more of it.
export function takeActs(element, said, left) {
  element.addEventListener("submit", (event) => {
    const [form, button] = [event.target, event.submitter];
    event.preventDefault();
    const act = button.value;
    send(form, act);
    if (AWAY.includes(act)) return left(act === "mute" && form.elements.value.value);
    flip(button);
    said(button.innerText);
  });
}
