// Which room is in front where there is no place for all of them: the chat, the mailboxes, the tour with the clock.

import { el, unseen } from "/page/look/dom.js";

const ROOMS = [["chat", "Chat"], ["mail", "Mail"], ["tour", "Tour"]];
const nav = el("nav", { class: "switch", "aria-label": "Rooms" });
const buttons = new Map();

export function addRooms(...rooms) {
  document.getElementById("rooms").append(...rooms);
  for (const [name, label] of ROOMS) {
    const made = el("button", { type: "button", class: "quiet", "aria-pressed": "false", on: { click: () => enter(name) } }, label);
    buttons.set(name, { made, label });
    nav.append(made);
  }
  document.getElementById("in-the-top").append(nav);
  for (const leads of [document.getElementById("channels-button"), document.querySelector(".skip")]) leads.addEventListener("click", () => enter("chat"));
  enter("tour");
}

// Where one room has the whole page, it is what the page is about; the chat's own main is not there then.
const alone = matchMedia("(max-width: 1000px)");
alone.addEventListener("change", () => enter(document.body.dataset.room));

export function enter(wanted) {
  const before = document.body.dataset.room;
  // Beside a chat that is always there one of the two others is in front.
  const name = wanted !== "chat" || alone.matches ? wanted : before === "mail" ? "mail" : "tour";
  document.body.dataset.room = name;
  for (const each of document.querySelectorAll(".room")) {
    each.setAttribute("role", alone.matches ? "main" : "region");
    each.querySelector("h1").hidden = !alone.matches;
  }
  for (const [each, { made }] of buttons) made.setAttribute("aria-pressed", String(each === name));
  dispatchEvent(new Event("entered"));
}

// A number beside a room's name, or how many of how many, with the words that say what it counts.
export function count(name, number, words) {
  const { made, label } = buttons.get(name);
  made.replaceChildren(label, ...(number ? [el("span", { class: "count" }, String(number), unseen(` ${words}`))] : []));
}

export const room = (id, name, ...children) => el("section", { class: "room", id, "aria-labelledby": `${id}-name` },
  el("h1", { class: "unseen", hidden: true }, "Practice desk"),
  el("div", { class: "heading" }, el("h2", { id: `${id}-name` }, name), el("span", { class: "tag" }, "practice")), ...children);
