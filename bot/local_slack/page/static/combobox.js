// A text field that offers completions below or above itself (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/).
// A field of several lines may not be a combobox (https://www.w3.org/TR/html-aria/): it stays a text box, which says the same of its list.

import { el, freshId } from "./dom.js";
import { say } from "./notices.js";

// offers(typed) -> [{ label, about, … }], or a promise of it; nothing is chosen before an arrow or a click has.
export function combobox(input, { label, offers, choose }) {
  const id = freshId("offers");
  const list = el("ul", { id, role: "listbox", "aria-label": label, class: "offers", hidden: true });
  let shown = [];
  let at = -1;
  let asked = 0;
  const single = input.localName === "input";
  const own = single ? { role: "combobox", "aria-expanded": "false" } : { "aria-haspopup": "listbox" };
  for (const [name, value] of Object.entries({ ...own, "aria-autocomplete": "list", "aria-controls": id })) input.setAttribute(name, value);
  const show = (items) => {
    shown = items;
    at = -1;
    list.replaceChildren(...items.map((item, nth) => el("li", { id: `${id}-${nth}`, role: "option", "aria-selected": "false", on: { mousedown: (event) => event.preventDefault(), click: () => pick(nth) } },
      el("span", { class: "label" }, item.label), item.about && el("span", { class: "about" }, item.about))));
    list.hidden = !items.length;
    if (single) input.setAttribute("aria-expanded", String(items.length > 0));
    if (items.length) say(`${items.length} ${items.length === 1 ? "suggestion" : "suggestions"}: by the arrows, and Enter`);
    input.removeAttribute("aria-activedescendant");
  };
  const pick = (nth) => {
    const item = shown[nth];
    show([]);
    choose(item);
  };
  const move = (to) => {
    list.children[at]?.setAttribute("aria-selected", "false");
    at = to;
    list.children[at].setAttribute("aria-selected", "true");
    list.children[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", `${id}-${at}`);
  };
  const refresh = async () => {
    const turn = (asked += 1);
    const items = await offers(input.value);
    if (turn === asked) show(items);
  };
  input.addEventListener("input", refresh);
  input.addEventListener("blur", () => { asked += 1; show([]); });
  input.addEventListener("keydown", (event) => {
    if (!shown.length || event.isComposing) return;
    if (event.key === "ArrowDown") move((at + 1) % shown.length);
    else if (event.key === "ArrowUp") move((at - 1 + shown.length) % shown.length);
    else if ((event.key === "Enter" && at >= 0) || (event.key === "Tab" && at >= 0)) pick(at);
    else if (event.key === "Escape") show([]);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  return { list, refresh, close: () => { asked += 1; show([]); } };
}
