// The service worker: keeps copies of what its reader saved and opened last, opens them where there is no connection, and
// holds what was read meanwhile until there is one. The server puts VERSION, PAGE and SHELL before it (webapp/offline/app.py).
//
// All that is of a reader lies in one cache, KEPT, with a list of what is there and the mark of the pages it came from.
// Pages say their mark in the header Reread-Keep; at another one, or none, the whole cache goes.

const SCOPE = new URL(registration.scope).pathname;
const OWN = `reread ${SCOPE} `; // other apps may share the origin
const APP = `${OWN}app ${VERSION} ${PAGE}`;
const KEPT = `${OWN}kept`;
const LIST = `${SCOPE}offline/list`;
const WAITING = `${SCOPE}offline/events/`;
const EVENTS = `${SCOPE}api/v1/events`;
const FILES = `${SCOPE}static/`;
const NONE = "none";
const ANY = { ignoreVary: true }; // all that lies there is of one reader and one browser
const MAY_WAIT = / events$/;
const READ_KEPT = 50;
const BATCHES_KEPT = 200; // of at most 16 kB
const NEVER_BETTER = [400, 401, 403, 404, 410, 413, 422];
const NOT_THERE = [502, 503, 504]; // a proxy, while the server is away
const SAVED_EVERY_MS = 60000;

let askedSavedAt = -Infinity;
let last = Promise.resolve();

// One after the other, so that nothing changes the list under another's hands.
const inTurn = (task) => (last = last.then(task, task));
const pathOf = (url) => new URL(url, location).pathname;
const isArticle = (path) => path.startsWith(`${SCOPE}a/`);

async function list(cache) {
  const answer = await cache.match(LIST);
  return answer ? answer.json() : { mark: "", copies: {} };
}

const putList = (cache, found) => cache.put(LIST, new Response(JSON.stringify(found)));

// Takes note of whose pages these are. Returns whether anything may be kept.
async function heed(mark) {
  const found = await list(await caches.open(KEPT));
  if (found.mark === mark) return mark !== NONE;
  await caches.delete(KEPT);
  await putList(await caches.open(KEPT), { mark, copies: {} });
  askedSavedAt = -Infinity;
  return mark !== NONE;
}

async function keep(path, how) {
  const cache = await caches.open(KEPT);
  const found = await list(cache);
  if (!found.mark || found.mark === NONE) return;
  const answer = await fetch(`${SCOPE}offline/${path.slice(SCOPE.length)}`);
  // Another reader may have logged in meanwhile.
  if (!answer.ok || answer.redirected || answer.headers.get("Reread-Keep") !== found.mark) return;
  const told = JSON.parse(decodeURIComponent(answer.headers.get("Reread-Copy")));
  await cache.put(path, answer);
  for (const image of told.images) await keepImage(cache, image);
  found.copies[path] = { ...found.copies[path], ...told, ...how };
  await putList(cache, await trimmed(cache, found));
}

// As the page has just asked for it, so mostly from the browser's own cache.
async function keepImage(cache, url) {
  const request = new Request(url, { mode: "no-cors", cache: "force-cache" });
  const put = (answer) => (answer.ok || answer.type === "opaque") && cache.put(request, answer);
  await fetch(request).then(put).catch(() => {});
}

async function trimmed(cache, found) {
  const read = Object.entries(found.copies).filter(([, { saved }]) => !saved);
  read.sort(([, a], [, b]) => (b.readAt ?? 0) - (a.readAt ?? 0));
  const unread = read.filter(([, { readAt }]) => !readAt);
  const gone = [...read.slice(READ_KEPT), ...unread];
  for (const [path] of gone) delete found.copies[path];
  const needed = new Set(Object.values(found.copies).flatMap(({ images }) => images)); // one picture may be of several
  for (const url of gone.flatMap(([path, { images }]) => [path, ...images])) if (!needed.has(url)) await cache.delete(url);
  return found;
}

async function keepSaved() {
  if (Date.now() - askedSavedAt < SAVED_EVERY_MS) return;
  askedSavedAt = Date.now();
  const answer = await fetch(`${SCOPE}offline/saved`);
  if (!answer.ok || answer.redirected) return;
  const saved = (await answer.json()).saved.map(pathOf);
  const cache = await caches.open(KEPT);
  const found = await list(cache);
  for (const [path, copy] of Object.entries(found.copies)) copy.saved = saved.includes(path);
  await putList(cache, await trimmed(cache, found));
  for (const path of saved) if (!found.copies[path]) await keep(path, { saved: true });
}

// Events that could not be sent wait as they are; each has an id, so a second arrival changes nothing.
async function wait(url, body, type) {
  const cache = await caches.open(KEPT);
  if (!MAY_WAIT.test((await list(cache)).mark)) return false;
  const headers = { "Content-Type": type, "Reread-Url": url };
  await cache.put(`${WAITING}${Date.now()}-${crypto.randomUUID()}`, new Response(body, { headers }));
  const waiting = await waitingIn(cache);
  for (const old of waiting.slice(0, -BATCHES_KEPT)) await cache.delete(old);
  await registration.sync?.register("events").catch(() => {});
  return true;
}

