"""/1540 letter KEY second-copy: the same words once more, as a letter of its own that says so; a button sends it."""

from dataclasses import replace

from bot.commands.remind import stale
from bot.registry import command
from bot.since_last import with_difference
from committee.calendar import new_york, written
from committee.cards import Card, Offer
from committee.counting import counted
from committee.letters import DeliveryState
from committee.staff import Person, Role
from mailflows import correspondents, pages, second_copies
from mailflows.desk import Desk
from mailflows.presses import Act, Press
from mailflows.reminders import Stale
from mailflows.second_copies import Plan

THE_DIFFERENCE = (
    "It is not known whether it arrived. “again” sends the same letter, with the same Message-ID and date: most mail programs "
    "show a party that has it already only one. A second copy is a letter of its own, with a number, a date and a Message-ID "
    "of its own, and says which letter it repeats: a party that has the first then has two."
)


@command("letter LETTER second-copy", role=Role.OFFICER, example="letter receipt/S-2012-0017 second-copy")
async def second_copy(desk: Desk, person: Person, *, letter: str, press: Press | None = None) -> Card:
    """Send a letter a second time on purpose, marked as a second copy: shows it whole, then a button sends it."""
    who = Act(person, desk, press)
    if press is None or not press.digest:  # the button of a card that has not shown it yet
        return await _preview(letter, who)
    try:
        sent = await second_copies.write(letter, who)
    except Stale:
        return stale(await _preview(letter, who))
    if sent is None:
        text = "It is prepared; nothing was sent. An approver who is somebody else releases it: approvals"
        return Card("The second copy waits for a second person", text, fields={"letters": 0})
    name = await correspondents.party_name(desk.store, sent.party, desk)
    fields = {"key": sent.key, "reference": sent.reference, "party": sent.party, "second_copy_of": sent.second_copy_of}
    text = f"Queued by {person.name} for {name}; to halt it: stop {sent.key}. How far it has come: letter {sent.key}"
    return Card(f"{sent.reference}: a second copy", text, fields=fields)


async def _preview(key: str, who: Act) -> Card:
    desk, plan = who.desk, await second_copies.preview(key, who)
    first, letter = plan.first, plan.letter
    name = await correspondents.party_name(desk.store, first.party, desk)
    addresses = len(letter.addressees)
    text = (
        f"{first.reference} of {written(new_york(first.date or first.queued_at).date())} to {name} is {plan.state}. "
        f"The second copy would go to {counted(addresses, 'address', 'addresses')}, as they are today."
    )
    shown = Card(
        f"A second copy of {first.reference}",
        f"{THE_DIFFERENCE} {text}" if plan.state is DeliveryState.UNCERTAIN else text,
        tuple({"address": one.address, "name": one.name, "copy": one.copy} for one in letter.addressees),
        {"key": letter.key, "second_copy_of": first.key, "party": first.party, "kind": first.kind, "state": plan.state},
        offers=_offers(plan),
        page=await pages.page_of(replace(letter, reference="given when it is sent"), desk),
    )
    if not plan.takes_a_second_person:
        return shown
    waits = "One person prepares it and a second one, an approver, releases it."
    asks = replace(shown, text=f"{shown.text} {waits}", approval=True)
    return with_difference(asks, await second_copies.since_first(plan, desk))


def _offers(plan: Plan) -> tuple[Offer, ...]:
    sends = second_copies.offer(plan)
    if plan.takes_a_second_person:
        sends = replace(sends, label="Prepare a second copy for a second person to release")
    if plan.state is not DeliveryState.UNCERTAIN:
        return (sends,)
    return Offer("Send it again", f"letter {plan.first.key} again", "primary"), sends
