"""/1540 search: anything by party, number, symbol or word, as far as whoever asks may see it."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from bot.plain import one_line, shortened
from bot.registry import command
from bot.words import Words, key_meant, tidied
from committee.cards import Card
from committee.counting import counted
from committee.search import MOST_WORDS, Found, asked, cut
from committee.staff import Person
from mailflows import search as flows
from mailflows.desk import Desk
from mailflows.handling import reads_closed
from mailflows.search import Answer

SAID: Final = {"person": "person of the staff", "programme": "item of the programme of work"}
MANY: Final = {"person": "people of the staff", "programme": "items of the programme of work"}
LONGEST: Final = 160
_ALONE: Final = (
    " What is not open is found by its words by officers alone.",
    " What is not open is found by its words at the terminal alone.",
)


@command("search WORDS=TEXT", reads=True, example="search Malawi")
async def search(desk: Desk, person: Person, *, words: str) -> Card:
    """Find anything by party, person, number, symbol or word; what is not open is found by its words by officers alone."""
    known = await Words.of(desk)
    typed = " ".join(tidied(word, known) for word in words.split())
    question = asked(typed, known.parties)
    answer = await flows.search(question, await key_meant(typed, known), person, desk)
    return Card(
        f"Search: {shortened(words, 60)}",
        _said(answer) if answer.rows else _nothing(words, person, desk),
        tuple(_row(one) for one in answer.rows),
        notes=(*_more(answer), *_cut(words), *(() if answer.rows else _perhaps(words, known)), *_unfinished(answer)),
        columns=("kind", "key", "party", "at", "what"),
    )


def _row(one: Found) -> dict[str, object]:
    return {"key": one.key, "kind": one.kind, "party": one.party, "at": one.at, "what": shortened(one.what, LONGEST)}


def _said(answer: Answer) -> str:
    shown = Counter(one.kind for one in answer.rows)
    return f"Found: {_listed({kind: shown[kind] + answer.more.get(kind, 0) for kind in shown})}."


def _listed(numbers: Mapping[str, int]) -> str:
    return ", ".join(counted(n, SAID.get(kind, kind), MANY.get(kind, "")) for kind, n in numbers.items())


def _nothing(words: str, person: Person, desk: Desk) -> str:
    alone = "" if reads_closed(person, desk) else _ALONE[desk.in_chat]
    return (
        f"Nothing was found for “{shortened(words, 60)}”. Try fewer words or the beginning of one, a party by any of its "
        f"names, or a number: search S-2012-0017.{alone}"
    )


def _more(answer: Answer) -> tuple[str, ...]:
    if not answer.more:
        return ()
    return (f"{sum(answer.more.values()):,} more are not shown: {_listed(answer.more)}. Another word finds fewer.",)


def _cut(words: str) -> tuple[str, ...]:
    return (
        (f"Only the beginning of what was typed was searched for: at most {MOST_WORDS} words.",) if cut(words) else ()
    )


def _perhaps(words: str, known: Words) -> tuple[str, ...]:
    """Parties whose names are like what was typed."""
    like = known.parties.find(one_line(words)[:LONGEST]).keys
    names = ", ".join(f"{known.names.get(key, key)} ({key})" for key in like)
    return (f"Perhaps: {names}. To see what there is: search {like[0]}",) if like else ()


def _unfinished(answer: Answer) -> tuple[str, ...]:
    if not answer.unfinished:
        return ()
    return (
        "Mail from before this desk had a word index is still being read, some at each tick: its words are found later.",
    )
