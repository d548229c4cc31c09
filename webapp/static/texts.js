// What scripts say, in the language of the page: its translations stand in <html data-texts>; for English there are none.
const texts = JSON.parse(document.documentElement.dataset.texts ?? "{}");

export const text = (english, values = {}) => (texts[english] ?? english).replace(/\{(\w+)\}/g, (_, name) => values[name]);
