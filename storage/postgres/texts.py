"""PostgreSQL keeps no NUL in a text: it is written in another way, so that both stores keep the same values."""

from collections.abc import Iterable
from typing import Any

from storage.documents import parsed, written

_MARK = "\ue000"
"""A character for private use; a text that holds it is written in the other way too."""


def stored(text: str) -> str:
    if "\0" not in text and _MARK not in text:
        return text
    return text.replace(_MARK, f"{_MARK}1").replace("\0", f"{_MARK}0")


def read(text: str) -> str:
    return text.replace(f"{_MARK}0", "\0").replace(f"{_MARK}1", _MARK) if _MARK in text else text


def stored_all(values: Iterable[Any]) -> list[Any]:
    return [stored(value) if isinstance(value, str) else value for value in values]


def literal(value: str | int | None) -> str:
    """A value as it stands in a statement: with `standard_conforming_strings` nothing but a quote means anything in a text."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'{}'".format(stored(value).replace("'", "''"))


def body(document: str) -> str:
    r"""A document as jsonb takes it, which knows no \u0000; it is for looking up, the text beside it is what is kept."""
    return written(_without_nul(parsed(document))) if "\\u0000" in document else document


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return stored(value)
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    if isinstance(value, dict):
        return {stored(key): _without_nul(one) for key, one in value.items()}
    return value
