// Reports which paragraphs were on screen, for how long, and how they came there: facts, from which the server
// derives what was read or gone back to (docs/events.md). Loaded only for readers who said yes.

import { beforeLeaving, flush, here, newId, record, stopped } from "./events.js";

const TICK_MS = 250;
const SCROLL_TICK_MS = 100;
const MAX_CREDIT_MS = 1000;
const MAX_GAP_MS = 2000; // longer: the machine slept
const MAX_SPEED = 2.5; // viewports/s
const PART_MS = 15000;
const REST_MS = 150;
const INPUT_MS = 400; // a scroll this soon after an input follows from it
const ENTER = 0.1; // coverage at which a visit starts
const LEAVE = 0.05; // lower, so that a trembling hand starts no visits
const BAND = [0.1, 0.6]; // of the screen, where eyes rest while reading
const MS_PER_WORD = 60000 / 238; // Brysbaert 2019
const IDLE_MIN_MS = 20000;
const IDLE_MAX_MS = 90000;
const RETURN_MS = 800; // rest that makes a scroll-back
const EARLY_MS = 2000;
const STEP_KEYS = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", " "];
const JUMP_KEYS = ["Home", "End"];
const JUMP = { came: "jump", user_driven: false };

const { item, list, position } = here;
const paragraphs = here.paragraphs ?? Array.from(document.querySelectorAll("#article [data-paragraph]"), (element) => ({
  element, index: +element.dataset.paragraph, words: +element.dataset.words,
}));

let view, opened, active, reported; // this opening of the item
let last, lastY, attentive, cause; // the last measurement; why paragraphs enter at the next
let scrolledY, scrolledAt, driven; // the last scroll event
let inputAt = -Infinity, inputJumps, held, activityAt;

export const viewId = () => view;

const sum = (name) => paragraphs.reduce((total, paragraph) => total + paragraph[name], 0);
const wordsOnScreen = () => sum("shown");

function isAttentive(now) {
  const limit = Math.min(Math.max(1.5 * wordsOnScreen() * MS_PER_WORD, IDLE_MIN_MS), IDLE_MAX_MS);
  return !document.hidden && document.hasFocus() && now - activityAt <= limit;
}

// The time since the last measurement goes to what was on screen then.
function credit(gap, now) {
  const time = Math.min(gap, MAX_CREDIT_MS);
  const rest = Math.max(0, Math.min(time, now - scrolledAt - REST_MS));
  const [words, band] = [wordsOnScreen(), sum("inBand")];
  active += time;
  for (const { part, shown, inBand } of paragraphs) {
    if (!part) continue;
    part.visible_ms += time;
    part.rest_ms += rest;
    part.dwell_ms += words && (time * shown) / words;
    part.focus_ms += band && (time * inBand) / band;
  }
}

function startPart(paragraph, now) {
  paragraph.part = { started_ms: now - opened, visible_ms: 0, dwell_ms: 0, rest_ms: 0, focus_ms: 0 };
}

function endPart(paragraph, now) {
  const { part, visit, index } = paragraph;
  if (!(part?.visible_ms >= 1)) return;
  const whole = Object.entries(part).map(([name, ms]) => [name, Math.floor(ms)]);
  const { number, parts, coverage, how } = visit;
  record("paragraph_visit", {
    item, view, paragraph: index, visit: number, part: parts, ...how, ...Object.fromEntries(whole), coverage,
  });
  visit.parts += 1;
  visit.coverage = 0;
  startPart(paragraph, now);
}

function enter(paragraph, now) {
  paragraph.visit = { number: paragraph.visits, parts: 0, coverage: 0, how: cause };
  startPart(paragraph, now);
}

function leave(paragraph, now) {
  const { visit, part } = paragraph;
  endPart(paragraph, now);
  if (visit.parts) paragraph.visits += 1;
  if (visit.how.came === "up" && part.visible_ms >= RETURN_MS) flush();
  paragraph.visit = paragraph.part = null;
}

function place(paragraph, now, top, height) {
  const rect = paragraph.element.getBoundingClientRect();
  const within = (from, to) => Math.max(0, Math.min(rect.bottom, top + to * height) - Math.max(rect.top, top + from * height));
  const overlap = within(0, 1);
  // Of the smaller one, so that a paragraph taller than the screen reaches 1.
  const coverage = Math.min(1, overlap / Math.min(rect.height, height)) || 0;
  paragraph.shown = (paragraph.words * overlap) / rect.height || 0;
  paragraph.inBand = within(...BAND);
  if (paragraph.visit && coverage < LEAVE) leave(paragraph, now);
  if (!paragraph.visit && coverage >= ENTER) enter(paragraph, now);
  if (paragraph.visit) paragraph.visit.coverage = Math.max(paragraph.visit.coverage, coverage);
}

