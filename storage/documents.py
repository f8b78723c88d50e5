"""Values become JSON documents, and documents values again; the one module of storage that knows pydantic."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, from_json, to_json, to_jsonable_python

from committee.errors import Refused
from storage.errors import Damaged


class Keyed(Protocol):
    """A value with a name of its own within its register or ledger."""

    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Keyed)
Document = dict[str, Any]


class Documents(Generic[T]):
    """Reads and writes the values of one kind."""

    def __init__(self, kind: type[T]) -> None:
        self.kind = kind
        self.fields = frozenset(field.name for field in fields(kind))  # type: ignore[arg-type] # a Keyed is a dataclass
        self._adapter = TypeAdapter(kind)

    def text(self, value: T) -> str:
        """The document of a value. Half a character (a lone surrogate) or a value of another type is refused."""
        try:
            return self._adapter.dump_json(value, warnings="error").decode()
        except PydanticSerializationError as error:
            raise Refused(f"{self.kind.__name__} {value.key!r} cannot be kept: {error}") from error

    def value(self, text: str | bytes) -> T:
        """A value of its own for each reader: nothing in it is shared."""
        try:
            return self._adapter.validate_json(text)
        except ValidationError as error:
            raise Damaged(f"a stored {self.kind.__name__} cannot be read: {error}") from error

    def values(self, texts: Iterable[str | bytes]) -> list[T]:
        return [self.value(text) for text in texts]

    def check(self, names: Iterable[str]) -> None:
        """Say which of the names are no fields of this kind, as Python does for arguments."""
        if unknown := sorted(set(names) - self.fields):
            raise TypeError(f"{self.kind.__name__} has no {', '.join(unknown)}")


@cache
def documents_of(kind: type[T]) -> Documents[T]:
    return Documents(kind)


def parsed(text: str | bytes) -> Document:
    document: Document = from_json(text)
    return document


def written(document: Mapping[str, Any]) -> str:
    return to_json(document).decode()


_PLAIN = frozenset({str, int, bool, type(None)})


def plain(value: Any) -> Any:
    """A field's value as its document holds it."""
    if type(value) in _PLAIN:
        return value
    return plain(value.value) if isinstance(value, Enum) else to_jsonable_python(value)


def choices(value: Any) -> list[Any]:
    """The plain values that a search for a value means: a tuple or set stands for any of its members."""
    return [plain(choice) for choice in value] if isinstance(value, (tuple, set, frozenset)) else [plain(value)]
