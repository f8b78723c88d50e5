"""What a person types for a State or an organization, forgiven; a guess never names one, it only suggests."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache

ASKED_BACK: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("congo", "конго", "الكونغو", "刚果"): ("COG", "COD"),
    ("guinea", "guinee", "гвинея", "غينيا", "几内亚"): ("GIN", "GNB", "GNQ", "PNG"),
    ("korea", "coree", "corea", "корея", "كوريا", "朝鲜", "韩国"): ("KOR", "PRK"),
    ("niger", "нигер", "النيجر", "尼日尔"): ("NER", "NGA"),
    ("dominica", "dominique", "доминика", "دومينيكا", "多米尼克"): ("DMA", "DOM"),
    ("sudan", "soudan", "судан", "السودان", "苏丹"): ("SDN", "SSD"),
}
"""Names that are one State's and sound like another's: they ask back even when typed exactly."""

_CANDIDATES = {word: keys for words, keys in ASKED_BACK.items() for word in words}
_QUOTES = {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
_DASHES = r"\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_TYPED_ON_PHONES = re.compile(f"[{''.join(_QUOTES)}{_DASHES}]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_ARTICLES = re.compile(r"^(?:(?:the|la|le|les|el|los|las)\s+|l'\s*)(?=\w)")
ISO2 = 2
FEW = 8
SHORT = 4
"""Names up to this length are words too (chad, mali, oman): they propose nobody."""


def fold(text: str) -> str:
    """Case, accents, curly quotes, a phone's dashes and doubled spaces do not count."""
    if text.isascii():
        return " ".join(text.replace("`", "'").casefold().split())
    plain = _TYPED_ON_PHONES.sub(lambda found: _QUOTES.get(found[0], "-"), text)
    if not plain.isascii():
        plain = _BEYOND_ASCII.sub(_without_marks, unicodedata.normalize("NFKD", plain))
    return " ".join(plain.casefold().split())


def _without_marks(found: re.Match[str]) -> str:
    return "".join([mark for mark in found[0] if not unicodedata.combining(mark)])


@dataclass(frozen=True, slots=True)
class Match:
    """The keys that typed words may mean; only a certain match names one."""

    keys: tuple[str, ...]
    certain: bool


class Directory:
    """Every name of every party, folded, and the keys that it may mean."""

    def __init__(self, names: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._names = [*names]

    @cached_property
    def _keys(self) -> dict[str, set[str]]:
        """Made for the first who asks: most commands and presses name nobody in words, and it takes milliseconds."""
        keys: dict[str, set[str]] = {}
        for key, aliases in self._names:
            for alias in (key, *aliases):
                keys.setdefault(_known(alias), set()).add(key)
        return keys

    def find(self, typed: str, *, two_letters: bool = False) -> Match:
        """The party that `typed` names; a two-letter code counts only where the command says so."""
        name = _bare(typed)
        if asked := _CANDIDATES.get(name):
            return Match(tuple(key for key in asked if any(key in keys for keys in self._keys.values())), certain=False)
        if (keys := self._keys.get(name)) and (two_letters or len(name) > ISO2 or not name.isascii()):
            return Match(tuple(sorted(keys)), certain=len(keys) == 1)
        return Match(self._like(name), certain=False)

    def named(self, typed: str) -> tuple[str, ...]:
        """Every party that has this very name, also where it would ask back: whoever only looks sees them all."""
        name = _bare(typed)
        if len(name) <= ISO2 and name.isascii():
            return ()
        return tuple(sorted({*_CANDIDATES.get(name, ()), *self._keys.get(name, ())}))

    def beginning(self, typed: str) -> tuple[str, ...]:
        """The parties with a name that begins so; nobody where that is too short, or where it could be anybody's."""
        name = _bare(typed)
        begun = (keys for known, keys in self._keys.items() if len(name) > ISO2 and known.startswith(name))
        parties = {key for keys in begun for key in keys}
        return tuple(sorted(parties)) if len(parties) <= FEW else ()

    def mentioned(self, text: str) -> Match:
        """The parties that a text speaks of by a name of more than four letters; exactly one is enough to propose it.

        Longer names are taken out first, so that the Democratic Republic of the Congo does not speak of the Congo too; a
        name that asks back speaks of all that it may mean.
        """
        text, keys = _spoken(text), set[str]()
        for name in sorted(self._keys, key=len, reverse=True):
            if len(name) > SHORT and (spoken := _spoken_name(name)) in text:
                keys |= {*_CANDIDATES.get(name, self._keys[name])}
                text = text.replace(spoken, " | ")
        return Match(tuple(sorted(keys)), certain=False)

    def _like(self, name: str) -> tuple[str, ...]:
        near = get_close_matches(name, self._keys, n=5, cutoff=0.75)
        starting = [known for known in self._keys if len(name) > ISO2 and known.startswith(name)]
        return tuple(dict.fromkeys(key for known in (*starting, *near) for key in sorted(self._keys[known])))[:8]


def _spoken(text: str) -> str:
    """The text as words between single spaces, one before and one behind."""
    words = re.sub(r"[^\w]+", " ", fold(text)).strip()
    return f" {words} "


def _bare(name: str) -> str:
    return _ARTICLES.sub("", fold(name)).strip(" .,;")


# The registers' few thousand names are the same for every message: folding them anew took 25 ms of each unknown one.
_known = lru_cache(maxsize=10_000)(_bare)
_spoken_name = lru_cache(maxsize=10_000)(_spoken)
