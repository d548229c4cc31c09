// The queue of facts and their way to the server, which decides what they mean (docs/events.md).

const FLUSH_MS = 5000;
const RETRY_MS = 3000; // doubled at each failure
const MAX_KEPT = 500;
const MAX_EVENTS = 100;
const MAX_BYTES = 16000; // all keepalive requests of a page share 64 KiB
const MAX_REQUESTS = 3;
const NEVER_BETTER = [400, 401, 403, 404, 410, 413, 422];
const TYPE = "application/json";
const ATTENTION = ["paragraph_visit", "watch", "viewable", "close"];

// What is read here, and where its facts go: said by the page in attributes, or by embed.js, which also names a reader.
export const here = { ...document.querySelector("[data-events]")?.dataset };
const queue = [];
const leavers = [];
let sending = 0;
let failures = 0;
let notBefore = 0;

// randomUUID is missing on plain http.
export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// Aborted when the reader takes their yes back: whoever measures listens to it.
const stopping = new AbortController();
export const stopped = stopping.signal;

const isWanted = ({ type }) => !stopped.aborted || !ATTENTION.includes(type);

export function record(type, fields) {
  if (!here.events || !isWanted({ type })) return;
  queue.push({ id: newId(), type, at: new Date().toISOString(), session: here.session, ...fields });
  if (queue.length > MAX_KEPT) queue.shift();
}

// A leaver may record its last facts before the page goes out of sight.
export const beforeLeaving = (leaver) => leavers.push(leaver);

// Ends all measuring on this page and wipes what was not sent.
export function stop() {
  stopping.abort();
  queue.splice(0, queue.length, ...queue.filter(isWanted));
}

// The same, and nothing at all goes anywhere any more.
export function wipe() {
  stop();
  here.events = "";
  queue.length = 0;
}

function takeBatch() {
  let bytes = 20;
  const fits = (event) => (bytes += new Blob([JSON.stringify(event)]).size + 1) <= MAX_BYTES;
  const end = queue.slice(0, MAX_EVENTS).findIndex((event) => !fits(event));
  return queue.splice(0, end < 0 ? MAX_EVENTS : end || 1);
}

async function post(body, leaving) {
  const { events: url, type = TYPE } = here;
  try {
    const { ok, status } = await fetch(url, { method: "POST", keepalive: true, headers: { "Content-Type": type }, body });
    return ok || NEVER_BETTER.includes(status);
  } catch {
    return leaving && navigator.sendBeacon(url, new Blob([body], { type }));
  }
}

async function send(leaving) {
  const batch = takeBatch();
  sending += 1;
  const done = await post(JSON.stringify({ reader: here.reader, events: batch }), leaving);
  sending -= 1;
  if (done || !here.events) {
    failures = 0;
    flush();
  } else {
    notBefore = performance.now() + RETRY_MS * 2 ** Math.min(failures++, 8);
    queue.unshift(...batch.filter(isWanted)); // a second arrival changes nothing
    queue.splice(0, queue.length - MAX_KEPT);
  }
}

export function flush(leaving) {
  let last;
  if (!leaving && performance.now() < notBefore) return last;
  while (queue.length && sending < (leaving ? MAX_REQUESTS : 1)) last = send(leaving);
  return last;
}

function leave() {
  for (const leaver of leavers) leaver();
  flush(true);
}

setInterval(flush, FLUSH_MS);
// Whichever comes first; unload is never fired on phones and blocks the back/forward cache.
addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => document.hidden && leave());
