// What acts at once: buttons, menus, dates and choices in messages, in Home, and in a modal beside its fields.

import { act } from "./desk.js";
import { combobox } from "./combobox.js";
import { el, freshId, icon, link } from "./dom.js";
import { KINDS, written } from "./moments.js";
import { textOf, wordsOf } from "./mrkdwn.js";
import { told } from "./notices.js";
import { offered, picks } from "./options.js";
import { opener, popup } from "./popup.js";
import { press } from "./pressing.js";

export const acting = (at, block, element) => (ACTING[element.type] ?? unknown)(at, block, element);

const focusName = (block, element) => `${block.block_id}/${element.action_id}`;

function button(at, block, element) {
  const more = {
    class: `button ${element.style ?? ""}`, "aria-label": element.accessibility_label ?? null, data: { focus: focusName(block, element) },
  };
  const made = element.url ? link(element.url, wordsOf(element.text), more) : el("button", { type: "button", ...more }, wordsOf(element.text));
  made.addEventListener("click", () => press(at, block, element, null, made));
  return made;
}

function overflow(at, block, element) {
  const made = popup({
    kind: "menu", label: "More actions", shown: [icon("more")], look: "icon", name: focusName(block, element), attributes: { "aria-label": "More actions" },
    items: () => offered(element).map((item) => ({ ...item, checked: false })), choose: (item) => press(at, block, element, item.value, made.firstChild),
  });
  return made;
}

function select(at, block, element) {
  const value = at.entries.get(block, element);
  const items = offered(element).map((item) => ({ ...item, checked: item.value === value }));
  const chosen = items.find((item) => item.checked)?.label;
  const asks = wordsOf(element.placeholder) || "Choose";
  const made = popup({
    kind: "listbox", label: asks, shown: opener(chosen ?? asks), look: "select", name: focusName(block, element),
    attributes: { "aria-label": chosen ? `${asks}: ${chosen}` : asks }, items: () => items,
    choose: async (item) => {
      at.entries.set(block, element, item.value);
      made.firstChild.replaceChildren(...opener(item.label));
      made.firstChild.setAttribute("aria-label", `${asks}: ${item.label}`);
      await press(at, block, element, item.value, made.firstChild);
    },
  });
  return made;
}

// The app is asked what it offers for what is typed.
function external(at, block, element) {
  const asks = wordsOf(element.placeholder) || "Search";
  const many = element.type.startsWith("multi_");
  const input = el("input", { type: "text", class: "search", "aria-label": asks, placeholder: asks, autocomplete: "off", data: { focus: focusName(block, element) } });
  const list = combobox(input, {
    label: asks, offers: (typed) => found(at, element, typed),
    choose: (item) => {
      const value = many ? [...new Set([...(at.entries.get(block, element) ?? []), item.value])] : item.value;
      input.value = many ? "" : item.label;
      at.entries.set(block, element, value);
      press(at, block, element, value, input);
    },
  });
  return el("span", { class: "has-offers" }, input, list.list);
}

export async function found(at, element, typed) {
  if (typed.length < (element.min_query_length ?? 3)) return [];
  const answer = await told(act("looks_for", { ...at.entries.place, action: element.action_id, typed }));
  return (answer?.options ?? []).map((option) => ({ label: wordsOf(option.text), about: wordsOf(option.description), value: option.value }));
}

// A date is told when it is set, not at every digit of it.
function date(at, block, element) {
  const id = freshId("date");
  const asks = wordsOf(element.placeholder) || KINDS[element.type].asks;
  const input = el("input", { id, type: KINDS[element.type].type, "aria-label": asks, value: written(element, at.entries.get(block, element)), data: { focus: focusName(block, element) } });
  const set = el("button", { type: "button", "aria-label": `Set: ${asks}` }, "Set");
  set.addEventListener("click", () => {
    const value = KINDS[element.type].read(input.value);
    if (value === null) return input.focus();
    at.entries.set(block, element, value);
    return press(at, block, element, value, set);
  });
  return el("span", { class: "date-set" }, input, set);
}

function several(at, block, element) {
  const asks = wordsOf(element.placeholder) || "Choose";
  const body = picks(element, at.entries.get(block, element), (value) => {
    at.entries.set(block, element, value);
    press(at, block, element, value, body);
  }, focusName(block, element));
  return el("details", { class: "several" }, el("summary", {}, asks), el("fieldset", {}, el("legend", { class: "unseen" }, asks), body));
}

function choices(at, block, element) {
  const body = picks(element, at.entries.get(block, element), (value) => {
    at.entries.set(block, element, value);
    press(at, block, element, value, body);
  }, focusName(block, element));
  return el("fieldset", { class: "choices" }, el("legend", { class: "unseen" }, block.text ? textOf(block.text) : "Choose"), body);
}

// Nothing is fetched from elsewhere: a picture that this desk has is shown, of any other its words are.
export function picture(part, addressOf) {
  const source = part.image_url?.startsWith("data:image/") ? part.image_url : (part.slack_file && addressOf?.(part.slack_file)) || "";
  if (source) return el("img", { src: source, alt: part.alt_text });
  return el("span", { class: "no-picture" }, el("span", { class: "tag" }, "Picture"), " ", part.image_url ? link(part.image_url, part.alt_text) : part.alt_text);
}

const unknown = (_at, _block, element) => el("span", { class: "fine" }, `not shown here (${element.type})`);

const ACTING = {
  button, workflow_button: button, overflow, static_select: select, users_select: select, channels_select: select, conversations_select: select,
  external_select: external, multi_external_select: external, datepicker: date, timepicker: date, datetimepicker: date, checkboxes: choices,
  radio_buttons: choices, multi_static_select: several, multi_users_select: several, multi_channels_select: several, multi_conversations_select: several,
};
