"""A rule as an officer types it is read once, from left to right; what is no rule is refused with the place of the mistake."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from committee.errors import Refused
from committee.list_rules import OPERATORS, TAKE_A_VALUE, VALUES, And, ButNot, Is, Or, Rule, What, depth
from committee.list_words import EVERY_WORD, Vocabulary, alone, value_of
from committee.names import fold

T = TypeVar("T")
LONGEST: Final = 2_000
"""Characters of one rule: what is longer has lists of its own for its parts."""
DEEPEST: Final = 10
"""Parts of a rule within each other."""
_PARENTHESES: Final = 40
_WORDS_OF_A_NAME: Final = 16
_TOKEN: Final = re.compile(r"[()]|\"[^\"]*\"|“[^”]*”|«[^»]*»|(?<!\S)'[^']*'(?=[\s)]|$)|[^\s()]+")
_QUOTES: Final = "\"“«'"
_SHOWN: Final = 40
_IN_PARTS: Final = "Make lists of its parts, and a rule that names them: list A or list B. Nothing was changed."


class RuleFault(Refused):
    """What was typed is no rule; the message has the place, and what might have been meant."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    place: int  # of its first character in what was typed, from 1
    quoted: bool

    @property
    def said(self) -> str:
        return "" if self.quoted else fold(self.text)


def read(typed: str, known: Vocabulary) -> Rule:
    """The rule that is typed; `RuleFault` where it is none.

    `but not` binds least, `or` more, `and` most: of `experts or delegations but not CHN` CHN is in neither part.
    """
    if len(typed) > LONGEST:
        raise RuleFault(f"A rule has at most {LONGEST:,} characters; this has {len(typed):,}. {_IN_PARTS}")
    rule = _read(typed, known)
    if depth(rule) > DEEPEST:
        raise RuleFault(f"More than {DEEPEST} parts of this rule stand within each other. {_IN_PARTS}")
    return rule


def reread(written: str) -> Rule:
    """A rule that was written down; it says what it said, whatever the registers hold by now."""
    return _read(written, Vocabulary())


def _read(typed: str, known: Vocabulary) -> Rule:
    words = [_word(found) for found in _TOKEN.finditer(typed)]
    if not words:
        raise RuleFault("A rule says who is on the list, for example: delegations but not CHN. Nothing was changed.")
    return _Reader(words, known).whole()


def _word(found: re.Match[str]) -> _Word:
    text = found[0]
    quoted = len(text) > 1 and text[0] in _QUOTES
    return _Word(" ".join(text[1:-1].split()) if quoted else text.rstrip(",;") or text, found.start() + 1, quoted)


@dataclass(slots=True)
class _Reader:
    words: Sequence[_Word]
    known: Vocabulary
    at: int = 0
    depth: int = 0

    def whole(self) -> Rule:
        rule = self._but_not()
        if self.at < len(self.words):
            closes = self.words[self.at].text == ")"
            raise self._fault("closes nothing" if closes else "stands where “and”, “or” or “but not” is missing")
        return rule

    def _but_not(self) -> Rule:
        rule = self._or()
        while self._takes("but"):
            if not self._takes("not"):
                raise self._fault("stands where “not” is missing")
            rule = ButNot(rule, self._or())
        return rule

    def _or(self) -> Rule:
        parts = [self._and()]
        while self._takes("or"):
            parts.append(self._and())
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def _and(self) -> Rule:
        parts = [self._one()]
        while self._takes("and"):
            parts.append(self._one())
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def _one(self) -> Rule:
        if self._takes("("):
            return self._nested()
        word = self._word()
        if word and word.said == "not":
            raise self._fault("stands alone; who is taken out of others stands behind “but not”")
        if word is None or word.said in {*OPERATORS, ")"}:
            raise self._fault("stands where it should say who: a kind of party, a group, a party, a list")
        if what := TAKE_A_VALUE.get(word.said):
            self.at += 1
            return Is(what, self._value(what))
        return self._longest(alone) or self._longest(self._party) or self._named_list()

    def _nested(self) -> Rule:
        opened, self.depth = self.at - 1, self.depth + 1
        if self.depth > _PARENTHESES:
            raise self._fault(f"stands within {_PARENTHESES} parentheses; make lists of the parts")
        rule = self._but_not()
        if not self._takes(")"):
            self.at = self.at if self.at < len(self.words) else opened
            raise self._fault("is never closed" if self.at == opened else "stands where “)” or an operator is missing")
        self.depth -= 1
        return rule

    def _value(self, what: What) -> str:
        if self._word() is None:
            raise self._fault(f"stands where “{what}” takes a word")
        match what:
            case What.PARTY:
                found = self._longest(lambda typed: self._party(typed, named=True))
                if found is None:
                    raise self._unknown("is no party in the registers")
                return found.value
            case What.LIST:
                key = self._longest(self.known.list_named)
                if key is None:
                    raise self._unknown("is no list", self.known.lists)
                return key
            case _:
                value = self._longest(lambda typed: value_of(what, typed))
                if value is None:
                    raise self._unknown(f"is no {what}; there are: {', '.join(VALUES[what])}", VALUES[what])
                return value

    def _party(self, typed: str, *, named: bool = False) -> Is | None:
        keys = self.known.party(typed, named=named)
        if len(keys) > 1:
            raise self._fault(f"may mean {' or '.join(keys)}; a guess is never taken: use the code")
        return Is(What.PARTY, keys[0]) if keys else None

    def _named_list(self) -> Rule:
        key = self._longest(self.known.list_named)
        if key is None:
            raise self._unknown("is no word of a rule, no party and no list", {*EVERY_WORD, *self.known.lists})
        return Is(What.LIST, key)

    def _longest(self, find: Callable[[str], T | None]) -> T | None:
        """What the next words name, as many of them as may be: “Trinidad and Tobago” is one name."""
        for count in range(self._most(), 0, -1):
            found = find(self._said(count))
            if found is not None:
                self.at += count
                return found
        return None

    def _most(self) -> int:
        """How many words a name may have here; what stands in quotes is a name of its own."""
        rest = self.words[self.at : self.at + _WORDS_OF_A_NAME]
        if rest[0].quoted:
            return 1
        return next((n for n, word in enumerate(rest) if word.quoted or word.text in {"(", ")"}), len(rest))

    def _said(self, count: int) -> str:
        return " ".join(word.text for word in self.words[self.at : self.at + count])

    def _takes(self, said: str) -> bool:
        word = self._word()
        taken = word is not None and word.said == said
        self.at += taken
        return taken

    def _word(self) -> _Word | None:
        return self.words[self.at] if self.at < len(self.words) else None

    def _unknown(self, what: str, words: Iterable[str] = ()) -> RuleFault:
        ends = (n for n in range(1, self._most()) if self.words[self.at + n].said in OPERATORS)
        typed = self._said(next(ends, self._most()))
        like = self.known.like(typed, words) or self.known.like(self.words[self.at].text, words)
        return self._fault(what + (f". Did you mean: {', '.join(like)}?" if like else ""), typed)

    def _fault(self, what: str, typed: str = "") -> RuleFault:
        word = self._word()
        if word is None:
            return RuleFault(f"The rule ends {what.removeprefix('stands ')}. Nothing was changed.")
        said = typed or word.text
        shown = said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
        end = "" if what.endswith("?") else "."
        return RuleFault(f"At character {word.place} of the rule, “{shown}” {what}{end} Nothing was changed.")
