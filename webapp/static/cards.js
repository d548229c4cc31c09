// Reports cards that were at least half on screen for a second, each once.

import { stopped } from "./events.js";
import { recordSeen } from "./seen.js";

const VIEWABLE_MS = 1000;
const VIEWABLE_SHARE = 0.5;

const pending = new Map(); // card -> its timer
const observer = new IntersectionObserver(onCross, { threshold: VIEWABLE_SHARE });

function report(card) {
  const { item, position } = card.dataset;
  const { list } = card.closest("[data-list]").dataset;
  recordSeen({ item, list, position: +position });
  observer.unobserve(card);
  pending.delete(card);
}

function onCross(entries) {
  for (const { target, intersectionRatio } of entries) {
    clearTimeout(pending.get(target));
    const seen = intersectionRatio >= VIEWABLE_SHARE && !document.hidden;
    pending.set(target, seen && setTimeout(report, VIEWABLE_MS, target));
  }
}

// In the background nothing is seen; observing anew asks for the present state again.
function onVisibility() {
  for (const [card, timer] of pending) {
    clearTimeout(timer);
    observer.unobserve(card);
    observer.observe(card);
  }
}

export function look(cards) {
  if (!stopped.aborted) cards.forEach((card) => observer.observe(card));
}

function stop() {
  observer.disconnect();
  pending.forEach(clearTimeout);
}

look(document.querySelectorAll("#feed[data-list] [data-position]"));
document.addEventListener("visibilitychange", onVisibility, { signal: stopped });
stopped.addEventListener("abort", stop);
