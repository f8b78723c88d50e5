// The box below a conversation: commands with suggestions, what was typed before by the arrows, a draft for each place.

import { act } from "./desk.js";
import { combobox } from "./combobox.js";
import { el, freshId } from "./dom.js";
import { told, warn } from "./notices.js";
import { sight } from "./sight.js";

const drafts = new Map();
const typed = new Map();

// `sends`: called when something is on its way, so that its answer is looked for where it will stand.
export function composer({ channel, thread = "", label, sends }) {
  const id = freshId("say");
  const place = `${sight.me.id} ${channel} ${thread}`;
  const past = typed.get(sight.me.id) ?? typed.set(sight.me.id, []).get(sight.me.id);
  const box = el("textarea", { id, rows: 1, autocomplete: "off", spellcheck: "true", placeholder: thread ? "Reply …" : example(), data: { focus: "say" } });
  const waits = el("span", { class: "fine waits", hidden: true });
  let at = past.length;
  const put = (text) => {
    box.value = text;
    drafts.set(place, text);
    grow(box);
    box.setSelectionRange(text.length, text.length);
  };
  const list = combobox(box, { label: "Suggestions", offers: (text) => offers(text, box.selectionStart, thread), choose: ({ insert }) => { put(insert); list.refresh(); } });

  async function send() {
    const text = box.value.trim();
    if (!text) return;
    const command = isCommand(text);
    if (command && thread) return warn("Commands are not taken in threads. What you typed is still there; type it in the channel.");
    list.close();
    sends();
    past.push(text);
    at = past.length;
    put("");
    waits.hidden = false;
    waits.textContent = command ? `Waiting for ${sight.app.real_name} …` : "";
    const done = await told(act("types", { channel, thread, text: command ? text : asSlackSends(text) }));
    waits.hidden = true;
    if (!done && !box.value) put(text);
  }

  box.addEventListener("input", () => { drafts.set(place, box.value); grow(box); });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); send(); }
    else if (["ArrowUp", "ArrowDown"].includes(event.key) && (!box.value || box.value === past[at])) {
      const to = at + (event.key === "ArrowUp" ? -1 : 1);
      if (to < 0 || to > past.length) return;
      event.preventDefault();
      at = to;
      put(past[at] ?? "");
    }
  });
  const form = el("form", { class: "composer", on: { submit: (event) => { event.preventDefault(); send(); } } },
    el("label", { for: id, class: "unseen" }, label), list.list, box, el("button", { class: "primary" }, "Send"), waits);
  put(drafts.get(place) ?? "");
  form.box = box;
  return form;
}

const isCommand = (text) => text.startsWith("/") && !text.startsWith("//");
const example = () => `Message, or ${sight.suggestions[0]?.command ?? "/"} help`;

function grow(box) {
  box.rows = Math.min(8, box.value.split("\n").length);
}

// A client of Slack's sends & < > escaped and people by their ids (docs.slack.dev/messaging/formatting-message-text).
function asSlackSends(text) {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return everybody().reduce((words, { name, id }) => words.replaceAll(new RegExp(`@${literally(name)}(?![\\p{L}\\p{N}])`, "giu"), `<@${id}>`), escaped);
}

const literally = (text) => text.replaceAll("&", "&amp;").replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&");

// The longest names first, so that none is taken for the beginning of another.
function everybody() {
  const names = [...sight.people.values()].filter((person) => person.id !== "USLACKBOT").flatMap(({ id, name, real_name: real, title }) => [{ name: real, id, title }, { name, id, title }]);
  return names.filter(({ name }) => name).sort((one, other) => other.name.length - one.name.length);
}

function offers(text, caret, thread) {
  if (isCommand(text) && !thread && !text.includes("\n")) return commands(text);
  const found = /(?:^|\s)@([\p{L}\p{N} ._-]{0,30})$/u.exec(text.slice(0, caret));
  return found ? mentions(text, caret, found[1]) : [];
}

function commands(text) {
  const [name, ...rest] = text.split(" ");
  const known = sight.suggestions.filter(({ command }) => (rest.length ? command === name : command.startsWith(name)));
  if (!rest.length) return known.map(({ command, about }) => ({ label: command, about, insert: `${command} ` }));
  const begun = rest.join(" ").toLocaleLowerCase();
  return known.flatMap(({ command, words }) => words.filter((word) => word.toLocaleLowerCase().startsWith(begun) && word !== begun)
    .map((word) => ({ label: `${command} ${word}`, insert: `${command} ${word} ` })));
}

function mentions(text, caret, begun) {
  const start = caret - begun.length;
  const people = [...sight.people.values()].filter(({ id, real_name: name }) => id !== "USLACKBOT" && name.toLocaleLowerCase().startsWith(begun.toLocaleLowerCase()));
  return people.slice(0, 8).map(({ real_name: name, title }) => ({ label: `@${name}`, about: title, insert: `${text.slice(0, start)}${name} ${text.slice(caret)}` }));
}
