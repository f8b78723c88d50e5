// A thread beside its channel: the message, its replies, and a box to reply in.

import { composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { bottom, drawLog, log } from "./log.js";
import { go, where } from "./place.js";
import { sight, title } from "./sight.js";

const pane = document.getElementById("thread");
let shown = "";
let made = null;

pane.addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.defaultPrevented) closes(); });

// `arrived`: somebody has just come here, so that the focus goes along.
export function drawThread(arrived) {
  const { channel: id, thread } = where();
  const channel = sight.channels.get(id);
  const parent = thread && channel?.messages.get(thread);
  const key = parent ? `${sight.me.id} ${id} ${thread}` : "";
  pane.hidden = !parent;
  document.getElementById("chat").classList.toggle("threaded", Boolean(parent));
  if (!parent) { shown = ""; pane.replaceChildren(); return; }
  const first = key !== shown;
  if (first) fill(channel, thread);
  shown = key;
  drawLog(made, channel, [{ ...parent, replies: [] }, ...parent.replies], { level: 3, thread: true, first, own: parent.replies.at(-1)?.user === sight.me.id });
  if (first && arrived) pane.querySelector("textarea").focus();
}

function fill(channel, thread) {
  made = log(`Thread in ${title(channel)}`);
  pane.replaceChildren(
    el("div", { class: "heading" }, el("h2", { id: "thread-name" }, "Thread"), el("p", { class: "topic" }, title(channel)),
      el("button", { type: "button", class: "icon", "aria-label": "Close thread", on: { click: closes } }, icon("close"))),
    el("div", { class: "scene" }, made, made.below),
    el("div", { class: "say" }, composer({ channel: channel.id, thread, label: `Reply in thread, ${title(channel)}`, sends: () => bottom(made) })));
}

function closes() {
  const { thread } = where();
  go({ thread: "" });
  document.querySelector(`#scene [data-thread="${CSS.escape(thread)}"]`)?.focus();
}
