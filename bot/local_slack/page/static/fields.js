// A field of a form: its label, what is filled in, its hint, and what is wrong with it (docs.slack.dev/reference/block-kit/blocks/input-block).

import { found } from "./acting.js";
import { combobox } from "./combobox.js";
import { addressOf, bring } from "./desk.js";
import { el, freshId, icon, link } from "./dom.js";
import { KINDS, written } from "./moments.js";
import { wordsOf } from "./mrkdwn.js";
import { told } from "./notices.js";
import { offered, picks } from "./options.js";
import { richValue, richWords } from "./rich.js";

export function field(at, block) {
  const { element } = block;
  const id = freshId("field");
  const wrong = at.errors?.[block.block_id];
  const hint = wordsOf(block.hint);
  const about = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ") || null;
  const common = {
    id, "aria-describedby": about, "aria-invalid": wrong ? "true" : null, "aria-required": block.optional ? null : "true",
    data: { focus: `${block.block_id}/${element.action_id}`, block: block.block_id },
  };
  const changed = (value) => {
    at.entries.set(block, element, value);
    if (block.dispatch_action && tellsOnCharacter(element)) at.entries.tell(block, element);
  };
  const entered = () => block.dispatch_action && at.entries.tell(block, element);
  const control = (FIELDS[element.type] ?? line)({ at, block, element, common, changed, entered, value: at.entries.get(block, element) });
  const label = [wordsOf(block.label), block.optional && el("span", { class: "optional" }, " (optional)")];
  const below = [
    hint && el("p", { id: `${id}-hint`, class: "hint" }, hint),
    wrong && el("p", { id: `${id}-wrong`, class: "wrong" }, icon("warn"), el("span", {}, wrong)),
  ];
  if (GROUPED.has(element.type)) {
    return el("fieldset", { class: "field", "aria-describedby": about, "aria-invalid": null, data: { block: block.block_id } }, el("legend", {}, label), control, below);
  }
  return el("div", { class: "field" }, el("label", { for: id }, label), control, below);
}

const tellsOnCharacter = (element) =>
  !TYPED.has(element.type) || (element.dispatch_action_config?.trigger_actions_on ?? []).includes("on_character_entered");

const TYPED = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"]);
const GROUPED = new Set(["radio_buttons", "checkboxes", "multi_static_select", "multi_users_select", "multi_channels_select", "multi_conversations_select"]);
const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "number" };

function line({ element, common, changed, entered, value }) {
  const more = { placeholder: wordsOf(element.placeholder) || null, maxlength: element.max_length ?? null, autocomplete: "off", ...common };
  const input = element.multiline ? el("textarea", { rows: 6, ...more }) : el("input", {
    type: TYPES[element.type] ?? "text", min: element.min_value ?? null, max: element.max_value ?? null, step: element.is_decimal_allowed ? "any" : null, ...more,
  });
  input.value = value ?? "";
  input.addEventListener("input", () => changed(input.value));
  input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !element.multiline) entered(); });
  return input;
}

function richLine({ element, common, changed, value }) {
  const input = el("textarea", { rows: 6, placeholder: wordsOf(element.placeholder) || null, ...common });
  input.value = richWords(value);
  input.addEventListener("input", () => changed(input.value ? richValue(input.value) : null));
  return input;
}

function select({ element, common, changed, value }) {
  const input = el("select", common, el("option", { value: "" }, wordsOf(element.placeholder) || "Choose"));
  const groups = new Map();
  for (const item of offered(element)) {
    const option = el("option", { value: item.value, selected: item.value === value }, item.about ? `${item.label} – ${item.about}` : item.label);
    if (!item.group) { input.append(option); continue; }
    if (!groups.has(item.group)) { groups.set(item.group, el("optgroup", { label: item.group })); input.append(groups.get(item.group)); }
    groups.get(item.group).append(option);
  }
  input.addEventListener("change", () => changed(input.value || null));
  return input;
}

function external({ at, block, element, common, changed }) {
  const many = element.type.startsWith("multi_");
  const input = el("input", { type: "text", autocomplete: "off", placeholder: wordsOf(element.placeholder) || "Type to search", ...common });
  const chosen = el("ul", { class: "chosen" });
  const names = (at.entries.names ??= new Map());
  for (const option of element.initial_options ?? (element.initial_option ? [element.initial_option] : [])) names.set(option.value, wordsOf(option.text));
  const draw = () => {
    const value = at.entries.get(block, element);
    const values = many ? (value ?? []) : [];
    if (!many) input.value = names.get(value) ?? "";
    chosen.replaceChildren(...values.map((each) => el("li", {}, names.get(each) ?? each, el("button", {
      type: "button", class: "icon", "aria-label": `Take out ${names.get(each) ?? each}`, on: { click: () => { changed(values.filter((other) => other !== each)); draw(); input.focus(); } },
    }, icon("close")))));
  };
  const list = combobox(input, {
    label: wordsOf(block.label), offers: (typed) => found(at, element, typed),
    choose: (item) => {
      names.set(item.value, item.label);
      changed(many ? [...new Set([...(at.entries.get(block, element) ?? []), item.value])] : item.value);
      if (many) input.value = "";
      draw();
    },
  });
  draw();
  return el("div", { class: "has-offers" }, chosen, input, list.list);
}

function date({ element, common, changed, value }) {
  const input = el("input", { type: KINDS[element.type].type, ...common });
  input.value = written(element, value);
  input.addEventListener("change", () => changed(KINDS[element.type].read(input.value)));
  return input;
}

const group = ({ element, common, changed, value }) => picks(element, value, changed, common.data.focus);

// Files go to the desk when they are chosen, and their ids with the form.
function files({ at, block, element, common, changed }) {
  const brought = (at.entries.files ??= new Map());
  const accept = (element.filetypes ?? []).map((kind) => `.${kind}`).join(",") || null;
  const input = el("input", { type: "file", multiple: (element.max_files ?? 10) > 1, accept, ...common });
  const list = el("ul", { class: "chosen" });
  const draw = () => {
    const ids = at.entries.get(block, element) ?? [];
    list.replaceChildren(...ids.map((id) => el("li", {}, link(new URL(addressOf(brought.get(id)), location), brought.get(id).name), el("button", {
      type: "button", class: "icon", "aria-label": `Take out ${brought.get(id).name}`,
      on: { click: () => { changed(ids.filter((each) => each !== id)); draw(); input.focus(); } },
    }, icon("close")))));
  };
  input.addEventListener("change", async () => {
    for (const file of input.files) {
      const kept = await told(bring(file));
      if (!kept) continue;
      brought.set(kept.id, kept);
      changed([...(at.entries.get(block, element) ?? []), kept.id]);
    }
    input.value = "";
    draw();
  });
  draw();
  return el("div", { class: "files-in" }, input, list);
}

const FIELDS = {
  plain_text_input: line, email_text_input: line, url_text_input: line, number_input: line, rich_text_input: richLine, static_select: select,
  users_select: select, channels_select: select, conversations_select: select, external_select: external, multi_external_select: external,
  datepicker: date, timepicker: date, datetimepicker: date, radio_buttons: group, checkboxes: group, multi_static_select: group,
  multi_users_select: group, multi_channels_select: group, multi_conversations_select: group, file_input: files,
};
