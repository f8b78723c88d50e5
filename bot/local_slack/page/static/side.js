// The channels and direct messages of the person, what of them is unread, and the app's Home.

import { el, icon, unseen } from "./dom.js";
import { keyed } from "./keyed.js";
import { where, written } from "./place.js";
import { direct, sight } from "./sight.js";

const side = document.getElementById("side");
const opens = document.getElementById("channels-button");

opens.addEventListener("click", () => show(opens.getAttribute("aria-expanded") !== "true"));
side.addEventListener("keydown", (event) => { if (event.key === "Escape") { show(false); opens.focus(); } });

// On a phone the list lies over the conversation.
export function show(is) {
  opens.setAttribute("aria-expanded", String(is));
  side.classList.toggle("open", is);
}

export function drawSide() {
  const place = where();
  const every = [...sight.channels.values()];
  const own = direct();
  const here = (id) => (place.channel === id ? "page" : null);
  const unread = every.filter((channel) => channel.unread).length;
  opens.replaceChildren("Channels", ...(unread ? [el("span", { class: "count" }, String(unread), unseen(" with unread messages"))] : []));
  keyed(side, [
    heading(sight.app?.real_name ?? "App"),
    entry("home", [icon("home"), "Home"], 0, here("home")),
    ...(own ? [entry(own.id, [icon("talk"), "Messages"], own.unread, here(own.id))] : []),
    heading("Channels"),
    ...every.filter((channel) => channel.kind !== "im").map((channel) => entry(channel.id, named(channel), channel.unread, here(channel.id))),
    ...(every.some((channel) => channel.kind !== "im") ? [] : [{ key: "none", stamp: "", make: () => el("p", { class: "fine" }, "Member of none") }]),
    ...others(every, own).flatMap((channel, at) => [
      ...(at ? [] : [heading("Direct messages")]), entry(channel.id, [channel.name], channel.unread, here(channel.id)),
    ]),
  ]);
}

const others = (every, own) => every.filter((channel) => channel.kind === "im" && channel !== own);

const heading = (words) => ({ key: `h ${words}`, stamp: "", make: () => el("h2", {}, words) });

function entry(id, words, unread, current) {
  const href = written({ person: sight.me.id, channel: id });
  return {
    key: id, stamp: JSON.stringify([href, words.map(String), unread, current]),
    make: () => el("a", { href, class: unread ? "unread" : null, "aria-current": current, data: { focus: id } }, el("span", { class: "name" }, words),
      unread > 0 && el("span", { class: "count" }, String(unread), unseen(" unread"))),
  };
}

function named(channel) {
  const sign = channel.kind === "private" ? [icon("lock"), unseen("private channel ")] : [el("span", { class: "sign", "aria-hidden": "true" }, "#"), unseen("channel ")];
  return [...sign, channel.name, ...(channel.shared ? [" ", el("span", { class: "tag" }, "shared")] : [])];
}
