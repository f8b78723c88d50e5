// Begins: looks at everything as one person, draws it, and follows what changes.

import "./theme.js";
import { drawConversation } from "./conversation.js";
import { look } from "./desk.js";
import { drawModal } from "./modal.js";
import { say, warn } from "./notices.js";
import { drawPersons } from "./persons.js";
import { where, written } from "./place.js";
import { drawSide, show } from "./side.js";
import { put, sight, title, personName, whole } from "./sight.js";
import { follow, leave } from "./stream.js";
import { drawThread } from "./thread.js";
import { inZoneOf } from "./times.js";

let turn = 0;

async function lookAs(person) {
  const mine = (turn += 1);
  leave();
  let state;
  try {
    state = await look(person).catch((error) => (person ? look("") : Promise.reject(error)));
  } catch (error) {
    warn(error.message);
    return false;
  }
  if (mine !== turn) return false;
  whole(state);
  inZoneOf(sight.me);
  follow(sight.me.id, sight.seq, { piece: came, lost, back: () => warn("") });
  return true;
}

function came(piece) {
  if (piece.kind === "anew") return lookAs(sight.me.id).then((done) => done && draw(false));
  for (const fresh of put(piece)) {
    if (fresh.user !== sight.me.id && piece.channel.id !== where().channel) say(`New in ${title(sight.channels.get(piece.channel.id))}: ${personName(fresh.user)}`);
  }
  return draw(false);
}

function lost(forGood) {
  warn(forGood ? "This page is closed. Open it with the address that the terminal printed last." : "The desk does not answer. What stands here is as it was; this page goes on by itself when the desk is back.");
}

function draw(arrived) {
  document.getElementById("app-name").textContent = sight.app.real_name;
  document.getElementById("team-name").textContent = sight.team.name;
  drawPersons();
  drawSide();
  drawConversation(arrived);
  drawThread(arrived);
  drawModal();
}

async function arrive(arrived) {
  const place = where();
  const other = !sight.me || (place.person && place.person !== sight.me.id);
  if (other && !(await lookAs(place.person))) return;
  const channel = where().channel;
  const known = channel === "home" || sight.channels.has(channel);
  const here = { person: sight.me.id, channel: known ? channel : beginning(), thread: known ? place.thread : "" };
  if (location.hash !== written(here)) history.replaceState(null, "", written(here));
  if (arrived && other) say(`You are ${sight.me.real_name}`);
  show(false);
  draw(arrived);
}

const beginning = () => [...sight.channels.values()].find((channel) => channel.kind !== "im")?.id ?? "home";

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("conversation").focus();
});
addEventListener("hashchange", () => arrive(true));
arrive(false);
