// Block Kit as a browser shows it (docs.slack.dev/reference/block-kit/blocks); `at` says where, and how deep its headings are.

import { acting, picture } from "./acting.js";
import { addressOfId } from "./desk.js";
import { el, link } from "./dom.js";
import { field } from "./fields.js";
import { markdown } from "./markdown.js";
import { textOf, wordsOf } from "./mrkdwn.js";
import { rich } from "./rich.js";

export const blocks = (at, parts) => parts.map((block) => (BLOCKS[block.type] ?? unknown)(at, block));

const BLOCKS = {
  header: (at, block) => el(`h${at.level}`, { class: "header" }, textOf(block.text)),
  section,
  context: (at, block) => el("div", { class: "context" }, block.elements.map((part) => (part.type === "image" ? shown(part) : el("span", {}, textOf(part))))),
  divider: () => el("hr"),
  actions: (at, block) => el("div", { class: "actions" }, block.elements.map((element) => acting(at, block, element))),
  image: (at, block) => el("figure", {}, shown(block), block.title && el("figcaption", {}, textOf(block.title))),
  input: (at, block) => field(at, block),
  rich_text: (at, block) => rich(block),
  markdown: (at, block) => el("div", { class: "rich" }, markdown(block.text, at.level)),
  table,
  video: (at, block) => el("figure", { class: "video" }, el("p", {}, el("span", { class: "tag" }, "Video"), " ", link(block.title_url ?? block.video_url, wordsOf(block.title))),
    el("figcaption", {}, block.alt_text, block.description && [el("br"), textOf(block.description)])),
};

function section(at, block) {
  const told = [block.text && el("div", { class: "text" }, textOf(block.text)), block.fields && el("div", { class: "fields" }, block.fields.map((part) => el("div", { class: "fact" }, textOf(part))))];
  const beside = block.accessory && (block.accessory.type === "image" ? shown(block.accessory) : acting(at, block, block.accessory));
  return el("div", { class: "section" }, el("div", { class: "told" }, told), beside && el("div", { class: "beside" }, beside));
}

const shown = (part) => picture(part, (file) => addressOfId(file.id ?? String(file.url).split("/").pop()));

function table(at, block) {
  const settings = block.column_settings ?? [];
  const cell = (tag) => (part, nth) => el(tag, { scope: tag === "th" ? "col" : null, class: `align-${settings[nth]?.align ?? "left"}` }, part.type === "rich_text" ? rich(part) : (part.text ?? ""));
  const [head = [], ...rows] = block.rows ?? [];
  return el("div", { class: "table", tabindex: 0, role: "region", "aria-label": "Table" }, el("table", {},
    el("thead", {}, el("tr", {}, head.map(cell("th")))), el("tbody", {}, rows.map((row) => el("tr", {}, row.map(cell("td")))))));
}

const unknown = (_at, block) => el("p", { class: "fine" }, `This message has a part that is not shown here (${block.type}).`);
