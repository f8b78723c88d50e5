// The desk's clock: the moment, and what is due next; it goes on when somebody presses.

import { act } from "./asking.js";
import { el } from "/page/look/dom.js";
import { told } from "/page/look/notices.js";

const now = el("p", { class: "now" });
const what = el("p", { class: "fine due" });
const button = el("button", { type: "button", class: "primary", on: { click: go } });
export const clock = el("div", { class: "clock", id: "clock", role: "group", "aria-label": "The desk’s clock" }, now, what, button);

let next = null;

export function drawClock(state) {
  next = state.next;
  now.textContent = state.now;
  what.textContent = next ? `Next: ${next.what.join(", ") || "something is due"}.` : "Nothing is due in the next weeks.";
  button.textContent = next ? `Go on to ${shorter(next.when)}` : "Nothing to go on to";
  button.disabled = !next;
}

// On one line beside the moment that is written out above it: the year only where it is another.
function shorter(when) {
  const [year] = /\d{4}/u.exec(now.textContent);
  return when.replace(" New York", "").replace(` ${year}`, "").replace(/ (?=[ap]\.m\.)/u, "\u00a0");
}

async function go() {
  button.setAttribute("aria-busy", "true");
  await told(act("goes_on", { to: next.at }));
  button.removeAttribute("aria-busy");
}
