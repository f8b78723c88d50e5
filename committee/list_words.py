"""The words of a rule and what they may mean: names forgiven where they are certain, suggestions where they are not."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from committee.contacts import DELEGATION, delegation, is_delegation
from committee.list_rules import OPERATORS, REGIONS, TAKE_A_VALUE, VALUES, WORDS, Is, What, bare
from committee.names import Directory, fold
from committee.regional_groups import group_named

MANY: Final = 4
_LIKE: Final = 0.7
_CERTAIN_ENOUGH: Final = 40
"""Letters of a word that is looked for among similar ones: a longer one is like nothing."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What names can stand in a rule: the parties by all their names, and the lists by their keys.

    Without parties it is that of a rule that was written down: each key stands for itself, whatever the registers hold by now.
    """

    parties: Directory | None = None
    lists: Collection[str] = ()

    def party(self, typed: str, *, named: bool = False) -> tuple[str, ...]:
        """The keys that these words may mean, one where it is certain; `named`: they stand behind the word `party`."""
        if self.parties is None:
            return (typed,) if named or bare(typed) else ()
        if is_delegation(typed.casefold()):
            return tuple(map(delegation, self.party(typed[len(DELEGATION) :])))
        return self.parties.find(typed).keys if self.parties.named(typed) else ()

    def list_named(self, typed: str) -> str | None:
        if self.parties is None:
            return None if " " in typed else typed
        said = squashed(typed)
        return next((key for key in self.lists if squashed(key) == said), None)

    def like(self, typed: str, words: Iterable[str] = ()) -> tuple[str, ...]:
        """What might have been meant, the likeliest first."""
        if len(typed) > _CERTAIN_ENOUGH or self.parties is None:
            return ()
        near = get_close_matches(fold(typed), sorted({*words}), n=MANY, cutoff=_LIKE)
        return tuple(dict.fromkeys((*near, *self.parties.find(typed).keys)))[:MANY]


def squashed(text: str) -> str:
    """Hyphens and spaces do not count: `incoming delegations` is `incoming-delegations`."""
    return fold(text).replace("-", "").replace(" ", "")


def alone(typed: str) -> Is | None:
    """What a word, or some, ask that stand alone; in the singular too."""
    return _ALONE.get(squashed(typed))


def value_of(what: What, typed: str) -> str | None:
    """What stands behind `group`, `status`, `office` or `with`, as the register has it."""
    if what is What.GROUP:
        return group_named(typed) or group_named(typed.replace("-", " ")) or _GROUPS.get(squashed(typed))
    said = squashed(typed)
    return next((value for value in VALUES[what] if said in {squashed(value), f"{squashed(value)}s"}), None)


EVERY_WORD: Final = frozenset({*WORDS, *TAKE_A_VALUE, *OPERATORS})
_GROUPS: Final[Mapping[str, str]] = {squashed(short): group for group, short in REGIONS.items()}
_PLURALS: Final = {squashed(word): asked for word, asked in WORDS.items()}
_ALONE: Final[Mapping[str, Is]] = {
    **{said.removesuffix("s"): asked for said, asked in _PLURALS.items() if said != "press"},
    **_PLURALS,
    "organisations": WORDS["organizations"],
    "councilmembers": WORDS["members"],
}
