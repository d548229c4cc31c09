// What an act came to, said at the edge of the page: with a button or a link to what can be done about it, if any.

import { text } from "./texts.js";

export const untoast = () => document.querySelectorAll(".toast").forEach((old) => old.remove());

export function toast(message, more, role = "status") {
  const line = document.createElement("div");
  line.className = "flash row toast";
  line.setAttribute("role", role);
  untoast();
  const words = document.createElement("p");
  line.append(words);
  document.getElementById("main").append(line);
  words.textContent = message;
  if (more) line.append(more);
}

// privacy: the address of the page on which the reader can change what was refused; none where it cannot be changed.
export function refuse(message, privacy) {
  const link = privacy && document.createElement("a");
  if (link) [link.href, link.textContent] = [privacy, text("Change it under Privacy")];
  toast(message, link, "alert");
}
