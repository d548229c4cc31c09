// The clip of an article page: its stretches belong to the view that attention.js has opened. What measures them comes
// when it is played, since most articles with a clip are only read.

import { viewId } from "./attention.js";
import { beforeLeaving } from "./events.js";

const video = document.querySelector("#article video");
const { item } = document.getElementById("article").dataset;
const facts = () => ({ item, view: viewId() });
const measure = async () => beforeLeaving((await import("./watch.js")).watch(video, facts));

if (video.paused) video.addEventListener("play", measure, { once: true });
else measure();
