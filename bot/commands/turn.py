"""/1540 turn, term add, briefings, briefing: the Council's members change with the year, and what that asks of the desk."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.commands.remind import stale
from bot.registry import command
from committee.calendar import written
from committee.cards import Card, Offer
from committee.contacts import delegation
from committee.counting import counted
from committee.errors import Refused
from committee.letters import Draft
from committee.staff import Person, Role
from committee.states import alphabetical
from mailflows import correspondents, members, pages, titles
from mailflows import turn as flows
from mailflows.desk import Desk
from mailflows.members import File, Wish
from mailflows.presses import Act, Press
from mailflows.reminders import Stale

COLUMNS = ("kind", "name", "what", "do")
TITLES = {Wish.WELCOME: "Letter of welcome to new members", Wish.NETWORK: "Leave to keep former members in the network"}


@command("turn [YEAR=N]", reads=True, example="turn 2013")
async def turn(desk: Desk, _person: Person, *, year: int | None = None) -> Card:
    """The turn of the year: who leaves the Council and who comes, what is missing for it, and what is open with them."""
    into = year or desk.today.year + (desk.today.month > 1)
    if not date.min.year < into < date.max.year:
        raise Refused(f"{into} is no year of ours; for example: turn {desk.today.year + 1}")
    seen = await flows.view(desk.store, desk, into)
    leaves = [await _row(desk, "leaves", delegation(term.state)) for term in seen.turn.leaving]
    comes = [await _row(desk, "comes", delegation(term.state)) for term in seen.turn.coming]
    rows = sorted(leaves, key=_by_name) + sorted(comes, key=_by_name)
    rows += [await _row(desk, "missing", one.about, one.what, one.do) for one in seen.missing]
    rows += [await _row(desk, "open", one.party, f"{one.what} {one.key}", one.see) for one in seen.open]
    for one in seen.briefings:
        held = f"briefing {one.term.state} held on DATE NOTE"
        rows.append(await _row(desk, "briefing", delegation(one.term.state), f"open since {written(one.since)}", held))
    return Card(
        f"The year turns: {into}",
        await flows.said(seen, desk.store, desk),
        tuple(rows),
        flows.counts(seen),
        columns=COLUMNS,
    )


@command(
    "turn YEAR=N welcome|network=WISH [--file FILES=FILES]",
    role=Role.OFFICER,
    example="turn 2013 welcome --file programme.pdf",
)
async def write(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk, person: Person, *, year: int, wish: str, files: tuple[str, ...] = (), press: Press | None = None
) -> Card:
    """Welcome who comes, or ask who leaves for leave to keep them in the network: shows the letter, then a button sends it."""
    who, asked = Act(person, desk, press), Wish(wish)
    brought = await asyncio.to_thread(lambda: tuple(map(_read, files)))
    if press is None or not press.digest:  # the button of a card that has not shown it yet
        return await _preview(asked, year, files, brought, who)
    try:
        sent = await members.write(asked, year, brought, who)
    except Stale:
        return stale(await _preview(asked, year, files, brought, who))
    rows = tuple({"key": one.key, "party": one.party, "reference": one.reference} for one in sent)
    release = sent[0].release if sent else ""
    text = f"{counted(len(sent), 'letter')} queued by {person.name} as release {release}; to halt them: stop {release}."
    return Card(f"{TITLES[asked]}: queued", text, rows, {"key": release, "letters": len(sent)})


@command(
    "term add STATE from START=DATE to END=DATE",
    role=Role.OFFICER,
    example="term add TCD from 2014-01-01 to 2015-12-31",
)
async def elect(desk: Desk, person: Person, *, state: str, start: date, end: date) -> Card:
    """Note a State's term on the Council: lists, delegations and chairs follow by its days alone."""
    term = await members.elect(state, start, end, Act(person, desk))
    text = (
        f"From {written(start)} to {written(end)}, noted by {person.name}. What it asks of the desk: turn {start.year}"
    )
    return Card(f"{term.key}: a term on the Council", text, fields={"key": term.key, "from": start, "until": end})


@command("briefings", reads=True, example="briefings")
async def briefings(desk: Desk, _person: Person) -> Card:
    """The briefings of new members that are still to be held, and those that were."""
    owed, held = await members.briefings_owed(desk.store, desk), await desk.store.briefings.all()
    rows = [
        {"key": one.key, "party": delegation(one.term.state), "state": "open", "since": one.since, "held": None}
        for one in owed
    ]
    rows += [
        {"key": one.key, "party": delegation(one.key.split("/")[1]), "state": "held", "since": None, "held": one.day}
        for one in sorted(held, key=lambda one: one.key)
    ]
    return Card("Briefings of new members", f"{counted(len(owed), 'briefing')} open.", tuple(rows))


@command(
    "briefing STATE held on DAY=DATE NOTE=TEXT",
    role=Role.OFFICER,
    example='briefing ARG held on 2012-11-28 "In person"',
)
async def brief(desk: Desk, person: Person, *, state: str, day: date, note: str) -> Card:
    """A new member was briefed: its duty is closed with the day and a note."""
    held = await members.brief(state, day, note, Act(person, desk))
    return Card(
        f"{held.key}: held on {written(day)}", f"Noted by {person.name}.", fields={"key": held.key, "held": day}
    )


async def _preview(wish: Wish, year: int, files: tuple[str, ...], brought: tuple[File, ...], who: Act) -> Card:
    desk, plan = who.desk, await members.preview(wish, year, brought, who)
    rows = [await _goes(draft, desk) for draft in plan.drafts]
    rows += [await _stays(party, "no address of it is on record", desk) for party in plan.unreachable]
    rows += [await _stays(party, "it has been written to", desk) for party in plan.written_to]
    count, left_out = len(plan.drafts), len(plan.unreachable) + len(plan.written_to)
    card = Card(
        TITLES[wish],
        f"{counted(count, 'letter')} would go; {left_out} left out.",
        tuple(rows),
        {"letters": count, "left_out": left_out, "enclosures": len(brought)},
    )
    if not plan.drafts:
        return card
    line = " ".join([f"turn {year} {wish}", *(f'--file "{file}"' for file in files)])
    bare = (
        ("No document is enclosed. To enclose some: --file F, at the terminal",)
        if wish is Wish.WELCOME and not brought
        else ()
    )
    return replace(
        card,
        offers=(Offer(f"Send {counted(count, 'letter')}", line, "primary", plan.digest),),
        page=await pages.page(plan.drafts[0], desk),
        notes=(*bare, *await titles.missing(plan.drafts, desk.store)),
    )


async def _goes(draft: Draft, desk: Desk) -> dict[str, object]:
    name = await correspondents.party_name(desk.store, draft.party, desk)
    to = [one.address for one in draft.addressees if not one.copy]
    copies = [one.address for one in draft.addressees if one.copy]
    return {"key": draft.party, "name": name, "goes": True, "to": to, "cc": copies, "reason": None}


async def _stays(party: str, reason: str, desk: Desk) -> dict[str, object]:
    name = await correspondents.party_name(desk.store, party, desk)
    return {"key": party, "name": name, "goes": False, "to": [], "cc": [], "reason": reason}


async def _row(desk: Desk, kind: str, key: str, what: str = "", do: str = "") -> dict[str, object]:
    name = await correspondents.party_name(desk.store, key, desk)
    return {"kind": kind, "key": key, "name": name, "what": what or None, "do": do or None}


def _by_name(row: Mapping[str, object]) -> str:
    return alphabetical(str(row["name"]))


def _read(file: str) -> File:
    path = Path(file)
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise Refused(f"{file} cannot be read ({error.strerror}); nothing was written.") from error
