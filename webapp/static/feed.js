// Clips one after the other in place. Each is the article of a page of its own; the next one is fetched ahead.

import { takeActs } from "./acts.js";
import { flush, record, stopped } from "./events.js";
import { canScroll, onGestures } from "./gestures.js";
import { Player, preload } from "./player.js";
import { text } from "./texts.js";
import { untoast } from "./toast.js";

const root = document.getElementById("watch");
const reel = root.querySelector("[role=feed]");
const steps = Object.fromEntries(Array.from(root.querySelectorAll("[data-step]"), (button) => [button.dataset.step, button]));
const letters = document.getElementById("letters");
let views = "tracked" in root.dataset && !stopped.aborted ? await import("./view.js") : null;
const muted = new Set(); // creators

let player = null;
let ahead = null; // { url, article: a promise }
let busy = false;

const current = () => reel.querySelector("article");

function say(words) {
  document.getElementById("said").textContent = words;
}

async function load(url) {
  const answer = await fetch(url, { headers: { Purpose: "prefetch" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const article = page.querySelector("#watch article");
  if (!answer.ok || answer.redirected || !article) return location.assign(url); // gone: the page says why
  return document.adoptNode(article);
}

async function wanted(url) {
  const article = await (ahead?.url === url ? ahead.article : load(url));
  const refused = article && muted.has(article.dataset.creator);
  return refused ? wanted(article.dataset.next) : article;
}

function lookAhead({ dataset: { next } }) {
  if (!next) return (ahead = null);
  const article = load(next);
  ahead = { url: next, article };
  article.then((found) => found && ahead?.url === next && preload(found)).catch(() => (ahead = null));
}

function describe({ dataset, ariaPosInSet, ariaSetSize }) {
  const { title, by: maker } = dataset;
  const values = { number: ariaPosInSet, count: ariaSetSize, title, maker };
  if (!ariaPosInSet) return title;
  return maker ? text("Clip {number} of {count}: {title}, by {maker}", values) : text("Clip {number} of {count}: {title}", values);
}

const place = ({ dataset: { list, position } }) => (list && position ? { list, position: +position } : {});

// Without a yes, a clip that was merely shown is not opened; one that the reader does something with is.
function used(article) {
  const { item, view } = article.dataset;
  if (!views && view) record("open", { id: view, item, view, ...place(article) });
  delete article.dataset.view;
}

function show(article, fresh) {
  player = new Player(article, () => used(article));
  for (const [name, button] of Object.entries(steps)) button.setAttribute("aria-disabled", !article.dataset[name]);
  if (article.dataset.item) views?.view(article, player.video, place(article));
  flush();
  player.start(!fresh);
  lookAhead(article);
}

// The same control of the new clip has the focus that one of the old clip had.
function focusLike(old, article) {
  const { activeElement } = document;
  if (!old.contains(activeElement)) return;
  const { control } = activeElement.dataset;
  const again = control && !["hide", "mute"].includes(control); // not within reach of a second press
  const same = again && article.querySelector(`[data-control=${control}]:not([hidden])`);
  (same || article).focus({ preventScroll: true });
}

async function turn(name, before = "") {
  const old = current();
  const url = old.dataset[name];
  if (busy || !url || !player) return;
  untoast(); // it was about the clip that goes
  busy = true;
  reel.ariaBusy = "true";
  const article = await wanted(url).catch(() => say(text("The next clip could not be loaded. Try again.")));
  busy = false;
  reel.ariaBusy = "false";
  if (!article) return;
  change(old, article, name);
  say(before + describe(article));
}

function change(old, article, name) {
  views?.leave();
  player.stop();
  article.classList.add(name);
  old.before(article);
  show(article, false);
  focusLike(old, article);
  old.remove();
  scrollTo(0, 0);
  history.replaceState(null, "", article.dataset.here);
  document.title = `${article.dataset.title} · Reread`;
}

const step = (direction) => turn(direction > 0 ? "next" : "previous");

const press = (control) => current().querySelector(`[data-control=${control}]`)?.click();

const KEYS = {
  PageDown: () => step(1), PageUp: () => step(-1), " ": () => player.toggle(),
  ArrowDown: () => canScroll(1) || step(1), ArrowUp: () => canScroll(-1) || step(-1),
  ArrowLeft: () => player.skip(-1), ArrowRight: () => player.skip(1),
  j: () => step(1), k: () => step(-1), m: () => player.sound(), c: () => player.captions(),
  l: () => press("like"), s: () => press("save"), x: () => press("hide"),
};

// What has keys of its own keeps them.
function onKey(event) {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  const letter = /^[a-z]$/.test(key);
  const taken = target.closest(letter ? "input:not([type=range], [type=checkbox])" : key === " " ? "a, button, input, summary" : "input");
  if (!KEYS[key] || taken || ctrlKey || metaKey || altKey || (letter && !letters.checked)) return;
  const scrolls = key.startsWith("Arrow") && ((key === "ArrowDown" && canScroll(1)) || (key === "ArrowUp" && canScroll(-1)));
  if (!scrolls) event.preventDefault();
  KEYS[key]();
}

function keepLetters() {
  try {
    letters.checked = localStorage.getItem("letters") !== "off";
    letters.addEventListener("change", () => localStorage.setItem("letters", letters.checked ? "on" : "off"));
  } catch {} // no storage: the choice holds for this page
}

function leaveBehind(creator) {
  if (creator) muted.add(creator);
  const words = creator ? text("Muted. Undo on the Interests page.") : text("Hidden; it will not be shown again.");
  turn("next", `${words} `);
  return () => muted.delete(creator);
}

// A tab opened in the background plays and reports nothing until it is seen.
function whenSeen(act) {
  if (!document.hidden && !document.prerendering) return act();
  const waiting = new AbortController();
  const look = () => document.hidden || document.prerendering || (waiting.abort(), act());
  for (const type of ["visibilitychange", "prerenderingchange"]) document.addEventListener(type, look, waiting);
}

stopped.addEventListener("abort", () => (views = null));
root.classList.add("live");
for (const element of root.querySelectorAll("[data-step], .keys")) element.hidden = false;
for (const link of root.querySelectorAll(".steps a")) link.remove();
steps.next.addEventListener("click", () => step(1));
steps.previous.addEventListener("click", () => step(-1));
onGestures(root, step, ".stage");
takeActs(reel, say, leaveBehind);
addEventListener("keydown", onKey);
keepLetters();
history.replaceState(null, "", current().dataset.here);
whenSeen(() => show(current(), true));
