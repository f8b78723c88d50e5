// The modal that stands open: its fields, what is wrong with them, and the way out. The browser keeps the focus in it and brings it back.

import { blocks } from "./blocks.js";
import { act } from "./desk.js";
import { el, icon } from "./dom.js";
import { entriesAt } from "./entries.js";
import { named } from "./keyed.js";
import { wordsOf } from "./mrkdwn.js";
import { told } from "./notices.js";
import { busy } from "./pressing.js";
import { sight } from "./sight.js";

const box = document.getElementById("modal");
let drawn = "";
let open = "";
let back = null;

box.addEventListener("cancel", (event) => { event.preventDefault(); closes(); });

export function drawModal() {
  const view = sight.modal;
  const stamp = JSON.stringify([sight.me.id, view, sight.depth]);
  if (stamp === drawn) return;
  drawn = stamp;
  if (!view) return gone();
  const again = open === view.id;
  const focused = again && box.contains(document.activeElement) ? document.activeElement : null;
  const place = focused && { name: focused.dataset.focus, start: focused.selectionStart, end: focused.selectionEnd };
  box.replaceChildren(form(view));
  if (!box.open) { back = document.activeElement; box.showModal(); }
  open = view.id;
  const wrong = box.querySelector("[aria-invalid=true], fieldset:has(> .wrong) input");
  const kept = place?.name && named(box, place.name);
  focus(wrong ?? kept ?? initial(view), kept === (wrong ?? kept) ? place : null);
}

function focus(node, place) {
  node.focus();
  if (place && typeof place.start === "number" && node.setSelectionRange) {
    try { node.setSelectionRange(place.start, place.end); } catch { /* a number has no caret that can be set */ }
  }
}

function gone() {
  open = "";
  if (!box.open) return;
  box.close();
  box.replaceChildren();
  if (!back?.isConnected) document.querySelector("#say textarea, main")?.focus();
}

function initial(view) {
  const asked = view.blocks.map((block) => block.element).find((element) => element?.focus_on_load);
  const names = [...box.querySelectorAll("[data-focus]")];
  return (asked && names.find((each) => each.dataset.focus.endsWith(`/${asked.action_id}`))) ?? box.querySelector(".field input, .field textarea, .field select") ?? box.querySelector("h2");
}

function form(view) {
  const at = { level: 3, entries: entriesAt({ view: view.id }), errors: view.errors };
  const submit = view.submit && el("button", { class: "primary", data: { focus: "submit" } }, wordsOf(view.submit));
  const made = el("form", { novalidate: true, on: { submit: (event) => { event.preventDefault(); if (submit) submits(view, at, submit); } } },
    el("div", { class: "head" }, el("h2", { id: "modal-title", tabindex: -1 }, wordsOf(view.title)),
      el("button", { type: "button", class: "icon", "aria-label": sight.depth > 1 ? "Close all" : "Close", data: { focus: "out" }, on: { click: () => closes(sight.depth > 1) } }, icon("close"))),
    el("div", { class: "view", tabindex: view.blocks.some((block) => block.type === "input") ? null : 0 }, blocks(at, view.blocks)),
    el("p", { class: "trouble wrong", role: "alert", hidden: !view.trouble }, view.trouble),
    el("div", { class: "foot" }, el("button", { type: "button", data: { focus: "close" }, on: { click: () => closes() } }, sight.depth > 1 ? [icon("back"), "Back"] : wordsOf(view.close) || (view.submit ? "Cancel" : "Close")), submit));
  return made;
}

async function submits(view, at, button) {
  if (button.getAttribute("aria-busy") === "true") return;
  busy(button, true);
  await at.entries.flushed();
  await told(act("submits", { view: view.id, entries: at.entries.sent }));
  busy(button, false);
}

async function closes(all = false) {
  if (sight.modal) await entriesAt({ view: sight.modal.id }).flushed();
  await told(act("closes", { all }));
}
