// The tour: what is to be done in each step, and what has shown that it was. Nothing here checks a step off; the desk does.

import { count, enter } from "./rooms.js";
import { fillIn } from "./mail.js";
import { el, icon, unseen } from "/page/look/dom.js";
import { keyed } from "/page/look/keyed.js";
import { say } from "/page/look/notices.js";
import { go } from "/page/look/place.js";
import { sight } from "/page/look/sight.js";

const progress = el("p", { class: "fine progress" });
const list = el("ol", { class: "steps", tabindex: -1 });
export const tour = el("div", { class: "tour" }, progress, list);

let before = null;
let standing = "";

export function drawTour(steps) {
  const done = steps.filter((step) => step.done).length;
  const current = steps.findIndex((step) => !step.done);
  progress.textContent = done === steps.length ? "All seven steps are done. The desk goes on as long as you like." : `${done} of ${steps.length} steps done`;
  keyed(list, steps.map((step, at) => ({ key: step.title, stamp: JSON.stringify([step, at === current]), make: () => drawn(step, at, at === current) })));
  if (before !== null && done > before) say(`${done} of ${steps.length} steps done: ${steps.filter((step) => step.done).at(-1).title}`);
  count("tour", `${done}/${steps.length}`, "steps done");
  const stands = JSON.stringify(steps[current] ?? null);
  if (stands !== standing) inView();
  standing = stands;
  before = done;
}

// The step that one is at, with all that it offers; when all are done, what says so.
const inView = () => (list.querySelector("[aria-current]") ?? progress).scrollIntoView({ block: "nearest" });

addEventListener("entered", inView);

function drawn(step, at, current) {
  const mark = step.done ? el("span", { class: "mark" }, icon("check")) : el("span", { class: "mark", "aria-hidden": "true" }, String(at + 1));
  const title = el("h3", {}, step.title, step.done && unseen(" (done)"));
  return el("li", { class: step.done ? "done" : null, "aria-current": current ? "step" : null, data: { focus: "step" } },
    mark, el("div", { class: "told" }, title,
      step.done ? el("p", { class: "fine" }, `${step.done}.`) : current && el("p", {}, step.say),
      !step.done && current && el("div", { class: "actions" }, ...offers(step))));
}

function offers(step) {
  const mail = step.mail && el("button", { type: "button", data: { focus: "mail" }, on: { click: () => fillIn(step.mail) } }, "Fill in the mail");
  const lines = step.lines.map((line) => el("button", { type: "button", class: "line", data: { focus: line }, on: { click: () => write(line) } }, unseen("Write into the box: "), el("code", {}, line)));
  return [mail, ...lines].filter(Boolean);
}

// The line stands in the box as if it had been typed; it is sent by whoever presses Enter.
function write(line) {
  enter("chat");
  const channel = [...sight.channels.values()].find((each) => each.kind !== "im");
  go({ channel: channel.id, thread: "" });
  setTimeout(() => {
    const box = document.querySelector("#say textarea");
    box.value = line;
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
