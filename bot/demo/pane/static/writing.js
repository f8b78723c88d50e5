// A mail to the desk, as one of the missions: it goes in as mail does, and the desk takes it from there.

import { act } from "./asking.js";
import { el, freshId } from "/page/look/dom.js";
import { say, told } from "/page/look/notices.js";

export function writing(given, sent) {
  const [subjectId, textId, reportId] = ["subject", "text", "report"].map(freshId);
  const subject = el("input", { id: subjectId, type: "text", required: true, maxlength: 200, autocomplete: "off", value: given.subject });
  const text = el("textarea", { id: textId, rows: 8, maxlength: 20000 }, given.text);
  const report = el("input", { id: reportId, type: "checkbox", checked: given.report });
  const send = el("button", { class: "primary" }, "Send the mail");
  async function post(event) {
    event.preventDefault();
    send.setAttribute("aria-busy", "true");
    const mail = { sender: given.sender, subject: subject.value, text: text.value, answers: given.answers, report: report.checked };
    const done = await told(act("writes", mail));
    send.removeAttribute("aria-busy");
    if (!done) return;
    sent();
    say("The mail has been sent to the desk");
  }
  return el("form", { class: "writing", on: { submit: post } },
    el("p", { class: "fine" }, `From ${given.sender}`),
    el("div", { class: "field" }, el("label", { for: subjectId }, "Subject"), subject),
    el("div", { class: "field" }, el("label", { for: textId }, "Text"), text),
    el("div", { class: "pick" }, report, el("label", { for: reportId }, "With a report of one page as a PDF file")),
    el("div", { class: "actions" }, send));
}
