// A card of a list is seen once, however often the list is looked at: a second arrival of its event changes nothing.

import { record } from "./events.js";

const MAX_ID = 200;

export function recordSeen(fields) {
  const id = `seen.${fields.list}.${fields.item}`;
  record("viewable", fields.list && id.length <= MAX_ID ? { id, ...fields } : fields);
}
