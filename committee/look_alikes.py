"""A domain that looks like one that we know, and is another: letters of other alphabets, a digit in a letter's place."""

from functools import lru_cache
from typing import Final

_OTHERS: Final = str.maketrans({
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s", "һ": "h", "ԁ": "d",
    "в": "b", "к": "k", "м": "m", "н": "h", "т": "t", "ԛ": "q", "ԝ": "w", "ӏ": "l", "г": "r",
    "α": "a", "ε": "e", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "γ": "y", "η": "n",
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "à": "a", "á": "a", "â": "a", "ã": "a", "ä": "a", "å": "a", "ā": "a", "ç": "c",
    "è": "e", "é": "e", "ê": "e", "ë": "e", "ē": "e", "ì": "i", "í": "i", "î": "i", "ï": "i", "ī": "i", "ñ": "n", "ò": "o",
    "ó": "o", "ô": "o", "õ": "o", "ö": "o", "ō": "o", "ù": "u", "ú": "u", "û": "u", "ü": "u", "ū": "u", "ý": "y", "ÿ": "y",
    "0": "o", "1": "l", "5": "s",
})  # fmt: skip
"""Some of the confusable signs of Unicode's UTS 39 that people are deceived by in the names of hosts."""
_PREFIX: Final = "xn--"


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].casefold()


@lru_cache(maxsize=10_000)
def at_a_glance(domain: str) -> str:
    """The domain as the eye takes it: A-labels as they are shown, signs of other alphabets as ours, rn as m, i as l."""
    shown = ".".join(map(_shown, domain.casefold().split(".")))
    plain = shown.translate(_OTHERS).replace("rn", "m").replace("vv", "w").replace("cl", "d")
    return plain.replace("i", "l").replace("-", "")


def _shown(label: str) -> str:
    if not label.startswith(_PREFIX):
        return label
    try:
        return label.removeprefix(_PREFIX).encode("ascii").decode("punycode")
    except UnicodeError:
        return label
