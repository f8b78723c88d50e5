"""A header block becomes fields; a field's words are decoded, one line, without control characters."""

import binascii
import re
from dataclasses import dataclass

from mailflows.reading.charsets import decoded, valid

MOST = 2_000  # fields that are looked at
LONGEST = 100_000  # bytes of one field

FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:([^\r\n]*+(?>(?:\r?\n[ \t]+[^\r\n]*+|\r(?!\n)[^\r\n]*+)*))(?:\r?\n|\Z)")
ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*+(?>(?:\?(?!=)[^?]*+){0,3}))\?=")
EMPTY_LINE = re.compile(rb"^[ \t]*\r?\n", re.MULTILINE)
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Marks and overrides that make a name read as what it is not."""


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one header block in order, names in lower case, values as sent."""

    fields: tuple[tuple[str, bytes], ...] = ()
    charset: str | None = None  # of 8-bit bytes that are not UTF-8

    def all(self, name: str) -> list[str]:
        """Every value of `name`, unfolded, still encoded."""
        return [unfolded(value, self.charset) for key, value in self.fields if key == name]

    def first(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)

    def words(self, name: str) -> str | None:
        """The first value of `name` as a person would read it."""
        value = self.first(name)
        return None if value is None else one_line(words_of(value))


def split(raw: bytes) -> tuple[Headers, bytes]:
    """The header block and what follows it; a line that is no field begins the body, as in mail without an empty line."""
    envelope = re.match(rb">?From [^\r\n]{0,1000}\r?\n", raw)
    position = envelope.end() if envelope else 0
    fields: list[tuple[str, bytes]] = []
    while len(fields) < MOST and (field := FIELD.match(raw, position)):
        fields.append((field[1].decode("ascii").lower(), field[2]))
        position = field.end()
    if len(fields) == MOST:
        end = EMPTY_LINE.search(raw, position)
        return Headers(tuple(fields)), raw[end.end() :] if end else b""
    end = EMPTY_LINE.match(raw, position)
    return Headers(tuple(fields)), raw[end.end() if end else position :]


def unfolded(value: bytes, charset: str | None = None) -> str:
    """A field's value as one line; 8-bit bytes are read as UTF-8, else as `charset`, else as windows-1252."""
    try:
        text = value[:LONGEST].decode()
    except UnicodeDecodeError:
        text = decoded(value[:LONGEST], charset, [])
    return re.sub(r"\r?\n(?=[ \t])|[\r\n]+", "", text).strip()


def words_of(value: str) -> str:
    """`value` with its encoded words (RFC 2047) decoded; characters cut in two between words are whole again."""
    pieces: list[str] = []
    charset, pending, position = "", b"", 0
    for word in ENCODED.finditer(value):
        between = value[position : word.start()]
        language_free = word[1].partition("*")[0].lower()
        if pending and (between.strip() or language_free != charset):
            pieces.append(decoded(pending, charset, []))
            pending = b""
        if between.strip() or not position:
            pieces.append(between)
        charset, pending, position = language_free, pending + _bytes_of(word[2], word[3]), word.end()
    if pending:
        pieces.append(decoded(pending, charset, []))
    return "".join([*pieces, value[position:]])


def one_line(text: str) -> str:
    """`text` without line breaks, control characters and direction marks, spaces made single."""
    return " ".join(valid(DIRECTION.sub("", CONTROLS.sub(" ", text))).split())


def _bytes_of(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw, header=True)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