// A running return is reported with all that is on screen, so that the very next list knows of it.
function endParts(now) {
  const early = paragraphs.some(({ part, visit }) =>
    part && visit.how.came === "up" && !visit.parts && part.visible_ms >= EARLY_MS && part.rest_ms >= RETURN_MS);
  for (const paragraph of paragraphs) {
    if (early || now - opened - paragraph.part?.started_ms >= PART_MS) endPart(paragraph, now);
  }
  if (early) flush();
}

// Measures every paragraph: an IntersectionObserver comes a frame late and misses what flies by.
function measure() {
  if (!view) return;
  const now = performance.now();
  const gap = now - last;
  const { offsetTop, height } = visualViewport;
  const slow = Math.abs(scrollY - lastY) / height <= (MAX_SPEED * gap) / 1000;
  if (attentive && slow && gap <= MAX_GAP_MS) credit(gap, now);
  for (const paragraph of paragraphs) place(paragraph, now, offsetTop, height);
  endParts(now);
  [last, lastY, attentive, cause] = [now, scrollY, isAttentive(now), JUMP];
}

function onScroll() {
  const now = performance.now();
  const moved = scrollY - scrolledY;
  if (!moved) return;
  if (held || now - inputAt < INPUT_MS) driven = true;
  else if (now - scrolledAt > REST_MS) driven = false;
  cause = driven ? { came: inputJumps ? "jump" : moved < 0 ? "up" : "down", user_driven: true } : JUMP;
  if (now - last >= SCROLL_TICK_MS) measure();
  [scrolledY, scrolledAt, activityAt] = [scrollY, now, now];
}

function onInput(jumps) {
  inputAt = performance.now();
  inputJumps = jumps;
}

function onKey({ key, metaKey, ctrlKey, altKey }) {
  const step = STEP_KEYS.includes(key);
  if (JUMP_KEYS.includes(key) || (metaKey && step)) onInput(true);
  else if (step && !ctrlKey && !altKey) onInput(false);
}

function onPointer({ clientX, button }) {
  held = clientX >= document.documentElement.clientWidth || button === 1; // scrollbar; wheel pressed
  if (held) onInput(false);
  else [inputAt, driven] = [-Infinity, false]; // what a click on a link scrolls is a jump
}

function open() {
  const now = performance.now();
  [view, opened, active, reported] = [newId(), now, 0, -1];
  [last, lastY, attentive, cause] = [now, scrollY, false, { came: "start", user_driven: false }];
  [scrolledY, scrolledAt, driven, activityAt] = [scrollY, -Infinity, false, now];
  for (const paragraph of paragraphs) Object.assign(paragraph, { visits: 0, visit: null, part: null, shown: 0, inBand: 0 });
  record("open", { item, view, ...(list && { list }), ...(position && { position: +position }) });
  measure();
}

// Out of sight, visits go on without taking time; back in sight, their next parts begin.
function close() {
  if (!view) return;
  measure();
  attentive = false;
  for (const paragraph of paragraphs) endPart(paragraph, last);
  if (active > reported) record("close", { item, view, active_ms: Math.floor((reported = active)) });
}

function back() {
  if (document.hidden || document.prerendering) return;
  if (!view) return open();
  activityAt = performance.now();
  measure();
  for (const paragraph of paragraphs) if (paragraph.part) startPart(paragraph, last);
}

function listen(types, listener) {
  for (const type of types.split(" ")) addEventListener(type, listener, { passive: true, capture: true, signal: stopped });
}

listen("keydown pointerdown pointermove touchstart wheel timeupdate focus", () => (activityAt = performance.now()));
listen("scroll", onScroll);
listen("wheel", ({ ctrlKey }) => ctrlKey || onInput(false));
listen("touchmove", () => onInput(false));
listen("keydown", onKey);
listen("pointerdown", onPointer);
listen("pointerup scrollend", () => (held = false));
listen("resize blur focus", measure);
listen("visibilitychange prerenderingchange", back);
listen("pageshow", ({ persisted }) => persisted && open());
beforeLeaving(close);
const timer = setInterval(measure, TICK_MS);
stopped.addEventListener("abort", () => (clearInterval(timer), (view = null)));
if (stopped.aborted) clearInterval(timer);
else back();
