// Reports unbroken stretches of playing: a seek, a pause, a stall, a loop, another speed, sound on or off, or a hidden
// page ends one.

import { record, stopped } from "./events.js";

const TICK_MS = 100;
const MIN_STRETCH_S = 0.1;
const STALL_MS = 300; // a playhead that stands this long does not play, whatever the player says
const JUMP_S = 0.5; // further than it can have played: a jump

const round = (seconds) => Math.round(seconds * 1000) / 1000;

// facts: () => the fields that say what is played in which view. Returns what ends the stretch that is going on.
export function watch(video, facts) {
  let stretch = null;
  let movedAt = 0; // when the playhead last moved
  let timer = 0;

  function sound() {
    return !video.muted && video.volume > 0;
  }

  function begin() {
    if (stretch || video.paused || video.seeking || video.ended || video.readyState < 3 || document.hidden) return;
    movedAt = performance.now();
    stretch = { from_s: video.currentTime, to_s: video.currentTime, rate: video.playbackRate, sound_on: sound() };
    timer ||= setInterval(advance, TICK_MS);
  }

  function end() {
    clearInterval(timer);
    timer = 0;
    if (stretch && stretch.to_s - stretch.from_s >= MIN_STRETCH_S) {
      record("watch", { ...facts(), ...stretch, from_s: round(stretch.from_s), to_s: round(stretch.to_s) });
    }
    stretch = null;
  }

  function parted(moved, now) {
    return moved < 0 || moved > ((now - movedAt) / 1000) * stretch.rate + JUMP_S;
  }

  // A seek has moved currentTime by the time it is announced, so the end is what was last seen playing.
  function advance() {
    if (!stretch || video.seeking) return;
    const now = performance.now();
    const moved = video.currentTime - stretch.to_s;
    if (moved && parted(moved, now)) restart();
    else if (moved) [stretch.to_s, movedAt] = [video.currentTime, now];
    else if (now - movedAt >= STALL_MS) end(); // the next timeupdate begins anew
  }

  function stop() {
    advance();
    end();
  }

  function restart() {
    end();
    begin();
  }

  function change() {
    if (!stretch || (stretch.rate === video.playbackRate && stretch.sound_on === sound())) return;
    stop();
    begin();
  }

  const listeners = {
    playing: begin, seeked: begin, canplay: begin, seeking: end, pause: stop, ended: stop, waiting: stop, emptied: end,
    ratechange: change, volumechange: change, timeupdate: () => (stretch ? advance() : begin()),
  };
  for (const [type, listener] of Object.entries(listeners)) video.addEventListener(type, listener, { signal: stopped });
  const wake = () => (video.isConnected ? begin() : document.removeEventListener("visibilitychange", wake));
  document.addEventListener("visibilitychange", wake, { signal: stopped });
  stopped.addEventListener("abort", end);
  if (!stopped.aborted) begin();
  return stop;
}
