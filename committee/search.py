"""What is searched for: typed words as a question, and texts as plain words, so that accents, case and script do not matter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from committee.names import Directory, fold

LONGEST_TEXT = 100_000
"""Characters of one text that can be found; whoever sends more sends a book."""
LONGEST_QUESTION, MOST_WORDS = 200, 16
LONGEST_NAME = 10
"""Words of a party's name as it is typed: Commonwealth of Independent States, and some."""

_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(f"[{_ALONE}]|[^\\W_{_ALONE}]+")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be there: these words in this order, or anything of a party that they name.

    `begins` says that the last word may be the beginning of one: people stop typing once they see what they want.
    """

    words: str
    parties: tuple[str, ...] = ()
    begins: bool = False


Question = tuple[Term, ...]
"""All of it must be there; without any term nothing is."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that answers a question, and what may be shown of it."""

    kind: str
    key: str
    party: str | None
    at: date | None  # a day, or a moment with its zone
    what: str


def words_in(text: str) -> str:
    """The words of a text, folded, with a space between two; each Chinese or Japanese character is a word of its own.

    Nothing but letters and digits is left, so it is never syntax of anything.
    """
    return " ".join(_WORD.findall(fold(text[:LONGEST_TEXT])))[:LONGEST_TEXT]


def asked(typed: str, parties: Directory) -> Question:
    """What typed words ask for; a name of several words is one term. Of a very long question its beginning counts."""
    pieces = [piece for piece in typed[:LONGEST_QUESTION].split() if words_in(piece)][:MOST_WORDS]
    terms, at = [], 0
    while at < len(pieces):
        length, named = _name_at(pieces, at, parties)
        at += length
        words = words_in(" ".join(pieces[at - length : at]))
        last = at == len(pieces) and len(words.rpartition(" ")[2]) > 1
        terms.append(Term(words, named, begins=last))
    return tuple(terms)


def cut(typed: str) -> bool:
    """Whether only the beginning of what was typed is searched for."""
    return len(typed) > LONGEST_QUESTION or len(typed.split()) > MOST_WORDS


def speaks_of(question: Question, words: str, party: str | None = None) -> bool:
    """Whether a text, given as `words_in` it, or its party answers the question."""
    text = f" {words} "
    return bool(question) and all(
        (party is not None and party in term.parties) or f" {term.words}{'' if term.begins else ' '}" in text
        for term in question
    )


def shares(counts: Sequence[int], room: int) -> list[int]:
    """How many of each kind are shown where there is room for so many: the rare kinds whole, the others alike."""
    given = [0] * len(counts)
    while room and (wanting := [nth for nth, count in enumerate(counts) if given[nth] < count]):
        for nth in wanting[:room]:
            given[nth] += 1
        room -= len(wanting[:room])
    return given


def _name_at(pieces: Sequence[str], at: int, parties: Directory) -> tuple[int, tuple[str, ...]]:
    """How many of the pieces from here on are the name of a party, the longest first, and whose it may be; else one piece."""
    rest = pieces[at:]
    for length in range(min(len(rest), LONGEST_NAME), 0, -1):
        if named := parties.named(" ".join(rest[:length])):
            return length, named
    return 1, parties.beginning(rest[0]) if len(rest) == 1 else ()
