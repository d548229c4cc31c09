// Reread on a publisher's page (docs/embedding.md). Until the publisher's consent hook says yes, nothing is stored and
// nothing is sent; a no ends and wipes all of it, here and on the server.

const DAY_MS = 86400000;
const ID_KEPT_DAYS = 180; // then it is forgotten and a new one begins: readers are not known for ever
const AGAIN_MS = [3000, 10000]; // a page seen for the first time is fetched by the server meanwhile
const TEXT = ["[itemprop=articleBody]", "article", "main", "body"];
const NO_TEXT = "script, style, noscript, template, nav, aside, reread-list";

const script = [...document.querySelectorAll("script[data-site]")].find(({ src }) => src === import.meta.url);
const { site, consent, article } = script.dataset;
const base = new URL(`sites/v1/${site}/`, import.meta.url);
const KEY = `reread:${site}`;

let wanted = false; // the last word of the hook
let reader; // this site's name for the reader, while there is a yes
let parts; // the modules that measure and show, loaded after a yes

// Text as the server compares it: letters and digits alone.
const bare = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

async function call(name, body, id = reader) {
  const options = { method: "POST", credentials: "omit", keepalive: true, body: JSON.stringify({ reader: id, ...body }) };
  const answer = await fetch(new URL(name, base), options); // a plain text: browsers ask no leave for it first
  if (!answer.ok) throw new Error(`Reread: ${name} ${answer.status}`);
  return answer.json();
}

const read = (store) => JSON.parse(store.getItem(KEY)) ?? {};
const keep = (store, value) => store.setItem(KEY, JSON.stringify(value));

// What was to be forgotten stays marked until the server has said that it is.
async function erase(id) {
  keep(localStorage, { id, gone: true });
  const answer = await call("forget", {}, id);
  if (read(localStorage).id === id) localStorage.removeItem(KEY);
  return answer;
}

async function begin() {
  let { id, since } = read(localStorage);
  if (id && Date.now() - since > ID_KEPT_DAYS * DAY_MS) id = await erase(id).then(() => "");
  const [events, list] = await Promise.all(["events", "list"].map((name) => import(`./embed/${name}.js`)));
  if (!wanted) return;
  if (!id) {
    id = events.newId();
    await call("consent", { attention: true }, id);
    if (!wanted) return call("forget", {}, id);
    keep(localStorage, { id, since: Date.now() });
  }
  reader = id;
  parts = { events, list };
  const { session = events.newId(), came = {} } = read(sessionStorage);
  keep(sessionStorage, { session });
  // The type is one that browsers send from page to page without asking first, also while the page goes away.
  Object.assign(events.here, { events: new URL("events", base).href, type: "text/plain", reader, session, paragraphs: [] });
  await open(came).catch(console.warn);
  if (reader) list.supply({ load, came: (place) => keep(sessionStorage, { session, came: place }), forget });
}

const load = async (limit) => (await parts.events.flush(), call("recommendations", { limit }));

// Asks which item this page is, and measures how it is read.
async function open(came, tries = 0) {
  const canonical = document.querySelector("link[rel=canonical]")?.href;
  const url = canonical && new URL(canonical).origin === location.origin ? canonical : location.href;
  const { item, outline, again } = await call("page", { url });
  if (!reader) return;
  if (!item) return void (again && tries in AGAIN_MS && setTimeout(() => reader && open(came, tries + 1), AGAIN_MS[tries]));
  const { list, position } = came.item === item ? came : {};
  Object.assign(parts.events.here, { item, list, position, paragraphs: locate(outline) });
  await import("./embed/attention.js");
}

// Finds the paragraphs that the server knows, by how they begin and how long they are, in the text of the page.
function locate(outline) {
  const root = [article, ...TEXT].map((one) => one && document.querySelector(one)).find(Boolean);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(NO_TEXT)) continue;
    nodes.push({ node, end: (text += bare(node.data)).length });
  }
  let from = 0;
  return outline.flatMap(([start, length, words], index) => {
    const at = start ? text.indexOf(start, from) : -1;
    if (at < 0) return [];
    from = at + length;
    const inside = nodes.filter(({ end }, i) => end > at && (nodes[i - 1]?.end ?? 0) < from);
    const element = document.createRange();
    element.setStartBefore(inside[0].node);
    element.setEndAfter(inside.at(-1).node);
    return [{ element, index, words }];
  });
}

function stop() {
  parts?.events.wipe();
  parts?.list.supply();
  reader = parts = undefined;
}

// Forgets the reader here and on the server; with the next page and a yes, somebody new begins.
export async function forget() {
  const id = reader;
  stop();
  wanted = false;
  sessionStorage.removeItem(KEY);
  return id && erase(id);
}

// All that is kept about the reader, as an object.
export const exported = () => call("export", {});

async function answered(yes) {
  const before = wanted;
  wanted = yes === true && !navigator.globalPrivacyControl;
  try {
    const { id, gone } = read(localStorage);
    if (gone) await erase(id);
    if (wanted && !before) await begin();
    if (!wanted) {
      stop();
      sessionStorage.removeItem(KEY);
      if (id && !gone) await erase(id);
    }
  } catch (error) {
    console.warn(error); // without storage or network there is nothing to do
  }
}

// Another tab of this site has forgotten the reader.
addEventListener("storage", ({ key, newValue }) => key === KEY && (!newValue || JSON.parse(newValue).gone) && stop());
globalThis.reread = { forget, exported };
globalThis[consent]?.(answered);
