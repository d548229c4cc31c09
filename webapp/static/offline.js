// Lists what the service worker keeps in this browser. It asks the server nothing.

const { unsent } = document.documentElement.dataset;
const entry = document.getElementById("entry");
const again = document.querySelector("[data-again]");
const scope = new URL(document.querySelector("link[rel=manifest]").href).pathname.replace(/[^/]*$/, "");

async function kept() {
  if (!("caches" in window)) return {};
  const answer = await (await caches.open(`reread ${scope} kept`)).match(`${scope}offline/list`);
  return answer ? (await answer.json()).copies : {};
}

function show(id, copies) {
  const section = document.getElementById(id);
  section.hidden = !copies.length;
  for (const [path, { title, source, language, length }] of copies) {
    const card = entry.content.cloneNode(true);
    const link = Object.assign(card.querySelector("a"), { href: path, textContent: title });
    if (language) link.closest("h3").lang = language;
    for (const text of [source, length]) {
      if (text) card.querySelector(".meta").append(Object.assign(document.createElement("span"), { textContent: text }));
    }
    section.append(card);
  }
}

const copies = Object.entries(await kept());
show("saved", copies.filter(([, { saved }]) => saved));
show("read", copies.filter(([, { saved, readAt }]) => readAt && !saved).sort(([, a], [, b]) => b.readAt - a.readAt));
document.getElementById("none").hidden = Boolean(copies.length);
document.getElementById("unsent").hidden = unsent === undefined;
document.getElementById("asked").hidden = unsent !== undefined || location.pathname === `${scope}offline`;
again.href = location.pathname + location.search;
addEventListener("online", () => navigator.serviceWorker?.controller?.postMessage({}));
