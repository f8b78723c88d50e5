"""Whatever answers a question is found in registers, mail, submissions and letters, as far as the person may see it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from committee.audit import moment
from committee.search import Found, Question, shares
from committee.staff import Person
from mailflows import handling
from mailflows.desk import Desk
from mailflows.found import found_in
from mailflows.indexing import LETTER, MAIL, SUBMISSION
from mailflows.listed import Registers, listed
from mailflows.records import Records
from storage.index import Hit
from storage.port import Store

ROOM = 50
"""Rows of one answer; of the rest it says how many there are."""
KINDS = ("state", "organization", "contact", "person", SUBMISSION, MAIL, LETTER, "programme")
"""In the order in which they are shown."""
BATCH = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and how many more there are of each kind; `unfinished` while mail from before the index is not in it."""

    rows: tuple[Found, ...]
    more: Mapping[str, int] = field(default_factory=dict)
    unfinished: bool = False


async def search(question: Question, key: str, person: Person, desk: Desk) -> Answer:
    """What has the very key first, then kind by kind, the newest first.

    Whoever is no officer finds mail, submissions and letters by party, number and kind; by words only those that are open.
    """
    reads_all, store = handling.reads_closed(person, desk), desk.store
    registers = await Registers.of(store)
    # Some ten thousand entries at most, but too many for the event loop.
    entries = await asyncio.to_thread(listed, question, registers, desk.today, notes_about_mail=reads_all)
    hits = await store.search(question) if reads_all else await _open_hits(question, store)
    exact = await _with_key(key, store)
    groups = _in_order([*entries, *(hit for hit in hits if hit.key != key), *exact], key)
    given = shares([len(group) for group in groups.values()], ROOM)
    chosen = [(kind, group, share) for (kind, group), share in zip(groups.items(), given, strict=True)]
    shown = [one for _, group, share in chosen for one in group[:share]]
    shown.sort(key=lambda one: one.key != key)
    more = {kind: len(group) - share for kind, group, share in chosen if len(group) > share}
    return Answer(await _rows(shown, desk), more, unfinished=bool(await store.not_indexed(1)))


async def _with_key(key: str, store: Store) -> list[Hit]:
    """What has this number or key, also where it has no words: that it is there is nobody's secret."""
    ledgers: dict[str, Any] = {SUBMISSION: store.submissions, MAIL: store.mail, LETTER: store.letters}
    return [Hit(kind, key, "") for kind, ledger in ledgers.items() if await ledger.get(key)]


def _in_order(found: Iterable[Found | Hit], key: str) -> dict[str, list[Found | Hit]]:
    """By kind, the very key first and then the newest."""
    groups: dict[str, list[Found | Hit]] = {kind: [] for kind in KINDS}
    for one in sorted(found, key=lambda one: one.key):
        groups[one.kind].append(one)
    for group in groups.values():
        group.sort(key=lambda one: (one.key == key, _time(one)), reverse=True)
    return groups


def _time(one: Found | Hit) -> str:
    if isinstance(one, Hit):
        return one.at
    if one.at is None:
        return ""
    return moment(one.at) if isinstance(one.at, datetime) else one.at.isoformat()


async def _open_hits(question: Question, store: Store) -> list[Hit]:
    """By its facts anything, for that it is there is nobody's secret; by its words only what everyone may read now."""
    by_facts = await store.search(question, facts_only=True)
    known = {*by_facts}
    by_words = [hit for hit in await store.search(question) if hit not in known]
    opened = []
    for start in range(0, len(by_words), BATCH):
        batch = by_words[start : start + BATCH]
        records = await Records.of(batch, store)
        opened += [hit for hit in batch if records.may_be_read(hit)]
    return by_facts + opened


async def _rows(shown: Sequence[Found | Hit], desk: Desk) -> tuple[Found, ...]:
    records = await Records.of((one for one in shown if isinstance(one, Hit)), desk.store)
    rows = [one if isinstance(one, Found) else await found_in(one, records, desk) for one in shown]
    return tuple(row for row in rows if row)
