// The block `rich_text` (docs.slack.dev/reference/block-kit/blocks/rich-text-block).

import { el, link } from "./dom.js";
import { mention } from "./mrkdwn.js";
import { signs } from "./emoji.js";
import { channelName, personName } from "./sight.js";
import { dated } from "./times.js";

const PARTS = {
  rich_text_section: (part) => el("p", {}, part.elements.map(inline)),
  rich_text_preformatted: (part) => el("pre", {}, part.elements.map(inline)),
  rich_text_quote: (part) => el("blockquote", {}, part.elements.map(inline)),
  rich_text_list: (part) =>
    el(part.style === "ordered" ? "ol" : "ul", { class: `indent-${Math.min(8, Number(part.indent) || 0)}`, start: part.offset ? Number(part.offset) + 1 : null },
      part.elements.map((item) => el("li", {}, item.elements.map(inline)))),
};

export const rich = (block) => el("div", { class: "rich" }, (block.elements ?? []).map((part) => PARTS[part.type]?.(part)));

function inline(part) {
  switch (part.type) {
    case "text": return styled(part.text, part.style);
    case "link": return styled(link(part.url, part.text || part.url), part.style);
    case "user": return mention(`@${personName(part.user_id) || part.user_id}`);
    case "channel": return mention(`#${channelName(part.channel_id) || "private channel"}`);
    case "usergroup": return mention("@group");
    case "broadcast": return mention(`@${part.range}`);
    case "emoji": return signs(`:${part.name}:`);
    case "date": return part.format ? dated(part.timestamp, part.format) : (part.fallback ?? "");
    case "color": return el("code", {}, part.value);
    default: return null;
  }
}

function styled(content, style = {}) {
  const tags = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]];
  return tags.reduce((inner, [name, tag]) => (style?.[name] ? el(tag, {}, inner) : inner), content);
}

// What is typed into a rich_text_input, as Slack's value of it: a section for each paragraph.
export const richValue = (text) => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
});

export const richWords = (value) =>
  (value?.elements ?? []).flatMap((part) => part.elements ?? []).map((part) => part.text ?? part.url ?? "").join("");
