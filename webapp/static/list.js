// <reread-list limit="5" heading="For you">: what is next, and why. Until there is a yes, what stands between its tags
// is shown. Its height is known from the start, so nothing on the page moves when the list comes.

import { look } from "./cards.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { display: block; container-type: inline-size; }
section { box-sizing: border-box; block-size: calc(var(--rows) * 6rem + 5rem); overflow: auto; font: inherit; line-height: 1.35; }
h2 { font-size: 1.15em; line-height: 2rem; margin: 0; }
ol { list-style: none; margin: 0; padding: 0; }
li { box-sizing: border-box; block-size: 6rem; padding-block: .6rem; overflow: hidden; border-block-start: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
a { color: inherit; font-weight: 600; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
p { font-size: .85rem; margin: .15rem 0 0; color: color-mix(in srgb, currentColor 85%, transparent); display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
button { font: inherit; font-size: .85rem; color: inherit; background: none; border: 1px solid; border-radius: .4rem; min-block-size: 2rem; padding-inline: .7rem; }
:focus-visible { outline: 2px solid; outline-offset: 2px; }
`);

const make = (tag, fields, ...children) => {
  const element = Object.assign(document.createElement(tag), fields);
  element.append(...children);
  return element;
};

let source; // { load, came, forget } while there is a yes
const lists = new Set();

// Gives all lists of the page something to show, or takes it away.
export function supply(from) {
  source = from;
  for (const list of lists) list.refresh();
}

class RereadList extends HTMLElement {
  #section = make("section");

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(this.#section);
    lists.add(this);
    this.refresh();
  }

  disconnectedCallback() {
    lists.delete(this);
  }

  get #limit() {
    return Math.min(Math.max(parseInt(this.getAttribute("limit")) || 5, 1), 20);
  }

  async refresh() {
    this.#section.style.setProperty("--rows", this.#limit); // by the object model: allowed by every CSP
    const { items = [], list, language } = (await source?.load(this.#limit).catch(console.warn)) ?? {};
    if (source && items.length) return this.#show(items, list, language);
    this.#section.removeAttribute("aria-labelledby");
    this.#section.replaceChildren(make("slot"));
  }

  #show(items, list, language) {
    const heading = make("h2", { textContent: this.getAttribute("heading") ?? "For you", id: "heading" });
    const cards = items.map((item) => this.#card(item, list, language));
    const forget = make("button", { type: "button", textContent: this.getAttribute("forget") ?? "Forget me" });
    forget.addEventListener("click", () => source?.forget().catch(console.warn));
    this.#section.setAttribute("aria-labelledby", "heading");
    this.#section.replaceChildren(heading, make("ol", {}, ...cards), forget);
    look(cards);
  }

  #card({ id: item, position, title, url, source: maker, reasons: [reason] }, list, language) {
    const link = make("a", { href: url, textContent: title });
    const says = [maker, reason?.label].filter(Boolean).join(" · ");
    const card = make("li", {}, link, make("p", { lang: language, textContent: says, title: says }));
    Object.assign(card.dataset, { item, position, list });
    for (const type of ["click", "auxclick"]) link.addEventListener(type, () => source?.came({ item, list, position }));
    return card;
  }
}

customElements.get("reread-list") ?? customElements.define("reread-list", RereadList);
