// Keys for lists and articles, and acts on cards without a new page. It reports nothing but what a button would send.

import { text } from "./texts.js";
import { refuse, toast } from "./toast.js";

const form = document.getElementById("acts");
const cards = [...document.querySelectorAll(".feed .card")];
let at = -1;
let led = false;

function say({ message, undo, refused, privacy }) {
  if (refused) return refuse(message, privacy);
  if (!undo) return toast(message);
  const button = document.createElement("button");
  button.textContent = text("Undo");
  button.addEventListener("click", async () => {
    const said = await post(form.dataset.undo, { event: undo });
    if (said.refused) say(said);
    else location.reload();
  });
  toast(message, button);
}

// What the server said; of a refusal, why, in words for the reader.
async function post(action, fields) {
  const body = new FormData(form);
  Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  const asked = fetch(action, { method: "POST", body, headers: { Accept: "application/json" } });
  const answer = await asked.catch(() => null);
  if (!answer) return { refused: true, message: text("There is no connection, so nothing was kept. Try again later.") };
  const said = await answer.json().catch(() => ({}));
  if (answer.ok && said.message) return said;
  const privacy = said.type === "urn:reread:answered-no" && form.dataset.privacy;
  return { refused: true, message: said.detail || text("That did not work."), privacy };
}

const OPPOSITE = {
  like: ["unlike", text("Liked")], unlike: ["like", text("Like")], save: ["unsave", text("Saved")], unsave: ["save", text("Save")],
  mark_read: ["mark_unread", text("Mark as unread")], mark_unread: ["mark_read", text("Mark as read")],
};

async function act(value) {
  const said = await post(form.getAttribute("action"), { do: value });
  if (said.undo) for (const button of document.querySelectorAll("button[name=do]")) {
    if (button.value !== value) continue;
    const [name, ...rest] = value.split(" ");
    const [next, label] = OPPOSITE[name] || [];
    if (!next) continue;
    button.value = [next, ...rest].join(" ");
    button.textContent = label;
    if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(next.startsWith("un")));
  }
  say(said);
  if (!said.refused) document.dispatchEvent(new Event("acted")); // what is saved may be kept (keep.js)
  return Boolean(said.undo);
}

form?.addEventListener("submit", (event) => {
  if (event.submitter?.name !== "do") return;
  event.preventDefault();
  act(event.submitter.value);
});

function go(to) {
  if (!cards.length) return;
  cards[at]?.classList.remove("at");
  at = Math.max(0, Math.min(cards.length - 1, to));
  cards[at].classList.add("at");
  cards[at].querySelector(".title a").focus({ preventScroll: true });
  cards[at].scrollIntoView({ block: "nearest" });
}

function press(selector) {
  const found = (cards[at] || document).querySelector(selector);
  found?.click();
  return Boolean(found);
}

async function mark() {
  const card = cards[at];
  if (!card) return press('button[value^="mark_"]');
  if (await act(`mark_read ${card.dataset.position || "-"} - ${card.dataset.item}`)) card.classList.add("gone");
}

async function help() {
  let dialog = document.getElementById("keys");
  if (!dialog) {
    const page = new DOMParser().parseFromString(await (await fetch(document.documentElement.dataset.look)).text(), "text/html");
    dialog = document.createElement("dialog");
    dialog.id = "keys";
    dialog.setAttribute("aria-labelledby", "keys-table");
    const close = document.createElement("button");
    close.textContent = text("Close");
    close.addEventListener("click", () => dialog.close());
    dialog.append(page.querySelector("[aria-labelledby=keys-table]"), close);
    document.body.append(dialog);
  }
  if (!dialog.open) dialog.showModal();
}

function search() {
  const words = document.getElementById("q");
  words?.focus(); // which some browsers do not by selecting
  words?.select();
  if (!words) location.assign(document.querySelector('.top a[href$="/search"]')?.href || "/search");
}

const LINKS = { f: "/", l: "/latest", w: "/watch", s: "/saved", i: "/me/interests" };
const KEYS = {
  j: () => go(at + 1),
  k: () => go(at - 1),
  o: () => press(".title a"),
  l: () => press('button[value^="like"], button[value^="unlike"]'),
  s: () => press('button[value^="save"], button[value^="unsave"]'),
  x: () => press("a.less"),
  m: mark,
  u: () => document.querySelector(".toast button, .flash button[name=event]")?.click(),
  b: () => document.getElementById("article") && history.back(),
  "/": search,
  "?": help,
};

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input:not([type=radio], [type=checkbox], [type=range]), select, textarea, [contenteditable], dialog, video")) return;
  const home = led && LINKS[event.key];
  led = event.key === "g";
  if (home) location.assign(document.querySelector(`.top a[href$="${home}"]`)?.href || home);
  else if (!led && KEYS[event.key]) KEYS[event.key]();
  else return;
  event.preventDefault();
});

cards.forEach((card, index) => card.addEventListener("focusin", () => (at = index)));
