"""The bytes of a CSV become text: by their mark, by UTF-8, else by the code page whose words look like words."""

import codecs
import re
import unicodedata
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Final

MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
LOOKED_AT: Final = 20_000
"""Words beyond ASCII by which a code page is recognised."""
SAMPLE: Final = 2_000
_WORD: Final = re.compile(r"[^\W\d_]+")
_BEYOND_ASCII: Final = re.compile(rb"[\x80-\xff]")
_COMMON_HANZI: Final = range(0xB0A1, 0xD7FA)
"""The 3,755 characters of GB 2312's first level; what was written in another code page reads as rarer ones."""


def text_of(raw: bytes) -> str:
    """The text; a byte that no code page explains stands as U+FFFD, which no cell may have."""
    for mark, charset in MARKS:
        if raw.startswith(mark):
            return raw.decode(charset, "replace")
    if charset := _utf_16(raw):
        return raw.decode(charset, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(_code_page(raw), "replace")


def _utf_16(raw: bytes) -> str:
    """UTF-16 without its mark: of the ASCII in it, commas and addresses at the least, every other byte is zero."""
    sample = raw[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 12 < len(sample):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _code_page(raw: bytes) -> str:
    """The one of the six languages' code pages in which most letters stand in words; of two as good the first."""
    return max(_PLAUSIBLE, key=lambda charset: _letters_in_words(raw, charset))


def _letters_in_words(raw: bytes, charset: str) -> int:
    lines = b"\n".join(islice((line for line in raw.splitlines() if _BEYOND_ASCII.search(line)), LOOKED_AT))
    words = (word for word in _WORD.findall(lines.decode(charset, "replace")) if not word.isascii())
    plausible = _PLAUSIBLE[charset]
    return sum(len(word) for word in islice(words, LOOKED_AT) if plausible(word))


def _of_one_script(word: str, script: str) -> bool:
    return all(unicodedata.name(letter, "").startswith(script) for letter in word)


def _is_cased(word: str) -> bool:
    return word.islower() or word.isupper() or word[1:].islower()


def _is_latin(word: str) -> bool:
    """Most of a word's letters are without accents; where they are not, another script was meant."""
    plain = sum(letter.isascii() for letter in word)
    return _of_one_script(word, "LATIN") and _is_cased(word) and plain * 2 >= len(word)


def _is_chinese(word: str) -> bool:
    written = [letter.encode("gb18030") for letter in word if not letter.isascii()]
    common = sum(int.from_bytes(letter) in _COMMON_HANZI for letter in written)
    return common * 10 >= len(written) * 9


_PLAUSIBLE: Final[Mapping[str, Callable[[str], bool]]] = {
    "cp1252": _is_latin,
    "cp1251": lambda word: _of_one_script(word, "CYRILLIC") and _is_cased(word),
    "cp1256": lambda word: _of_one_script(word, "ARABIC"),
    "gb18030": _is_chinese,
}