async function waitingIn(cache) {
  const keys = await cache.keys();
  return keys.filter(({ url }) => pathOf(url).startsWith(WAITING)).sort((a, b) => (a.url < b.url ? -1 : 1));
}

async function sendWaiting() {
  const cache = await caches.open(KEPT);
  for (const key of await waitingIn(cache)) {
    const held = await cache.match(key);
    const headers = { "Content-Type": held.headers.get("Content-Type") };
    const { ok, status } = await fetch(held.headers.get("Reread-Url"), { method: "POST", headers, body: await held.text() });
    if (!ok && !NEVER_BETTER.includes(status)) return;
    await cache.delete(key);
  }
}

const tryToSend = () => inTurn(() => sendWaiting().catch(() => {}));

async function passOn(event) {
  const { request } = event;
  const [url, type] = [request.url, request.headers.get("Content-Type")];
  const body = await request.clone().text();
  try {
    const answer = await fetch(request);
    if (answer.ok) event.waitUntil(tryToSend());
    return answer;
  } catch {
    return (await inTurn(() => wait(url, body, type))) ? new Response(null, { status: 202 }) : Response.error();
  }
}

async function navigate(event) {
  const { request } = event;
  const path = pathOf(request.url);
  if (request.method !== "GET") askedSavedAt = -Infinity; // it may have saved something
  try {
    const answer = (await event.preloadResponse) || (await fetch(request));
    const mark = answer.headers.get("Reread-Keep");
    if (mark) event.waitUntil(inTurn(() => seen(mark, request.method === "GET" && answer.ok && isArticle(path) ? path : "")));
    return (NOT_THERE.includes(answer.status) && (await copyOf(path))) || answer;
  } catch {
    const copy = request.method === "GET" && (await copyOf(path));
    if (copy) event.waitUntil(inTurn(() => opened(path)));
    return copy || offlinePage(request.method);
  }
}

async function seen(mark, path) {
  if (!(await heed(mark))) return;
  await sendWaiting().catch(() => {});
  if (path) await keep(path, { readAt: Date.now() }).catch(() => {});
}

async function copyOf(path) {
  return isArticle(path) && (await caches.open(KEPT)).match(path, ANY);
}

async function opened(path) {
  const cache = await caches.open(KEPT);
  const found = await list(cache);
  if (found.copies[path]) found.copies[path].readAt = Date.now();
  await putList(cache, found);
}

// The page finds out by its own address what was asked for; what was to be sent cannot be seen from there.
async function offlinePage(method) {
  const page = await (await caches.open(APP)).match(`${SCOPE}offline`, ANY);
  if (!page || method === "GET") return page ?? Response.error();
  return new Response((await page.text()).replace("<html", "<html data-unsent"), { headers: page.headers });
}

// A file of the version that the page names, or, without a connection, as it is in this one.
async function file(request) {
  const cache = await caches.open(APP);
  const own = await cache.match(request, ANY);
  if (own) return own;
  try {
    const answer = await fetch(request);
    if (answer.ok && pathOf(request.url).startsWith(`${FILES}${VERSION}/`)) await cache.put(request, answer.clone());
    return answer;
  } catch {
    const name = pathOf(request.url).split("/").pop();
    return (await cache.match(`${FILES}${VERSION}/${name}`, ANY)) ?? Response.error();
  }
}

async function picture(request) {
  try {
    return await fetch(request);
  } catch {
    return (await (await caches.open(KEPT)).match(request.url, ANY)) ?? Response.error();
  }
}

function answerTo(event) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const isOurs = origin === location.origin && pathname.startsWith(SCOPE);
  if (request.mode === "navigate") return isOurs && request.destination === "document" && navigate(event);
  if (request.method === "POST") return isOurs && pathname === EVENTS && passOn(event);
  if (request.method !== "GET") return null;
  if (isOurs && pathname.startsWith(FILES)) return file(request);
  return request.destination === "image" && picture(request);
}

addEventListener("fetch", (event) => {
  const answer = answerTo(event);
  if (answer) event.respondWith(answer);
});

addEventListener("install", (event) => {
  const fill = async () => (await caches.open(APP)).addAll(SHELL);
  event.waitUntil(fill().then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith(OWN) && name !== APP && name !== KEPT;
  const tidy = async () => Promise.all((await caches.keys()).filter(isOld).map((name) => caches.delete(name)));
  event.waitUntil(Promise.all([tidy(), registration.navigationPreload?.enable()]).then(() => clients.claim()));
});

addEventListener("sync", (event) => event.waitUntil(inTurn(sendWaiting)));

// What keep.js tells. mark: of its page, which the worker did not see go by if it was not there yet.
async function told({ mark, opened: path, acted, wipe }) {
  if (wipe) return void (await caches.delete(KEPT));
  const { mark: known } = await list(await caches.open(KEPT));
  if (!known && mark) await heed(mark);
  if (path && isArticle(path)) await keep(path, { readAt: Date.now() }).catch(() => {});
  if (acted) askedSavedAt = -Infinity;
  await sendWaiting().catch(() => {});
  await keepSaved().catch(() => {});
}

addEventListener("message", (event) => event.waitUntil(inTurn(() => told(event.data))));
