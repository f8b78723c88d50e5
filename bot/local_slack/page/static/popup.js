// A list that opens at a button: of things to do (a menu), or of things to choose (a listbox). By arrows, letters, Enter and Escape.

import { el, freshId, icon, link } from "./dom.js";

const ROLES = { menu: "menuitem", listbox: "option" };

// items: [{ label, about, value, checked, url, group }]
export function popup({ kind, label, shown, items, choose, look = "quiet", name = "", attributes = {} }) {
  const id = freshId("popup");
  const list = el("div", { id, role: kind, "aria-label": label, popover: "auto", class: "popup", tabindex: -1 });
  const button = el("button", {
    type: "button", class: `opens ${look}`, "aria-haspopup": kind, "aria-expanded": "false", "aria-controls": id, data: { focus: name }, ...attributes,
  }, shown);
  const pick = (item) => {
    list.hidePopover();
    button.focus();
    choose(item);
  };
  list.append(...grouped(items(), kind, pick));
  list.addEventListener("toggle", ({ newState }) => button.setAttribute("aria-expanded", String(newState === "open")));
  button.addEventListener("click", () => (button.getAttribute("aria-busy") === "true" ? null : open(button, list)));
  button.addEventListener("keydown", (event) => {
    if (["ArrowDown", "ArrowUp"].includes(event.key)) { event.preventDefault(); open(button, list, event.key === "ArrowUp"); }
  });
  list.addEventListener("keydown", (event) => moved(event, list, button));
  return el("span", { class: "has-popup" }, button, list);
}

function grouped(items, kind, pick) {
  const groups = new Map();
  const nodes = [];
  for (const item of items) {
    const made = one(item, kind, pick);
    if (!item.group) { nodes.push(made); continue; }
    if (!groups.has(item.group)) {
      const id = freshId("group");
      const group = el("div", { role: "group", "aria-labelledby": id }, el("span", { id, class: "group", role: "presentation" }, item.group));
      groups.set(item.group, group);
      nodes.push(group);
    }
    groups.get(item.group).append(made);
  }
  return nodes;
}

function one(item, kind, pick) {
  const children = [el("span", { class: "label" }, item.label), item.about && el("span", { class: "about" }, item.about)];
  const made = item.url ? link(item.url, children) : el("div", {}, children);
  made.setAttribute("role", ROLES[kind]);
  made.tabIndex = -1;
  if (kind === "listbox") made.setAttribute("aria-selected", String(Boolean(item.checked)));
  made.addEventListener("click", () => pick(item));
  return made;
}

const choices = (list) => [...list.querySelectorAll("[role=menuitem], [role=option]")];

function open(button, list, last = false) {
  list.showPopover();
  const at = button.getBoundingClientRect();
  const { height, width } = list.getBoundingClientRect();
  const below = at.bottom + height + 8 <= innerHeight || at.top < height + 8;
  list.style.top = `${Math.max(4, below ? at.bottom + 4 : at.top - height - 4)}px`;
  list.style.left = `${Math.max(4, Math.min(at.left, innerWidth - width - 4))}px`;
  const all = choices(list);
  const start = last ? all.at(-1) : (all.find((each) => each.getAttribute("aria-selected") === "true") ?? all[0]);
  (start ?? list).focus();
}

function moved(event, list, button) {
  const all = choices(list);
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: all[(at + 1) % all.length], ArrowUp: all[(at - 1 + all.length) % all.length], Home: all[0], End: all.at(-1) }[event.key];
  if (to) to.focus();
  else if (event.key === "Enter" || event.key === " ") all[at]?.click();
  else if (event.key === "Escape" || event.key === "Tab") { list.hidePopover(); button.focus(); if (event.key === "Tab") return; }
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    const key = event.key.toLocaleLowerCase();
    [...all.slice(at + 1), ...all.slice(0, at + 1)].find((each) => each.textContent.toLocaleLowerCase().startsWith(key))?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

export const opener = (words) => [el("span", {}, words), icon("down")];
