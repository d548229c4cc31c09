// One opening of one clip in the feed, as facts: opened, looked at for a second, played, left. Loaded only for readers
// who said yes.

import { beforeLeaving, newId, record, stopped } from "./events.js";
import { recordSeen } from "./seen.js";
import { watch } from "./watch.js";

const TICK_MS = 250;
const MAX_CREDIT_MS = 1000;
const MAX_GAP_MS = 2000; // longer: the machine slept
const VIEWABLE_MS = 1000;
const IDLE_MS = 20000;

let close = () => {};
let activityAt = performance.now();

export const leave = () => close();

// place: list and position that the clip stands at, as far as there are any.
export function view(article, video, place) {
  const facts = { item: article.dataset.item, view: newId() };
  const stop = video && watch(video, () => facts);
  let [last, active, reported, viewable, timer] = [performance.now(), 0, -1, !place.list, 0];

  const attentive = (now) =>
    !document.hidden && document.hasFocus() && (now - activityAt < IDLE_MS || (video && !video.paused));

  function measure() {
    const now = performance.now();
    const gap = now - last;
    last = now;
    if (attentive(now) && gap <= MAX_GAP_MS) active += Math.min(gap, MAX_CREDIT_MS);
    if (!viewable && active >= VIEWABLE_MS) {
      viewable = true;
      recordSeen({ item: facts.item, ...place });
    }
  }

  close = () => {
    measure();
    stop?.();
    // What could not be played is not judged by how soon it was left.
    if (active > reported && !video?.error) record("close", { ...facts, active_ms: Math.floor((reported = active)) });
  };
  timer = setInterval(() => (article.isConnected && !stopped.aborted ? measure() : clearInterval(timer)), TICK_MS);
  activityAt = last;
  record("open", { ...facts, ...place });
}

for (const type of ["keydown", "pointerdown", "pointermove", "touchstart", "wheel", "focus"]) {
  addEventListener(type, () => (activityAt = performance.now()), { passive: true, capture: true, signal: stopped });
}
beforeLeaving(leave);
