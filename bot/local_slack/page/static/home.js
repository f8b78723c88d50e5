// App Home: what the app has drawn for this person.

import { blocks } from "./blocks.js";
import { el } from "./dom.js";
import { entriesAt } from "./entries.js";
import { keyed } from "./keyed.js";
import { sight } from "./sight.js";

export function drawHome(scene) {
  const view = sight.home;
  if (!view) {
    keyed(scene, [{ key: "none", stamp: "", make: () => el("p", { class: "fine none" }, `${sight.app.real_name} has not drawn this page yet.`) }]);
    return;
  }
  const at = { level: 2, entries: entriesAt({ view: view.id }), errors: view.errors };
  const trouble = view.trouble ? [{ key: "trouble", stamp: view.trouble, make: () => el("p", { class: "wrong", role: "status" }, view.trouble) }] : [];
  keyed(scene, [...trouble, ...view.blocks.map((block) => ({ key: block.block_id, stamp: JSON.stringify(block), make: () => el("div", { class: "part" }, blocks(at, [block])) }))]);
}
