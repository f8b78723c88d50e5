"""Whom to telephone when mail does not do: the people of each party that was not served, and what it should have had."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from committee.calendar import written_moment
from committee.contacts import Contact, Office
from committee.counting import counted
from committee.letters import Letter, LetterKind
from committee.proofs import SAID, in_both_zones
from committee.staff import Person
from mailflows import handling, rendering
from mailflows.desk import Desk
from mailflows.drawing import Drawn, drawn
from mailflows.unserved import Standing, unserved
from mailflows.wording import office_in

NOT_WRITTEN = "not written"


@dataclass(frozen=True, slots=True)
class Callee:
    """One person or office that can be asked for."""

    name: str
    title: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Missed:
    """One letter that a party should have had; its subject only where whoever asks may read it."""

    key: str
    reference: str
    kind: LetterKind
    what: str
    queued_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Call:
    """One party to telephone."""

    party: str
    name: str
    people: tuple[Callee, ...]
    missed: tuple[Missed, ...]


async def call_list(key: str | None, person: Person, desk: Desk) -> list[Call]:
    """The parties that were not served, in alphabetical order, each once; it needs the store alone, no mail server."""
    by_party: dict[str, list[Standing]] = {}
    for one in await unserved(key, desk):
        by_party.setdefault(one.party, []).append(one)
    return [await _call(standings, person, desk) for standings in by_party.values()]


async def _call(standings: list[Standing], person: Person, desk: Desk) -> Call:
    party = standings[0].party
    contacts = await desk.store.contacts.find(party=party)
    people = tuple(_callee(one) for one in _in_order(contacts, desk))
    missed = [await _missed(one, person, desk) for one in standings]
    return Call(party, standings[0].name, people, tuple(missed))


def _in_order(contacts: Iterable[Contact], desk: Desk) -> list[Contact]:
    """Those in office today; one whose address is dead still has a telephone."""
    offices = list(Office)
    serving = [one for one in contacts if one.confirmed and one.speaks_on(desk.today)]
    return sorted(serving, key=lambda one: (offices.index(one.office), one.order, one.key))


def _callee(contact: Contact) -> Callee:
    return Callee(contact.called, office_in("en", contact.office), contact.telephone)


async def _missed(one: Standing, person: Person, desk: Desk) -> Missed:
    said = SAID[one.kind]
    if not one.letters:
        return Missed("", NOT_WRITTEN, one.kind, said, None, one.why)
    letter = one.letters[-1]
    may_read = handling.reads_closed(person, desk) or await handling.letter_is_open(letter, desk.store)
    subject = await _subject(letter, desk) if may_read else ""
    return Missed(letter.key, letter.reference, one.kind, subject or said, letter.queued_at, one.why)


async def _subject(letter: Letter, desk: Desk) -> str:
    """As its reader would have seen it."""
    try:
        bundle = await desk.store.kept(letter.template)
        return (await asyncio.to_thread(rendering.render, bundle, letter)).subject
    except Exception:  # noqa: BLE001 - a kept file that is damaged costs one subject, never the list
        return ""


async def sheet(calls: list[Call], key: str | None, desk: Desk) -> Drawn:
    """The list as a PDF, for the day on which there is nothing but paper and a telephone."""
    what = f"of {key}" if key else "of the last 90 days"
    says = (
        f"As of {in_both_zones(desk.now)}. {counted(len(calls), 'party', 'parties')}, in alphabetical order. No mail server "
        "has accepted a copy of what is named here for them, or it came back."
    )
    data = {
        "title": f"Call list {what}",
        "desk": desk.address or "Verbale",
        "footer": f"Call list {what} · as of {in_both_zones(desk.now)}",
        "practice": desk.facts.practice,
        "sentences": [says],
        "calls": [
            {
                "name": call.name,
                "people": [
                    {"name": one.name, "title": one.title, "telephone": one.telephone or "no telephone on record"}
                    for one in call.people
                ],
                "missed": [{"what": one.what, "reference": _when(one), "why": one.why} for one in call.missed],
            }
            for call in calls
        ],
    }
    return await drawn("call-list", data, desk.now)


def _when(one: Missed) -> str:
    return f"{one.reference}, {written_moment(one.queued_at)}" if one.queued_at else one.reference
