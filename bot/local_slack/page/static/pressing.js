// A press: asked back where the app wants that, shown as under way until it is acknowledged, and never twice at once.

import { confirmed } from "./confirm.js";
import { told } from "./notices.js";

export async function press(at, block, element, chosen, node) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (!(await confirmed(element.confirm))) return;
  busy(node, true);
  await told(at.entries.press(block, element, chosen));
  busy(node, false);
}

export function busy(node, is) {
  node.setAttribute("aria-busy", String(is));
}
