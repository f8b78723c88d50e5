// Messages below each other, in their days; what is new since one last looked begins at a line. Up and Down go from one to the next.

import { el } from "./dom.js";
import { keyed } from "./keyed.js";
import { message } from "./messages.js";
import { day } from "./times.js";

const AT_ONCE = 200; // older ones are shown when they are asked for
const NEAR = 80;

// A new element for each channel: what stands in it when it comes is no news, what is added later is said.
export function log(name) {
  const list = el("div", { class: "list" });
  const below = el("button", { type: "button", class: "below", hidden: true, on: { click: () => { bottom(made); below.hidden = true; } } }, "New messages below");
  const made = el("div", { class: "log", role: "log", tabindex: 0, "aria-label": name }, list);
  made.addEventListener("keydown", stepped);
  made.atEnd = true;
  made.addEventListener("scroll", () => {
    made.atEnd = nearBottom(made);
    if (made.atEnd) below.hidden = true;
  }, { passive: true });
  // Who was at the end is there again when the log gets another height, or comes back from behind another room.
  new ResizeObserver(() => { if (made.atEnd) bottom(made); }).observe(made);
  made.list = list;
  made.below = below;
  made.shown = AT_ONCE;
  return made;
}

export function drawLog(made, channel, messages, { level, thread = false, newFrom = "", own = false, first = false }) {
  const stick = first || own || nearBottom(made);
  const some = messages.slice(-made.shown);
  const parts = [];
  if (messages.length > some.length) parts.push(earlier(made, channel, messages, { level, thread, newFrom }));
  let before = "";
  let marked = !newFrom;
  for (const seen of some) {
    const today = day(seen.ts);
    if (today !== before && !thread) parts.push({ key: `day ${today}`, stamp: "", make: () => el("p", { class: "day" }, el("span", {}, today)) });
    if (!marked && seen.ts > newFrom) {
      parts.push({ key: "new", stamp: newFrom, make: () => el("p", { class: "new" }, el("span", {}, "New since you last looked")) });
      marked = true;
    }
    before = today;
    parts.push({ key: seen.ts, stamp: JSON.stringify({ ...seen, unread: false }), make: () => message(seen, channel, { level, thread }) });
  }
  if (!messages.length) parts.push({ key: "none", stamp: "", make: () => el("p", { class: "fine none" }, thread ? "Nobody has answered yet." : "Nothing has been said here yet.") });
  const lastOne = made.list.lastElementChild?.dataset.ts ?? "";
  keyed(made.list, parts);
  const last = made.list.lastElementChild;
  const fresh = (last?.dataset.ts ?? "") > lastOne;
  if (stick) bottom(made);
  else if (fresh) made.below.hidden = false;
  // What is longer than the screen is read from its beginning.
  if (stick && fresh && !first && last.offsetHeight > made.clientHeight) made.scrollTop = last.offsetTop;
}

function earlier(made, channel, messages, how) {
  return {
    key: "earlier", stamp: String(messages.length), make: () => el("button", {
      type: "button", class: "quiet", on: { click: () => { made.shown += AT_ONCE; drawLog(made, channel, messages, how); } },
    }, "Show earlier messages"),
  };
}

// What is behind another room has no height, and stands where it stood.
const nearBottom = (made) => (made.clientHeight ? made.scrollHeight - made.scrollTop - made.clientHeight < NEAR : made.atEnd);
export const bottom = (made) => { made.scrollTop = made.scrollHeight; };

function stepped(event) {
  const from = event.target.closest("article");
  if (event.target !== event.currentTarget && event.target !== from) return;
  const all = [...event.currentTarget.querySelectorAll("article")];
  const at = all.indexOf(from);
  const to = { ArrowUp: all[at < 0 ? all.length - 1 : at - 1], ArrowDown: all[at < 0 ? all.length - 1 : at + 1], Home: all[0], End: all.at(-1) }[event.key];
  if (!to) return;
  event.preventDefault();
  to.focus();
}
