// The mailboxes: whose letters one looks at, the letters that stand there, one of them, or a mail that is being written.

import { addressOfLetter, mailboxes } from "./asking.js";
import { count, enter } from "./rooms.js";
import { writing } from "./writing.js";
import { el, icon, freshId } from "/page/look/dom.js";
import { keyed } from "/page/look/keyed.js";
import { say, told } from "/page/look/notices.js";

const id = freshId("mailbox");
const choice = el("select", { id, on: { change: () => look(choice.value) } });
const place = el("div", { class: "place" });
export const mail = el("div", { class: "mail" },
  el("div", { class: "field" }, el("label", { for: id }, "Mailbox of"), choice), place);

let every = [];
let letters = null;
let seen = 0;
let shown = "";
let listed = null;

export async function openMailboxes() {
  every = (await told(mailboxes())) || [];
  choose([]);
  look(every[0]?.address ?? "");
}

export function drawMail(state) {
  const first = letters === null;
  const fresh = first ? 0 : state.letters.length - letters.length;
  letters = state.letters;
  if (fresh > 0) say(fresh === 1 ? `A letter for ${named(letters.at(-1).address)}` : `${fresh} letters in the mailboxes`);
  choose(letters.map((letter) => letter.address));
  noticed();
  if (first && letters.length) look(letters.at(-1).address);
  else if (listed) drawList();
}

// A mail of the tour, as its mission would write it; it is sent by whoever presses Send.
export function fillIn(given) {
  enter("mail");
  look(given.sender);
  write(given);
}

const named = (address) => every.find((one) => one.address === address)?.name ?? address;
const visible = () => mail.offsetParent !== null;

function choose(addresses) {
  const with_ = every.filter((one) => addresses.includes(one.address));
  const stamp = with_.map((one) => one.address).join(" ");
  if (choice.dataset.stamp === stamp) return;
  const kept = choice.value;
  choice.dataset.stamp = stamp;
  const group = (label, some) => some.length > 0 && el("optgroup", { label }, some.map((one) => el("option", { value: one.address }, `${one.name}`)));
  choice.replaceChildren(...[group("With letters", with_), group("Everybody who can write", every.filter((one) => !with_.includes(one)))].filter(Boolean));
  choice.value = kept || every[0]?.address;
}

function look(address) {
  shown = address;
  choice.value = address;
  listed = el("ul", { class: "letters" });
  const write_ = el("button", { type: "button", class: "primary", on: { click: () => write({ sender: shown, subject: "", text: "", answers: 0, report: false }) } }, "Write to the desk");
  place.replaceChildren(el("div", { class: "actions" }, write_, el("span", { class: "fine" }, shown)), listed);
  drawList();
}

// What has come while nobody looked at the mailboxes is counted beside their name until somebody does.
function noticed() {
  const many = letters?.length ?? 0;
  if (visible()) seen = many;
  count("mail", many - seen, "new letters");
}

addEventListener("entered", noticed);

function drawList() {
  const here = (letters ?? []).filter((letter) => letter.address === shown).reverse();
  const none = { key: "none", stamp: "", make: () => el("li", { class: "fine" }, "No letter has come here yet.") };
  keyed(listed, here.length ? here.map((letter) => ({ key: letter.number, stamp: "", make: () => entry(letter) })) : [none]);
}

function entry(letter) {
  return el("li", {}, el("button", { type: "button", class: "letter", data: { focus: letter.number }, on: { click: () => read(letter) } },
    el("span", { class: "subject" }, letter.subject), el("span", { class: "fine" }, letter.from), el("span", { class: "fine" }, letter.at)));
}

// What others wrote is in a frame in which nothing runs.
function read(letter) {
  listed = null;
  const title = el("h3", { tabindex: -1 }, letter.subject);
  const answer = el("button", { type: "button", class: "primary", on: { click: () => write({ sender: shown, subject: answering(letter.subject), text: "", answers: letter.number, report: false }) } }, "Answer");
  place.replaceChildren(
    el("div", { class: "actions" }, back(), answer), title, el("p", { class: "fine" }, `${letter.from}, ${letter.at}`),
    el("iframe", { sandbox: "", src: addressOfLetter(letter.number), title: `Letter: ${letter.subject}` }));
  title.focus();
}

const answering = (subject) => (/^re:/iu.test(subject) ? subject : `Re: ${subject}`);
const back = () => el("button", { type: "button", class: "quiet", on: { click: () => { look(shown); place.querySelector("button").focus(); } } }, icon("back"), " All letters");

function write(given) {
  listed = null;
  const form = writing(given, () => { look(shown); place.querySelector("button").focus(); });
  place.replaceChildren(el("div", { class: "actions" }, back()), form);
  form.querySelector("input").focus();
}
