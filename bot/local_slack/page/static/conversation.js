// The middle of the page: a channel with its box, or the app's Home.

import { composer } from "./composer.js";
import { act } from "./desk.js";
import { el } from "./dom.js";
import { drawHome } from "./home.js";
import { bottom, drawLog, log } from "./log.js";
import { told } from "./notices.js";
import { where } from "./place.js";
import { direct, sight, title, unreadInAll } from "./sight.js";

const [name, topic, scene, say, main] = ["conversation-name", "topic", "scene", "say", "conversation"].map((id) => document.getElementById(id));
let shown = "";
let made = null;
let newFrom = "";

// `arrived`: somebody has just come here, so that the focus goes along.
export function drawConversation(arrived) {
  const { channel: id } = where();
  const key = `${sight.me.id} ${id}`;
  const first = key !== shown;
  const before = shown;
  shown = key;
  if (id === "home") home(first);
  else channelOf(sight.channels.get(id), first);
  document.title = [unreadInAll() ? `(${unreadInAll()})` : "", name.textContent, "·", sight.me.real_name].filter(Boolean).join(" ");
  if (first && before && arrived) (say.querySelector("textarea") && matchMedia("(min-width: 641px)").matches ? say.querySelector("textarea") : main).focus();
}

function home(first) {
  name.textContent = `${sight.app.real_name}: Home`;
  topic.textContent = "";
  if (first) {
    scene.replaceChildren(el("div", { class: "home" }));
    say.replaceChildren();
    told(act("opens_home", { tab: "home" }));
  }
  drawHome(scene.firstChild);
}

function channelOf(channel, first) {
  if (!channel) {
    name.textContent = "Nothing to see here";
    topic.textContent = "";
    scene.replaceChildren(el("p", { class: "fine none" }, `${sight.me.real_name} is not a member of this channel. Choose another on the left.`));
    say.replaceChildren();
    return;
  }
  name.textContent = title(channel);
  topic.textContent = channel.topic;
  if (first) {
    newFrom = channel.unread ? channel.last_read || "0" : "";
    made = log(`Messages in ${title(channel)}`);
    scene.replaceChildren(made, made.below);
    say.replaceChildren(composer({ channel: channel.id, label: `Message ${title(channel)}`, sends: () => bottom(made) }));
    if (channel === direct()) told(act("opens_home", { tab: "messages" }));
  }
  const messages = [...channel.messages.values()];
  drawLog(made, channel, messages, { level: 2, newFrom, first, own: messages.at(-1)?.user === sight.me.id });
  read(channel);
}

// What stands on the screen has been read; while nobody looks, or another room is before it, it has not.
function read(channel) {
  if (channel.unread && document.visibilityState === "visible" && main.offsetParent) told(act("reads", { channel: channel.id }));
}

function looked() {
  const channel = sight.channels.get(where().channel);
  if (channel) read(channel);
}

document.addEventListener("visibilitychange", looked);
new ResizeObserver(looked).observe(main);
