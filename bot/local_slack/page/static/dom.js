// Elements are made here, and only here. What is data becomes text nodes and attributes that are not obeyed: there is no innerHTML.

const SAFE = ["http:", "https:", "mailto:"];

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    else if (name === "data") Object.assign(made.dataset, value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const each of children.flat()) if (each !== null && each !== undefined && each !== false) made.append(each);
  return made;
}

// A link that can only go to a page or to a letter; anything else is shown and leads nowhere.
export function link(address, children, attributes = {}) {
  const href = safe(address);
  if (!href) return el("span", attributes, children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", ...attributes }, children);
}

export function safe(address) {
  try {
    const url = new URL(String(address));
    return SAFE.includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}

export const unseen = (text) => el("span", { class: "unseen" }, text);

const DRAWN = {
  close: "M5 5l10 10M15 5L5 15",
  back: "M12 4l-6 6 6 6",
  check: "M4 10.5l4 4 8-9",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  more: "M4.5 10h1M9.5 10h1M14.5 10h1",
  talk: "M3 4h14v9H9l-4 4v-4H3z",
  file: "M5 3h6l4 4v10H5zM11 3v4h4",
  warn: "M10 3l8 14H2zM10 8v4M10 14.5h.01",
  down: "M5 8l5 5 5-5",
  home: "M3 10l7-6 7 6M5 9v8h10V9",
};

// A sign beside words, never instead of them: it is hidden from who hears the page.
export function icon(name) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true", focusable: "false" })) {
    made.setAttribute(key, value);
  }
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", DRAWN[name]);
  made.append(path);
  return made;
}

let given = 0;
export const freshId = (name) => `${name}-${(given += 1)}`;
