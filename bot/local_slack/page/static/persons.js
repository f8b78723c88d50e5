// Whom one acts as: a practice workspace is tried by one who is all of its people.

import { el } from "./dom.js";
import { keyed } from "./keyed.js";
import { go, where } from "./place.js";
import { opener, popup } from "./popup.js";
import { sight } from "./sight.js";

const who = document.getElementById("who");

export function drawPersons() {
  const people = [...sight.people.values()].filter((person) => !person.bot);
  keyed(who, [{
    key: "who", stamp: JSON.stringify([sight.me, people]), make: () => popup({
      kind: "listbox", label: "You are", name: "who", look: "select",
      shown: [el("span", { class: "fine you" }, "You are "), ...opener(sight.me.real_name)],
      items: () => people.map((person) => ({ label: person.real_name, about: aboutOf(person), value: person.id, checked: person.id === sight.me.id })),
      choose: ({ value }) => go({ person: value, channel: where().channel, thread: "" }),
    }),
  }]);
}

const aboutOf = (person) => [person.title, person.guest && "guest", person.team_id !== sight.team.id && "of another workspace"].filter(Boolean).join(", ");
