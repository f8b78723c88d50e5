// Slack's mrkdwn as nodes (docs.slack.dev/messaging/formatting-message-text), in time that grows with its length alone.

import { el, link } from "./dom.js";
import { signs } from "./emoji.js";
import { channelName, personName } from "./sight.js";
import { dated } from "./times.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

export function mrkdwn(text, { verbatim = false } = {}) {
  const nodes = [];
  text.split("```").forEach((piece, at, pieces) => {
    if (at % 2 && at < pieces.length - 1) nodes.push(el("pre", {}, plain(piece.replace(/^\n/u, ""))));
    else add(nodes, lines(at % 2 ? `\`\`\`${piece}` : piece, verbatim));
  });
  return nodes;
}

// One by one: a call takes no more than some ten thousand arguments.
function add(nodes, some) {
  for (const each of some) nodes.push(each);
}

export function plain(text) {
  return text.replace(/&(?:amp|lt|gt);/gu, (found) => ENTITIES[found]);
}

function lines(text, verbatim) {
  const nodes = [];
  let quoted = [];
  let all = false;
  const quote = () => {
    if (quoted.length) nodes.push(el("blockquote", {}, broken(quoted, verbatim)));
    quoted = [];
  };
  let open = [];
  const flush = () => {
    if (open.some((line) => line)) add(nodes, broken(open, verbatim));
    open = [];
  };
  for (const line of text.split("\n")) {
    const many = /^(?:>>>|&gt;&gt;&gt;) ?/u.exec(line);
    const one = many ?? /^(?:>|&gt;) ?/u.exec(line);
    if (all || one) {
      flush();
      quoted.push(all ? line : line.slice(one[0].length));
      all ||= Boolean(many);
    } else {
      quote();
      open.push(line);
    }
  }
  flush();
  quote();
  return nodes;
}

function broken(some, verbatim) {
  return some.flatMap((line, at) => (at ? [el("br"), ...inline(line, verbatim)] : inline(line, verbatim)));
}

// `inside`: the marks that are open already; a mark within itself is none.
function inline(text, verbatim, inside = "") {
  const nodes = [];
  const unclosed = new Set();
  let from = 0;
  let at = 0;
  const flush = (end) => {
    if (end > from) add(nodes, words(text.slice(from, end), verbatim));
  };
  const take = (node, end) => {
    flush(at);
    nodes.push(node);
    at = from = end;
  };
  while (at < text.length) {
    const sign = text[at];
    if (sign === "<" && !unclosed.has("<")) {
      const end = text.indexOf(">", at);
      const node = end < 0 ? null : control(text.slice(at + 1, end));
      if (end < 0) unclosed.add("<");
      if (node) { take(node, end + 1); continue; }
    } else if (sign === "`" && !unclosed.has("`")) {
      const end = text.indexOf("`", at + 1);
      if (end < 0) unclosed.add("`");
      if (end > at + 1) { take(el("code", {}, plain(text.slice(at + 1, end))), end + 1); continue; }
    } else if (MARKS[sign] && !inside.includes(sign) && !unclosed.has(sign) && opens(text, at)) {
      const end = closing(text, at, sign);
      if (end < 0) unclosed.add(sign);
      else { take(el(MARKS[sign], {}, inline(text.slice(at + 1, end), verbatim, inside + sign)), end + 1); continue; }
    }
    at += 1;
  }
  flush(text.length);
  return nodes;
}

function opens(text, at) {
  return !(at && WORD.test(text[at - 1])) && at + 1 < text.length && !/\s/u.test(text[at + 1]) && text[at + 1] !== text[at];
}

function closing(text, at, sign) {
  for (let end = text.indexOf(sign, at + 2); end >= 0; end = text.indexOf(sign, end + 1)) {
    if (!/\s/u.test(text[end - 1]) && !(end + 1 < text.length && WORD.test(text[end + 1]))) return end;
  }
  return -1;
}

// What stands between < and >; null where it is nothing of Slack's, and then it is shown as it was written.
function control(token) {
  const bar = token.indexOf("|");
  const [target, label] = bar < 0 ? [token, ""] : [token.slice(0, bar), token.slice(bar + 1)];
  if (/^@[A-Z0-9]+$/u.test(target)) return mention(`@${personName(target.slice(1)) || label || target.slice(1)}`);
  if (/^#[A-Z0-9]+$/u.test(target)) return mention(`#${channelName(target.slice(1)) || label || "private channel"}`);
  if (/^!(?:here|channel|everyone)$/u.test(target)) return mention(`@${target.slice(1)}`);
  if (/^!subteam\^[A-Z0-9]+$/u.test(target)) return mention(label || "@group");
  if (target.startsWith("!date^")) return date(target.split("^"), label);
  if (/^(?:https?:\/\/|mailto:)/u.test(target)) return link(plain(target), plain(label) || plain(target).replace(/^mailto:/u, ""));
  return null;
}

function date([, seconds, pattern = "", address = ""], fallback) {
  const known = /^\d{1,12}$/u.test(seconds) && pattern;
  const shown = known ? dated(Number(seconds), plain(pattern)) : plain(fallback);
  return address ? link(plain(address), shown) : el("span", { class: "date", title: plain(fallback) }, shown);
}

export const mention = (text) => el("span", { class: "mention" }, text);

function words(text, verbatim) {
  const shown = signs(text);
  if (verbatim) return [plain(shown)];
  const nodes = [];
  let from = 0;
  for (const found of shown.matchAll(/https?:\/\/[^\s<>|]+/gu)) {
    const address = plain(found[0]).replace(/[.,;:!?)\]'"]+$/u, "");
    if (found.index > from) nodes.push(plain(shown.slice(from, found.index)));
    nodes.push(link(address, address), plain(found[0]).slice(address.length));
    from = found.index + found[0].length;
  }
  if (from < shown.length) nodes.push(plain(shown.slice(from)));
  return nodes;
}

// A text object of Block Kit, mrkdwn or plain.
export function textOf(part) {
  if (!part) return [];
  if (part.type === "mrkdwn") return mrkdwn(part.text, part);
  return [part.emoji === false ? part.text : signs(part.text)];
}

export const wordsOf = (part) => (part ? (part.type === "plain_text" && part.emoji !== false ? signs(part.text) : part.text) : "");
