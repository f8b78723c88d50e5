"""Members of the Council come and leave: an officer writes to them after a preview, and notes that a briefing was held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from committee.briefings import LONGEST_NOTE, Briefing, Owed, observes_from, owed
from committee.calendar import NEW_YORK, new_york, written
from committee.contacts import delegation
from committee.council import Term
from committee.errors import Refused
from committee.letters import (
    MOST_WITHOUT_A_SECOND_PERSON,
    DeliveryState,
    Draft,
    Enclosure,
    Letter,
    LetterKind,
)
from committee.staff import Role
from committee.turn import Turn, turn_into
from mailflows import correspondents, letters, outbox
from mailflows.desk import Desk
from mailflows.markdown import one_line
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reminders import Stale
from storage.tables import Tables

File = tuple[str, bytes]
UNSENT: Final = frozenset({DeliveryState.WITHDRAWN, DeliveryState.EXPIRED})
LONGEST_TERM: Final = 3
"""Years; a member that is elected has two (Charter, Article 23)."""


class Wish(StrEnum):
    """What one letter to all who come, or to all who leave, is for."""

    WELCOME = "welcome"
    NETWORK = "network"


KINDS: Final = {Wish.WELCOME: LetterKind.MEMBER_WELCOME, Wish.NETWORK: LetterKind.MEMBER_NETWORK}


@dataclass(frozen=True, slots=True)
class Plan:
    """The letters, the delegations without an address, those that have theirs already, and the digest of it all."""

    drafts: tuple[Draft, ...]
    unreachable: tuple[str, ...]
    written_to: tuple[str, ...]
    digest: str


async def preview(wish: Wish, year: int, files: Sequence[File], who: Act) -> Plan:
    """Who of this turn of the year would be written to, and what each would read."""
    require(who.person, Role.OFFICER, "write to members that come or leave")
    return await _plan(wish, year, _enclosed(files, who.desk), who.desk.store, who.desk)


async def write(wish: Wish, year: int, files: Sequence[File], who: Act) -> list[Letter]:
    """Queue the letters that the press was bound to, in one commit; `Stale` if people, words or enclosures have changed.

    Whoever has left the Council, or the chair, by the time a copy's turn comes is looked at once more (`seats`).
    """
    require(who.person, Role.OFFICER, "write to members that come or leave")
    desk, press = who.desk, who.press
    if press is None:
        raise Refused("Letters go by their button alone, after a preview. Nothing was sent.")
    enclosures = _enclosed(files, desk)
    for _, content in files:
        await desk.store.keep(content)
    about = f"{KINDS[wish]}/{year}"
    async with desk.store.transaction(by=who.person.key, doing=f"members {wish}", about=about, at=desk.now) as tx:
        plan = await _plan(wish, year, enclosures, tx, desk)
        if plan.digest != press.digest:
            raise Stale
        await use(tx, press, who.person, desk.now)
        release = await tx.number("R", desk.today.year)
        return await outbox.queue(tx, plan.drafts, release=release, by=who.person.key, desk=desk)


async def not_written_to(wish: Wish, turn: Turn, tables: Tables) -> list[str]:
    """The delegations of this turn of the year to which no such letter has gone, or still may."""
    found = [delegation(term.state) for term in _of(wish, turn)]
    gone = {one.party for one in await _gone(wish, turn, tables)}
    return [party for party in found if party not in gone]


async def brief(state: str, day: date, note: str, who: Act) -> Briefing:
    """A briefing was held for a member that came: its duty is closed, once, with the day and a note."""
    require(who.person, Role.OFFICER, "note a briefing")
    desk, said = who.desk, one_line(note)
    if day > desk.today:
        raise Refused(f"{written(day)} is to come; a briefing is noted when it has been held. Nothing was changed.")
    if not said or len(said) > LONGEST_NOTE:
        raise Refused(f"The note has from 1 to {LONGEST_NOTE} characters. Nothing was changed.")
    async with desk.store.transaction(by=who.person.key, doing="briefing held", about=state, at=desk.now) as tx:
        await use(tx, who.press, who.person, desk.now)
        one = next((one for one in await briefings_owed(tx, desk) if one.term.state == state), None)
        if one is None:
            raise Refused(f"No briefing of {state} is open. To see which are: briefings. Nothing was changed.")
        if day < one.since:
            raise Refused(f"It observes from {written(one.since)}; no briefing was held before. Nothing was changed.")
        held = Briefing(one.key, day, said, who.person.key)
        await tx.briefings.put(held)
        tx.occasion(doing="briefing held", about=one.key, words={"day": day.isoformat(), "note": said})
    return held


async def briefings_owed(tables: Tables, desk: Desk) -> list[Owed]:
    """Which members that came since this desk opened wait for their briefing today."""
    held = {one.key for one in await tables.briefings.all()}
    opened = new_york(desk.facts.opened).date()
    return owed(await tables.terms.all(), held, desk.today, opened, await tables.policies.all())


async def elect(state: str, start: date, end: date, who: Act) -> Term:
    """A State is elected to the Council from a day until a day: lists, delegations and chairs follow by that alone."""
    require(who.person, Role.OFFICER, "note a term on the Council")
    desk = who.desk
    if not start < end or end.year - start.year >= LONGEST_TERM or end < desk.today:
        raise Refused(f"{written(start)} to {written(end)} is no term on the Council to come. Nothing was changed.")
    term = Term(f"{state}/{start.year}", state, "elected", start, end, f"noted by {who.person.name}")
    async with desk.store.transaction(by=who.person.key, doing="term noted", about=term.key, at=desk.now) as tx:
        for other in await tx.terms.find(state=state):
            if (other.end is None or start <= other.end) and (other.start is None or other.start <= end):
                raise Refused(f"{state} has a term of these days already ({other.key}). Nothing was changed.")
        await tx.terms.put(term)
    return term


async def _plan(wish: Wish, year: int, enclosures: Sequence[Enclosure], tables: Tables, desk: Desk) -> Plan:
    turn = turn_into(year, await tables.terms.all())
    wanted = {*await not_written_to(wish, turn, tables)}
    terms = [term for term in _of(wish, turn) if delegation(term.state) in wanted]
    if len(terms) > MOST_WITHOUT_A_SECOND_PERSON:
        raise Refused(f"{len(terms)} terms turn with {year}; the Council has fewer seats. Look at them: turn {year}")
    drafts, unreachable = [], []
    for term in terms:
        draft = await _draft(wish, turn, term, enclosures, tables, desk)
        if draft.addressees:
            drafts.append(draft)
        else:
            unreachable.append(draft.party)
    written_to = [delegation(term.state) for term in _of(wish, turn) if delegation(term.state) not in wanted]
    return Plan(tuple(drafts), tuple(unreachable), tuple(written_to), letters.digest(drafts))


async def _draft(  # noqa: PLR0913, PLR0917 - what a letter to a member is made of
    wish: Wish, turn: Turn, term: Term, enclosures: Sequence[Enclosure], tables: Tables, desk: Desk
) -> Draft:
    kind = KINDS[wish]
    to = await correspondents.of_party(tables, delegation(term.state), desk, kind)
    chair = await letters.chair(tables, desk)
    key = await _key(f"{kind}/{term.key}", tables)
    until = datetime.combine(date(turn.year, 1, 31), time.max, NEW_YORK)
    if wish is Wish.NETWORK:
        return letters.member_network(key, term, to, chair=chair, not_after=until, desk=desk)
    observes = observes_from(turn.first_day, await tables.policies.all())
    return letters.member_welcome(
        key, term, to, observes=observes, chair=chair, enclosures=enclosures, not_after=until, desk=desk
    )


async def _key(first: str, tables: Tables) -> str:
    """A letter that never left is written anew under a key of its own."""
    nth = 1
    while await tables.letters.get(first if nth == 1 else f"{first}/{nth}"):
        nth += 1
    return first if nth == 1 else f"{first}/{nth}"


async def _gone(wish: Wish, turn: Turn, tables: Tables) -> list[Letter]:
    """The letters of this turn of which a copy has left, or still may."""
    begun = tuple(f"{KINDS[wish]}/{term.key}" for term in _of(wish, turn))
    parties = tuple(delegation(term.state) for term in _of(wish, turn))
    found = [one for one in await tables.letters.find(kind=KINDS[wish], party=parties) if one.key.startswith(begun)]
    copies = await tables.deliveries.find(letter=tuple(one.key for one in found)) if found else []
    left = {copy.letter for copy in copies if copy.state not in UNSENT}
    return [one for one in found if one.key in left]


def _of(wish: Wish, turn: Turn) -> tuple[Term, ...]:
    return turn.coming if wish is Wish.WELCOME else turn.leaving


def _enclosed(files: Sequence[File], desk: Desk) -> list[Enclosure]:
    enclosures = [letters.enclosure(*file) for file in files]
    if (size := sum(one.size for one in enclosures)) > desk.max_enclosures:
        raise Refused(f"The enclosures have {size} bytes, and a letter takes {desk.max_enclosures}. Nothing was sent.")
    return enclosures
