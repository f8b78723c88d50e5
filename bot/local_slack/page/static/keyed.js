// Children that stand under keys: what has not changed keeps its element, and who stands in one that has is put back there.

const STANDING = Symbol("standing");

// parts: [{ key, stamp, make }] in order; an element is made anew only where its stamp is another.
export function keyed(parent, parts) {
  const before = parent[STANDING] ?? new Map();
  const after = new Map();
  const focused = focusWithin(parent);
  for (const { key, stamp, make } of parts) {
    const known = before.get(key);
    after.set(key, known && known.stamp === stamp ? known : { stamp, node: make() });
  }
  for (const [key, { node }] of before) if (after.get(key)?.node !== node) node.remove();
  let at = parent.firstChild;
  for (const { node } of after.values()) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
  parent[STANDING] = after;
  if (focused && !parent.contains(document.activeElement)) refocus(parent, focused, after, before);
}

// Where somebody is: under which key, and on what of it.
function focusWithin(parent) {
  const active = document.activeElement;
  if (!parent.contains(active) || active === parent) return null;
  const child = [...parent.children].find((each) => each.contains(active));
  const { selectionStart: start = null, selectionEnd: end = null } = active;
  return { child, name: active.dataset.focus ?? "", start, end };
}

function refocus(parent, { child, name, start, end }, after, before) {
  const key = [...before].find(([, { node }]) => node === child)?.[0];
  const node = after.get(key)?.node;
  const place = (node && name && named(node, name)) || node?.closest("[tabindex]") || parent.closest("[tabindex]");
  place?.focus({ preventScroll: true });
  if (place && start !== null && place.setSelectionRange && place.type !== "email" && place.type !== "number") {
    place.setSelectionRange(start, end);
  }
}

// What has this name; else the same action in a block that Slack has named anew.
export function named(node, name) {
  const all = [node, ...node.querySelectorAll("[data-focus]")];
  const action = name.includes("/") ? name.slice(name.indexOf("/")) : null;
  return all.find((each) => each.dataset.focus === name) ?? (action && all.find((each) => each.dataset.focus?.endsWith(action))) ?? null;
}
