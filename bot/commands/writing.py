"""/1540 mail KEY reply, letter to KEY: an officer's own words to one party; shown whole first, then a button sends them."""

from dataclasses import replace

from bot.commands.remind import stale
from bot.registry import command
from committee.cards import Card, Offer, Page
from committee.counting import counted
from committee.handling import Handling
from committee.letters import Letter
from committee.staff import Person, Role
from mailflows import correspondents, pages, titles, writing
from mailflows.desk import Desk
from mailflows.presses import Act, Press
from mailflows.reminders import Stale
from mailflows.writing import Plan

NOT_HERE = "as that of the mail, which is not open, so it is not shown in chat"
DOTS = '"…"'
"""Stands in a button's line for a text that the button carries."""


@command("mail MAIL reply TEXT", role=Role.OFFICER, example='mail M-2012-0003 reply "The report may come in French."')
async def reply(desk: Desk, person: Person, *, mail: str, text: str, press: Press | None = None) -> Card:
    """Answer one mail in your own words: shows the letter and who gets it, then a button sends it."""
    send = Offer("Send the answer", f"mail {mail} reply {DOTS}", "primary", texts=(("text", text),))
    who = Act(person, desk, press)
    if press is None or not press.digest:  # the button of a card that has not shown it yet
        return await preview(await writing.preview_answer(mail, text, who), send, desk)
    try:
        sent = await writing.answer(mail, text, who)
    except Stale:
        return stale(await preview(await writing.preview_answer(mail, text, who), send, desk))
    return await queued(sent, person, desk)


@command(
    "letter to ADDRESSEE SUBJECT TEXT",
    role=Role.OFFICER,
    example='letter to MWI "Visit of the experts" "The experts would be in Lilongwe from 1 to 5 October."',
)
async def letter_to(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk, person: Person, *, addressee: str, subject: str, text: str, press: Press | None = None
) -> Card:
    """Write to one party in your own words: shows the letter and who gets it, then a button sends it."""
    texts = (("subject", subject), ("text", text))
    send = Offer("Send the letter", f"letter to {addressee} {DOTS} {DOTS}", "primary", texts=texts)
    who = Act(person, desk, press)
    if press is None or not press.digest:
        return await preview(await writing.preview_letter(addressee, subject, text, who), send, desk)
    try:
        sent = await writing.write(addressee, subject, text, who)
    except Stale:
        return stale(await preview(await writing.preview_letter(addressee, subject, text, who), send, desk))
    return await queued(sent, person, desk)


async def preview(plan: Plan, send: Offer, desk: Desk) -> Card:
    draft = plan.draft
    name = await correspondents.party_name(desk.store, draft.party, desk)
    to = counted(len(draft.addressees), "address", "addresses")
    second = plan.takes_a_second_person
    label = "Prepare it for a second person to release" if second else send.label
    waits = " One person prepares it and a second one, an approver, releases it." if second else ""
    return Card(
        f"A letter to {name}",
        f"It would go to {to}, as they stand in the address book.{waits}",
        tuple({"address": one.address, "name": one.name, "copy": one.copy} for one in draft.addressees),
        {"key": draft.key, "party": draft.party, "kind": draft.kind, "language": draft.language},
        offers=(replace(send, label=label, digest=plan.digest),),
        notes=(*plan.notes, *await titles.missing([draft], desk.store)),
        page=_in_chat(await pages.page(draft, desk), plan, desk),
        approval=second,
    )


def _in_chat(page: Page, plan: Plan, desk: Desk) -> Page:
    """In chat nobody is shown the subject of a mail that is not open; what goes out has it all the same."""
    if not (desk.in_chat and plan.answers) or plan.draft.handling is Handling.OPEN:
        return page
    heading = tuple((name, NOT_HERE if name == "Subject" else value) for name, value in page.heading)
    return replace(page, heading=heading)


async def queued(sent: Letter | None, person: Person, desk: Desk) -> Card:
    if sent is None:
        text = "It is prepared; nothing was sent. An approver who is somebody else releases it: approvals"
        return Card("The letter waits for a second person", text, fields={"letters": 0})
    name = await correspondents.party_name(desk.store, sent.party, desk)
    text = f"Queued by {person.name} for {name}; to halt it: stop {sent.key}. How far it has come: letter {sent.key}"
    fields = {"key": sent.key, "reference": sent.reference, "party": sent.party, "letters": 1}
    return Card(f"{sent.reference}: {sent.kind}, queued", text, fields=fields)
