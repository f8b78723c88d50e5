// What a menu offers, wherever it stands: options, groups of them, people, channels.

import { el, freshId } from "./dom.js";
import { textOf, wordsOf } from "./mrkdwn.js";
import { sight, title } from "./sight.js";

export function offered(element) {
  if (/users_select$/u.test(element.type)) {
    return [...sight.people.values()].filter((person) => person.id !== "USLACKBOT").map((person) => ({ label: person.real_name, about: person.title, value: person.id }));
  }
  if (/(?:channels|conversations)_select$/u.test(element.type)) {
    const wanted = (channel) => channel.kind !== "im" || element.type.includes("conversations");
    return [...sight.channels.values()].filter(wanted).map((channel) => ({ label: title(channel), value: channel.id }));
  }
  return all(element).map(({ option, group }) => ({
    label: wordsOf(option.text), about: wordsOf(option.description), value: option.value, url: option.url, group, option,
  }));
}

const all = (element) => [
  ...(element.options ?? []).map((option) => ({ option, group: "" })),
  ...(element.option_groups ?? []).flatMap((group) => group.options.map((option) => ({ option, group: wordsOf(group.label) }))),
];

// Radio buttons, or boxes to tick; `changed` hears the value, or the values.
export function picks(element, value, changed, focusName) {
  const one = element.type === "radio_buttons";
  const name = freshId("pick");
  const chosen = new Set(one ? [value] : (value ?? []));
  const body = el("div", { class: "picks" });
  body.append(...offered(element).map((item, nth) => {
    const id = `${name}-${nth}`;
    const input = el("input", { id, type: one ? "radio" : "checkbox", name, checked: chosen.has(item.value), "aria-describedby": item.about ? `${id}-about` : null, data: { focus: `${focusName}/${item.value}` } });
    input.addEventListener("change", () => {
      if (one) return changed(item.value);
      chosen[input.checked ? "add" : "delete"](item.value);
      return changed([...chosen]);
    });
    return el("div", { class: "pick" }, input, el("label", { for: id }, item.option ? textOf(item.option.text) : item.label),
      item.about && el("span", { id: `${id}-about`, class: "about" }, item.option ? textOf(item.option.description) : item.about));
  }));
  return body;
}
