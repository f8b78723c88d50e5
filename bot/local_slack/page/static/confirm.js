// "Are you sure?": docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object.

import { el, freshId } from "./dom.js";
import { textOf, wordsOf } from "./mrkdwn.js";

// True where it is to be done. Focus goes to the way out, and comes back to where it was.
export function confirmed(asks) {
  if (!asks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const id = freshId("confirm");
    const yes = el("button", { type: "button", class: asks.style === "danger" ? "danger" : "primary", on: { click: () => box.close("yes") } }, wordsOf(asks.confirm));
    const no = el("button", { type: "button", autofocus: true, on: { click: () => box.close("") } }, wordsOf(asks.deny));
    const box = el("dialog", { class: "confirm", role: "alertdialog", "aria-labelledby": id, "aria-describedby": `${id}-text` },
      el("h2", { id }, wordsOf(asks.title)), el("p", { id: `${id}-text` }, textOf(asks.text)), el("div", { class: "ends" }, no, yes));
    box.addEventListener("close", () => { box.remove(); resolve(box.returnValue === "yes"); });
    document.body.append(box);
    box.showModal();
  });
}
