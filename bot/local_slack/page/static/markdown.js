// The block `markdown` (docs.slack.dev/reference/block-kit/blocks/markdown-block): what of Markdown messages use.

import { el, link } from "./dom.js";

export function markdown(text, level) {
  const nodes = [];
  const rest = text.split("\n");
  while (rest.length) {
    const line = rest.shift();
    const heading = /^(#{1,6}) (.*)$/u.exec(line);
    const item = /^\s*(?:([-*+])|\d{1,9}[.)]) (.*)$/u.exec(line);
    if (!line.trim()) continue;
    if (line.startsWith("```")) nodes.push(el("pre", {}, taken(rest, (next) => !next.startsWith("```")).join("\n"))), rest.shift();
    else if (heading) nodes.push(el(`h${Math.min(6, level + heading[1].length - 1)}`, {}, inline(heading[2])));
    else if (line.startsWith(">")) nodes.push(el("blockquote", {}, broken([line, ...taken(rest, (next) => next.startsWith(">"))].map((each) => each.replace(/^> ?/u, "")))));
    else if (item) {
      const same = (next) => (item[1] ? /^\s*[-*+] /u : /^\s*\d{1,9}[.)] /u).test(next);
      const items = [line, ...taken(rest, same)].map((each) => each.replace(/^\s*(?:[-*+]|\d{1,9}[.)]) /u, ""));
      nodes.push(el(item[1] ? "ul" : "ol", {}, items.map((each) => el("li", {}, inline(each)))));
    } else {
      const ends = /^(?:```|#{1,6} |>|\s*[-*+] |\s*\d{1,9}[.)] |\s*$)/u;
      nodes.push(el("p", {}, broken([line, ...taken(rest, (next) => !ends.test(next))])));
    }
  }
  return nodes;
}

function taken(rest, wanted) {
  const some = [];
  while (rest.length && wanted(rest[0])) some.push(rest.shift());
  return some;
}

const broken = (some) => some.flatMap((line, at) => (at ? [el("br"), ...inline(line)] : inline(line)));

const INLINE = /(`[^`\n]+`)|(\*\*[^*\n]+\*\*)|(\*[^*\s][^*\n]*\*|_[^_\s][^_\n]*_)|(~~[^~\n]+~~)|\[([^\]\n]+)\]\(([^)\s]+)\)/gu;

function inline(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, code, strong, em, struck, label, address] = found;
    nodes.push(text.slice(from, found.index));
    if (code) nodes.push(el("code", {}, code.slice(1, -1)));
    else if (strong) nodes.push(el("strong", {}, strong.slice(2, -2)));
    else if (em) nodes.push(el("em", {}, em.slice(1, -1)));
    else if (struck) nodes.push(el("s", {}, struck.slice(2, -2)));
    else nodes.push(link(address, label));
    from = found.index + whole.length;
  }
  return [...nodes, text.slice(from)];
}
