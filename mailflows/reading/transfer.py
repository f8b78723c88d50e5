"""A part's bytes as they were before they were encoded for the journey; a fault never loses the readable rest."""

import binascii
import re

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
OTHERS = bytes(set(range(256)) - set(LETTERS))
AS_SENT = frozenset({"", "7bit", "8bit", "binary"})


def content_of(body: bytes, encoding: str, problems: list[str]) -> bytes:
    """`body` decoded by its Content-Transfer-Encoding."""
    match encoding:
        case "base64":
            return _from_base64(body, problems)
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case _:
            if encoding not in AS_SENT:
                problems.append(f"The transfer encoding {encoding[:40]!r} is not known; the part is kept as sent.")
            return body


def _from_base64(body: bytes, problems: list[str]) -> bytes:
    end = re.search(rb"=[=\s]*", body)
    if end and re.search(rb"[^A-Za-z0-9+/=\s]", body[end.end() :]):
        problems.append("Words follow the end of a base64 part; they were left out of it.")
        body = body[: end.end()]
    content, cut = bytearray(), False
    for segment in re.finditer(rb"[^=]+", body.translate(None, OTHERS)):  # there may be millions
        letters = segment[0]
        if len(letters) % 4 == 1:
            cut = True
            letters = letters[:-1]
        content += binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    if cut:
        problems.append("A base64 part is cut short; what could be decoded was kept.")
    return bytes(content)
