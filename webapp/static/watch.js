// Reports unbroken stretches of playing: a seek, a pause, another speed, sound on or off, or a hidden page ends one.

import { viewId } from "./attention.js";
import { beforeLeaving, record } from "./events.js";

const MIN_STRETCH_S = 0.1;

const video = document.querySelector("#article video");
let stretch = null;

function begin() {
  if (stretch || video.paused || video.seeking || document.hidden) return;
  const sound_on = !video.muted && video.volume > 0;
  stretch = { from_s: video.currentTime, to_s: video.currentTime, rate: video.playbackRate, sound_on };
}

function end() {
  if (stretch && stretch.to_s - stretch.from_s >= MIN_STRETCH_S) {
    record("watch", { item: document.getElementById("article").dataset.item, view: viewId(), ...stretch });
  }
  stretch = null;
}

// A seek has moved currentTime by the time it is announced, so the end is what was last seen playing.
function advance() {
  if (stretch && !video.seeking) stretch.to_s = Math.max(stretch.to_s, video.currentTime);
}

function stop() {
  advance();
  end();
}

function restart() {
  stop();
  begin();
}

video.addEventListener("playing", begin);
video.addEventListener("timeupdate", advance);
video.addEventListener("seeking", end);
video.addEventListener("seeked", begin);
for (const type of ["pause", "ended", "waiting"]) video.addEventListener(type, stop);
for (const type of ["ratechange", "volumechange"]) video.addEventListener(type, restart);
document.addEventListener("visibilitychange", begin);
beforeLeaving(stop);
begin();
