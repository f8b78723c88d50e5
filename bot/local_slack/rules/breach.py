"""One breach of a rule: what is wrong, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Part = dict[str, Any]
Breaches = Iterator["Breach"]


@dataclass(frozen=True, slots=True)
class Breach:
    where: str
    """A JSON pointer, e.g. `/blocks/0/text/text`."""
    words: str
    refused: bool = True
    """Slack answers with an error; else it shows what nobody should be shown, and only the test hears of it."""
    code: str = ""
    """Slack's error, where it has one of its own for this."""

    def __str__(self) -> str:
        return f"{self.words} [json-pointer:{self.where}]"


def too_long(text: Any, most: int, where: str) -> Breaches:
    if isinstance(text, str) and len(text) > most:
        yield Breach(where, f"must be less than {most + 1} characters")


def one_of(part: Part, name: str, known: tuple[str, ...], where: str) -> Breaches:
    if name in part and part[name] not in known:
        yield Breach(f"{where}/{name}", f"must be one of {', '.join(known)}")


def counted(parts: Any, least: int, most: int, where: str) -> Breaches:
    if not isinstance(parts, list):
        yield Breach(where, "must be an array")
    elif len(parts) < least:
        yield Breach(where, f"no less than {least} items allowed")
    elif len(parts) > most:
        yield Breach(where, f"no more than {most} items allowed")


def objects(parts: Any) -> list[Part]:
    """Those of an array that are objects; what is not has been remarked upon by whoever checks their shape."""
    return [each for each in parts if isinstance(each, dict)] if isinstance(parts, list) else []
