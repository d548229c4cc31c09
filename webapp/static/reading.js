// How far the reader is in a text: a line at the top, the minutes that are left, and the place to go on from.
// It reports nothing. The place is kept in this browser alone; one that the server knows of (data-place) goes before.

import { text } from "./texts.js";

const article = document.getElementById("article");
const paragraphs = [...article.querySelectorAll("[data-paragraph]")];
const key = `place ${article.dataset.events} ${article.dataset.item}`;
const bar = document.getElementById("progress").querySelector("rect");
const left = document.getElementById("left");
const words = paragraphs.map((p) => Number(p.dataset.words) || 0);
const rate = Number(article.dataset.rate) || 238;
// Places kept in a browser, the oldest go first.
const KEPT = 100;

function stored(change) {
  try {
    return change(localStorage);
  } catch {
    return null; // storage is off, or full
  }
}

function offer(index) {
  if (!(index > 0 && index < paragraphs.length - 1) || location.hash) return;
  const line = document.getElementById("resume");
  line.querySelector("a").href = `#p${index}`;
  line.querySelector("span").textContent = text("paragraph {number} of {count}", { number: index + 1, count: paragraphs.length });
  line.hidden = false;
}

function remember(index) {
  stored((store) => {
    const places = Object.keys(store).filter((name) => name.startsWith("place "));
    const age = (name) => Number(store.getItem(name).split(" ")[1]);
    places.sort((a, b) => age(a) - age(b)).slice(0, Math.max(0, places.length - KEPT + 1)).forEach((name) => store.removeItem(name));
    if (index >= paragraphs.length - 1) store.removeItem(key);
    else store.setItem(key, `${index} ${Date.now()}`);
  });
}

let front = 0;
let waiting = false;

function look() {
  waiting = false;
  const line = innerHeight * 0.6;
  let reached = -1;
  let done = 0;
  paragraphs.forEach((p, index) => {
    const { top, height } = p.getBoundingClientRect();
    if (top > line) return;
    reached = index;
    done += words[index] * Math.min(1, (line - top) / Math.max(1, height));
  });
  const all = words.reduce((sum, count) => sum + count, 0) || 1;
  const end = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
  const share = end ? 1 : Math.min(1, done / all);
  bar.setAttribute("width", (1000 * share).toFixed(0));
  const minutes = Math.ceil((all * (1 - share)) / rate);
  left.textContent = share < 0.98 ? text("{minutes} min left", { minutes }) : "";
  left.hidden = !left.textContent || scrollY < 40;
  if (reached > front) remember((front = reached));
}

if (paragraphs.length > 1) {
  if (!article.dataset.place) offer(Number((stored((store) => store.getItem(key)) || "0").split(" ")[0]));
  addEventListener("scroll", () => {
    if (!waiting) requestAnimationFrame(look);
    waiting = true;
  }, { passive: true });
  look();
}
