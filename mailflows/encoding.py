"""Words and files as they stand in a message: quoted-printable and base64 (RFC 2045, 6.7 and 6.8), lines that end with CRLF."""

import base64
import binascii
from dataclasses import dataclass

from mailflows.markdown import clean
from mailflows.rendering import Rendered

PIECE = 57 * 13_440
"""Bytes of a file in one part of a message: whole lines of base64, each of 57 bytes, a megabyte when they are encoded."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter's subject, and its text and HTML as they stand in a message."""

    subject: str
    text: bytes
    html: bytes


def written(rendered: Rendered) -> Written:
    text, html = (quoted_printable(clean(words)) for words in (rendered.text, rendered.html))
    return Written(rendered.subject, text, html)


def quoted_printable(text: str) -> bytes:
    return binascii.b2a_qp(text.encode(), istext=True).replace(b"\n", b"\r\n")


def base64_parts(content: bytes) -> tuple[bytes, ...]:
    """The file in parts of a megabyte, so that it never has to be copied as a whole."""
    whole = memoryview(content)
    pieces = (whole[start : start + PIECE] for start in range(0, len(whole), PIECE))
    return tuple(base64.encodebytes(piece).replace(b"\n", b"\r\n") for piece in pieces)
