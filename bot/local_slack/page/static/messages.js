// A message as it stands in a channel or a thread.

import { blocks } from "./blocks.js";
import { addressOf } from "./desk.js";
import { el, freshId, icon, unseen } from "./dom.js";
import { entriesAt } from "./entries.js";
import { mrkdwn } from "./mrkdwn.js";
import { written } from "./place.js";
import { personName, sight } from "./sight.js";
import { clock, day, machine } from "./times.js";

// `level`: of the headings in it; `thread`: it stands in its thread, so no way leads there.
export function message(seen, channel, { level, thread = false }) {
  const id = freshId("message");
  const author = sight.people.get(seen.user);
  const name = author?.real_name ?? "Somebody who has left";
  const at = { level, entries: entriesAt({ channel: channel.id, ts: seen.ts }) };
  const words = seen.blocks.length ? blocks(at, seen.blocks) : [el("div", { class: "text" }, mrkdwn(seen.text))];
  return el("article", { class: `message${seen.ephemeral ? " alone" : ""}`, tabindex: -1, "aria-labelledby": `${id}-from`, data: { ts: seen.ts } },
    el("div", { class: `avatar${seen.bot ? "" : " person"}`, "aria-hidden": "true" }, [...name][0]),
    el("div", { class: "body" },
      el("p", { class: "from", id: `${id}-from` },
        el("b", {}, name), author?.bot && [" ", el("span", { class: "tag" }, "app")], author?.guest && [" ", el("span", { class: "tag" }, "guest")],
        " ", el("time", { datetime: machine(seen.ts), title: `${day(seen.ts)}, ${clock(seen.ts, { seconds: true })}` }, clock(seen.ts)),
        seen.ephemeral && [" ", el("span", { class: "only" }, icon("eye"), "Only visible to you")]),
      !thread && seen.broadcast && el("p", { class: "fine" }, "replied to a thread"),
      el("div", { class: seen.bot && seen.blocks.length ? "card" : "said" }, words),
      seen.edited && el("span", { class: "fine" }, "(edited)"),
      seen.files.length > 0 && el("ul", { class: "files" }, seen.files.map(file)),
      seen.trouble && el("p", { class: "wrong" }, icon("warn"), el("span", {}, seen.trouble)),
      !thread && !seen.ephemeral && threadLink(seen, channel)));
}

const KINDS = { "image/png": 1, "image/jpeg": 1, "image/gif": 1, "image/webp": 1 };

function file(seen) {
  const address = addressOf(seen);
  return el("li", { class: "file" }, icon("file"),
    el("span", {}, el("a", { href: address, download: seen.name, data: { focus: `file ${seen.id}` } }, unseen("Download "), seen.title || seen.name), el("span", { class: "fine" }, `${seen.name} · ${size(seen.size)}`)),
    KINDS[seen.mimetype] && el("img", { src: address, alt: seen.alt_txt || `Picture: ${seen.title || seen.name}` }));
}

export function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const [most, name] = bytes < 1e6 ? [1e3, "kB"] : [1e6, "MB"];
  return `${(bytes / most).toFixed(bytes < 10 * most ? 1 : 0)} ${name}`;
}

function threadLink(seen, channel) {
  const href = written({ person: sight.me.id, channel: channel.id, thread: seen.thread_ts || seen.ts });
  const many = seen.replies.length;
  const last = seen.replies.at(-1);
  const names = [...new Set(seen.replies.map((reply) => personName(reply.user)))].slice(0, 3).join(", ");
  return el("p", { class: many ? "replies" : "reply" },
    el("a", { href, data: { focus: "thread", thread: seen.thread_ts || seen.ts } }, many ? `${many} ${many === 1 ? "reply" : "replies"}` : "Reply in thread"),
    many > 0 && el("span", { class: "fine" }, ` ${names}, last at ${clock(last.ts)}`));
}
