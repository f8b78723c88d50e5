"""The year turns by date alone; from a month before, one card says once a day what is missing and what is still open."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Final

from committee.briefings import Owed
from committee.calendar import new_york, written
from committee.cards import Offer
from committee.contacts import delegation, state_of
from committee.counting import counted
from committee.delegations import Delegation
from committee.letters import OPEN as OPEN_DELIVERIES
from committee.turn import Known, Missing, Turn, leaving_chairs, missing, near, turn_into
from committee.working_groups import Chairing
from mailflows import approvals, cards, correspondents, delegations, members
from mailflows.desk import Desk
from mailflows.members import Wish
from mailflows.standing import OPEN
from storage.tables import Tables

KIND: Final = "turn-of-the-year"
OPENS: Final = time(9)
MOST_NAMED: Final = 8


@dataclass(frozen=True, slots=True)
class Open:
    """Something of a party that leaves or comes, which is not finished; `see` is the command that shows it."""

    key: str
    party: str
    what: str
    see: str


@dataclass(frozen=True, slots=True)
class View:
    """All that a turn of the year asks of the secretariat."""

    turn: Turn
    missing: tuple[Missing, ...]
    open: tuple[Open, ...]
    chairs: tuple[Chairing, ...]  # who leave their chairs with this turn
    delegates: tuple[Delegation, ...]  # who stand for an approver on the last day, and on the first no longer
    approvals: tuple[str, ...]  # what waits for a second person, whoever that is
    not_welcomed: tuple[str, ...]
    not_asked: tuple[str, ...]
    briefings: tuple[Owed, ...]


async def view(tables: Tables, desk: Desk, year: int) -> View:
    """As the registers and the ledgers have it now."""
    known = Known(
        contacts=await tables.contacts.all(),
        groups=await tables.groups.all(),
        chairings=await tables.chairings.all(),
        terms=await tables.terms.all(),
        days_off=await tables.days_off.all(),
    )
    turn = turn_into(year, known.terms)
    return View(
        turn,
        tuple(missing(turn, known)),
        tuple(await _open(turn, tables)),
        tuple(leaving_chairs(turn, known)),
        tuple(await _delegates(turn, tables)),
        tuple(one.number for one in await approvals.all_waiting(tables, desk)),
        tuple(await members.not_written_to(Wish.WELCOME, turn, tables)),
        tuple(await members.not_written_to(Wish.NETWORK, turn, tables)),
        tuple(await members.briefings_owed(tables, desk)),
    )


async def tell(desk: Desk) -> bool:
    """Post the card of the turn that is near, or bring it up to date: after nine in New York, once a day, never a second one."""
    year = near(desk.today)
    if year is None or new_york(desk.now).time() < OPENS or await _is_told(desk.store, year, desk.today):
        return False
    about = str(year)
    async with desk.store.transaction(by="rule: turn of the year", doing="turn told", about=about, at=desk.now) as tx:
        if await _is_told(tx, year, desk.today):
            return False
        seen = await view(tx, desk, year)
        title, text = f"The year turns: {year}", await said(seen, tx, desk)
        fields = counts(seen) | {"day": desk.today.isoformat()}
        card = await tx.cards.get(cards.key_of(KIND, about))
        if card is None:
            return await cards.post(tx, KIND, about, title, text, now=desk.now, fields=fields, offers=_offers(year))
        await cards.put(tx, replace(card, text=text, fields=fields))
    return True


def counts(seen: View) -> dict[str, object]:
    """How much there is of each, as fields of a card."""
    return {
        "year": seen.turn.year, "missing": len(seen.missing), "open": len(seen.open),
        "approvals": len(seen.approvals), "briefings": len(seen.briefings),
    }  # fmt: skip


async def said(seen: View, tables: Tables, desk: Desk) -> str:
    """The whole of it in sentences, parties in alphabetical order."""
    turn = seen.turn
    lines = [
        f"Leave after {written(turn.last_day)}: {await _states(turn.leaving_states, tables, desk)}.",
        f"Come on {written(turn.first_day)}: {await _states(turn.coming_states, tables, desk)}.",
        f"Missing: {await _missing(seen.missing, tables, desk)}.",
    ]
    if seen.open:
        lines.append(f"Open with them: {', '.join(_together(seen.open))}. To see each: turn {turn.year}")
    if seen.chairs:
        chairs = ", ".join(f"{one.body} ({one.name})" for one in seen.chairs)
        lines.append(f"In the chair no more from {written(turn.first_day)}: {chairs}. Nothing leaves under them then.")
    if seen.delegates:
        ending = ", ".join(f"{one.delegate} for {one.approver}" for one in seen.delegates)
        lines.append(f"Stand for an approver no more: {ending}.")
    if seen.approvals:
        lines.append(f"Wait for a second person: {', '.join(seen.approvals)}. To see them: approvals")
    for parties, what, wish in ((seen.not_welcomed, "welcomed", Wish.WELCOME), (seen.not_asked, "asked", Wish.NETWORK)):
        if parties:
            named = await _states([state_of(party) for party in parties], tables, desk)
            lines.append(f"Not {what} yet: {named}. To write: turn {turn.year} {wish}")
    if seen.briefings:
        owed = await _states([one.term.state for one in seen.briefings], tables, desk)
        lines.append(f"Wait for their briefing: {owed}. When one was held: briefing STATE held on DATE NOTE")
    return "\n".join(lines)


def _offers(year: int) -> tuple[Offer, ...]:
    """What the card leads to; each shows first, and nothing goes by these alone."""
    return (
        Offer("Show every item", f"turn {year}"),
        Offer("Welcome who comes", f"turn {year} {Wish.WELCOME}"),
        Offer("Ask who leaves", f"turn {year} {Wish.NETWORK}"),
    )


async def _is_told(tables: Tables, year: int, day: date) -> bool:
    """Also where the clock was set back: the card tells of a later day then, and stays."""
    card = await tables.cards.get(cards.key_of(KIND, str(year)))
    return card is not None and date.fromisoformat(str(card.fields["day"])) >= day


async def _open(turn: Turn, tables: Tables) -> list[Open]:
    """Submissions, mails to be answered and letters that wait, of the States that leave or come and of their delegations."""
    states = (*turn.leaving_states, *turn.coming_states)
    parties = (*states, *map(delegation, states))
    if not states:
        return []
    found = [
        Open(one.key, one.party, "submission", f"submission {one.key}")
        for one in await tables.submissions.find(party=parties, state=OPEN)
    ]
    mails = tuple(case.key for case in await tables.cases.find(ending=None))
    if mails:
        found += [
            Open(mail.key, mail.party or "", "mail to answer", f"mail {mail.key}")
            for mail in await tables.mail.find(key=mails)
            if mail.party in parties
        ]
    waiting = await tables.deliveries.find(party=parties, state=tuple(OPEN_DELIVERIES))
    letters = {one.letter: one.party for one in waiting}
    return [*found, *(Open(key, party, "letter", f"letter {key}") for key, party in sorted(letters.items()))]


async def _delegates(turn: Turn, tables: Tables) -> list[Delegation]:
    """Delegations of approvers end by their own days: which of them do with this year."""
    _, last = await delegations.today(tables, turn.last_day)
    _, first = await delegations.today(tables, turn.first_day)
    return [one for one in last if one not in first]


async def _missing(what: Iterable[Missing], tables: Tables, desk: Desk) -> str:
    """What of it is a delegation's, under the delegations' names."""
    together: dict[str, list[str]] = {}
    for one in what:
        state = state_of(one.about)
        together.setdefault(one.what, []).extend([state] if state != one.about else [])
    named = {said: await _states(states, tables, desk) if states else "" for said, states in together.items()}
    return "; ".join(f"{said}: {states}" if states else said for said, states in named.items()) or "nothing"


async def _states(keys: Iterable[str], tables: Tables, desk: Desk) -> str:
    names = sorted([await correspondents.party_name(tables, key, desk) for key in keys])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}" if names else "nobody"


def _together(items: Iterable[Open]) -> list[str]:
    kinds: dict[str, int] = {}
    for one in items:
        kinds[one.what] = kinds.get(one.what, 0) + 1
    several = {"mail to answer": "mails to answer"}
    return [counted(count, what, several.get(what, f"{what}s")) for what, count in kinds.items()]
