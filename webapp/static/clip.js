// The clip of an article page: its stretches belong to the view that attention.js has opened.

import { viewId } from "./attention.js";
import { beforeLeaving } from "./events.js";
import { watch } from "./watch.js";

const { item } = document.getElementById("article").dataset;
beforeLeaving(watch(document.querySelector("#article video"), () => ({ item, view: viewId() })));
