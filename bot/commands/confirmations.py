"""/1540 confirmations, confirmation …: who was asked whether its entry is right, and what each has answered."""

from bot.registry import command
from committee.calendar import new_york, written
from committee.cards import Card, Offer
from committee.confirmations import Answer
from committee.counting import counted
from committee.staff import Person, Role
from mailflows import confirmations, confirmed, correspondents, handling
from mailflows.confirmations import Stands
from mailflows.confirmed import shown
from mailflows.desk import Desk
from mailflows.presses import Act, Press


@command("confirmations", reads=True, example="confirmations")
async def confirmations_all(desk: Desk, _person: Person) -> Card:
    """The parties that were asked this year whether their entry is right: answered, asked, or reminded in vain."""
    found = await confirmations.standing(desk.store, desk)
    rows = tuple([await _row(one, desk) for one in found])
    text = f"{counted(len(rows), 'party', 'parties')} asked or answered in {desk.today.year}; nobody is dropped."
    return Card("Entries confirmed", text, rows, columns=("name", "state", "letters", "since"))


async def _row(one: Stands, desk: Desk) -> dict[str, object]:
    name = await correspondents.party_name(desk.store, one.asking.party, desk)
    return {
        "key": one.asking.key, "party": one.asking.party, "name": name, "state": one.state, "letters": one.letters,
        "since": one.since,
    }  # fmt: skip


@command("confirmation ADDRESSEE", reads=True, example="confirmation MWI")
async def confirmation(desk: Desk, person: Person, *, addressee: str) -> Card:
    """What a party has answered about its entry; a proposed change is shown as a difference."""
    answers = await desk.store.confirmations.find(party=addressee)
    name = await correspondents.party_name(desk.store, addressee, desk)
    if not answers:
        newest = await confirmations.newest_asking(desk.store, addressee)
        said = f"It was asked for {newest.year}, and has not answered." if newest else "It was not asked yet."
        offers = (Offer("All of its entry is right", f"confirmation {addressee} confirm"),)
        return Card(
            f"{name}: its entry is not confirmed", said, fields={"party": addressee, "state": None}, offers=offers
        )
    return _card(max(answers, key=lambda one: one.key), name, reads_closed=handling.reads_closed(person, desk))


def _card(answer: Answer, name: str, *, reads_closed: bool) -> Card:
    source = answer.source
    rows = tuple({"contact": one.contact, "what": one.what, "was": one.was, "now": one.now} for one in answer.changes)
    words = answer.words if reads_closed else "for officers at the terminal" if answer.words else ""
    fields = {
        "key": answer.key, "party": answer.party, "state": answer.state, "through": f"{source.door} {source.where}".strip(),
        "at": source.at, "words": words or None, "decided_by": answer.decided_by or None,
    }  # fmt: skip
    line = f"confirmation {answer.party}"
    offers = (
        Offer("Make these changes" if rows else "It is settled", f"{line} make", "primary", shown(answer)),
        Offer("Decline", f"{line} decline", "danger", shown(answer)),
    )
    said = f"{answer.state}, by {source.door} on {written(new_york(source.at).date())}."
    return Card(f"{name}: {answer.state}", said, rows, fields, offers=offers if answer.is_open else ())


@command("confirmation ADDRESSEE confirm", role=Role.OFFICER, example="confirmation MWI confirm")
async def confirm(desk: Desk, person: Person, *, addressee: str, press: Press | None = None) -> Card:
    """All of a party's entry is right, as it has said by telephone or in words that only a person can read."""
    return await _done(await confirmed.confirm(addressee, Act(person, desk, press)), desk)


@command("confirmation ADDRESSEE make", role=Role.OFFICER, example="confirmation MWI make")
async def make(desk: Desk, person: Person, *, addressee: str, press: Press | None = None) -> Card:
    """Make the changes that a party proposes, all of them or none."""
    return await _done(await confirmed.make(addressee, Act(person, desk, press)), desk)


@command("confirmation ADDRESSEE decline", role=Role.OFFICER, example="confirmation MWI decline")
async def decline(desk: Desk, person: Person, *, addressee: str, press: Press | None = None) -> Card:
    """Make none of the changes that a party proposes; what it wrote stays on record."""
    return await _done(await confirmed.decline(addressee, Act(person, desk, press)), desk)


async def _done(answer: Answer, desk: Desk) -> Card:
    return _card(answer, await correspondents.party_name(desk.store, answer.party, desk), reads_closed=False)
