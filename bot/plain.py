"""What may reach a screen of what people write: no control codes, no direction marks, no halves of letters."""

import re
from typing import Final

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control codes; tabs and line breaks are dealt with by name
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"  # marks that reorder or hide what is read
    "\U000e0000-\U000e007f"  # tags
    "\ud800-\udfff]"  # halves of letters, from arguments that are not UTF-8
)
_BREAKS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def plain(text: str) -> str:
    """The text without anything that a terminal would obey or that would show it in another order; lines stay lines."""
    if text.isascii() and text.isprintable():  # as most of it is
        return text
    return _UNSEEN.sub("", _BREAKS.sub("\n", text)).replace("\t", " ")


def one_line(text: str) -> str:
    return " ".join(plain(text).split())


def shortened(text: str, length: int) -> str:
    """One line of at most `length` letters; what was cut is marked."""
    line = one_line(text)
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
