// The controls of one clip. Sound, captions and speed are the reader's choice for as long as the tab lives.

import { text } from "./texts.js";

const SPEEDS = [1, 1.5, 2, 0.5];
const SKIP_S = 3;

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const quiet = document.querySelector("[data-quiet]") !== null; // a child's account: nothing plays by itself
const chosen = { sound: false, captions: false, speed: 1, ...kept() };

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem("player"));
  } catch {
    return null; // no storage, no memory
  }
}

function keep(change) {
  Object.assign(chosen, change);
  try {
    sessionStorage.setItem("player", JSON.stringify(chosen));
  } catch {}
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// used: () => void, at whatever the reader does with the controls.
export class Player {
  constructor(article, used) {
    this.used = used;
    this.video = article.querySelector("video");
    this.find = (selector) => article.querySelector(selector);
    const embedded = this.find("[data-player]");
    embedded?.addEventListener("click", (event) => this.frame(event, embedded));
    if (this.video) this.take(this.video, article);
  }

  take(video, article) {
    this.seek = this.find(".seek");
    video.controls = false;
    this.find(".controls").hidden = false;
    const listeners = {
      click: () => this.toggle(), error: () => this.fail(), loadedmetadata: () => this.show(), timeupdate: () => this.show(),
      play: () => this.show(), pause: () => this.show(), volumechange: () => this.show(), ratechange: () => this.show(),
    };
    for (const [type, listener] of Object.entries(listeners)) video.addEventListener(type, listener);
    for (const button of article.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => this[button.dataset.do === "play" ? "toggle" : button.dataset.do]());
    }
    this.seek.addEventListener("input", () => this.go(+this.seek.value));
    video.muted = !chosen.sound;
    this.apply();
    if (video.error) this.fail(); // before anybody listened
  }

  apply() {
    this.video.defaultPlaybackRate = this.video.playbackRate = chosen.speed;
    for (const { track } of this.video.querySelectorAll("track")) track.mode = chosen.captions ? "showing" : "disabled";
    this.show();
  }

  // Plays by itself, but not where they want little motion; with sound only as the answer to a step of the reader's.
  start(stepped) {
    this.stepped = stepped;
    if (!this.video || quiet || calm.matches) return;
    if (!stepped) this.video.muted = true;
    this.play();
  }

  play() {
    this.video.play().catch(({ name }) => {
      // Not every step is one that a browser lets sound follow; what was left meanwhile is no such case.
      if (name !== "NotAllowedError" || this.video.muted) return this.show(); // the button stands there
      this.video.muted = true;
      this.play();
    });
    this.show();
  }

  toggle() {
    if (!this.video) return;
    this.used();
    if (this.video.paused) this.play();
    else this.video.pause();
  }

  // By what is heard: sound may be chosen, and the clip play without until it is asked for again.
  sound() {
    if (!this.video) return;
    const sound = this.video.muted;
    this.video.muted = !sound;
    this.choose({ sound });
  }

  captions() {
    this.choose({ captions: !chosen.captions });
  }

  speed() {
    this.choose({ speed: SPEEDS[(SPEEDS.indexOf(chosen.speed) + 1) % SPEEDS.length] });
  }

  choose(change) {
    if (!this.video) return;
    this.used();
    keep(change);
    this.apply();
  }

  skip(direction) {
    if (this.video) this.go(Math.max(0, this.video.currentTime + direction * SKIP_S));
  }

  go(seconds) {
    this.used();
    this.video.currentTime = seconds;
  }

  show() {
    const { paused, currentTime, duration, playbackRate, muted, error } = this.video;
    const [now, end] = [clock(currentTime), clock(duration || +this.seek.max)];
    const play = this.find(".controls [data-do=play]");
    this.find(".start").hidden = !paused || Boolean(error);
    play.classList.toggle("playing", !paused);
    play.setAttribute("aria-label", paused ? text("Play") : text("Pause"));
    if (duration) this.seek.max = duration;
    this.seek.value = currentTime;
    this.seek.setAttribute("aria-valuetext", text("{now} of {end}", { now, end }));
    this.find(".time").textContent = `${now} / ${end}`;
    this.find(".rate").textContent = `${playbackRate}×`;
    this.find("[data-do=sound]").setAttribute("aria-pressed", !muted);
    this.find("[data-do=captions]")?.setAttribute("aria-pressed", chosen.captions);
  }

  // Captions of another host need its leave; without it the clip is to play all the same.
  fail() {
    const { video } = this;
    if (video.crossOrigin !== null) {
      video.querySelector("track")?.remove();
      video.removeAttribute("crossorigin");
      video.load();
      this.start(this.stepped);
    } else if (video.hasAttribute("src")) {
      this.find(".failed").hidden = false;
      this.show();
    }
  }

  frame(event, link) {
    event.preventDefault();
    this.used();
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: link.href, title: link.dataset.player, allow: "autoplay; encrypted-media; fullscreen; picture-in-picture" });
    link.parentElement.replaceWith(frame);
    frame.focus();
  }

  // A browser has players for a few dozen clips at once, so one that was left is given back.
  stop() {
    if (!this.video) return;
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
  }
}

// Exactly this one is fetched ahead, and nothing of other sites' players.
export function preload(article) {
  const video = article.querySelector("video");
  if (!video) return;
  video.preload = "auto";
  video.load();
}
