"""Header fields of what goes out (RFC 5322, 2047, 2231): ASCII, folded, no line break or control code from data."""

import base64
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from urllib.parse import quote

import idna

from committee.errors import Refused
from mailflows.markdown import one_line

LINE = 76
LONGEST_NAME = 120
LONGEST_FILE_NAME = 200  # bytes
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LOCAL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*|\"(?:[ !#-\[\]-~]|\\[ -~])*\""
)
_HOST = re.compile(
    r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?|\[[0-9A-Fa-f:.IPv]+\]"
)
_MESSAGE_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the brackets
_LONGEST_MESSAGE_ID = 250
_KEPT_IN_MIND = 1_000  # fields of one run: the same subject, sender and language in each letter


@lru_cache(_KEPT_IN_MIND)
def text(name: str, value: str) -> str:
    """An unstructured field: Subject."""
    value = one_line(value)
    if _plain(value) and max(map(len, value.split(" "))) < LINE - len(name) - 2:
        return f"{name}: {_folded(value.split(' '), LINE - len(name) - 2)}\r\n"
    return f"{name}: {_encoded(value)}\r\n"


def mailboxes(name: str, people: Iterable[tuple[str, str]]) -> str:
    """An address field, each (display name, address) on a line of its own; nothing where there is nobody."""
    written = ",\r\n ".join(_mailbox(*person) for person in people)
    return f"{name}: {written}\r\n" if written else ""


def message_ids(name: str, ids: Iterable[str]) -> str:
    """In-Reply-To and References; what is not a Message-ID is left out, and nothing is written when none is left."""
    bare = (each.strip().strip("<>") for each in ids)
    known = [f"<{each}>" for each in bare if len(each) <= _LONGEST_MESSAGE_ID and _MESSAGE_ID.fullmatch(each)]
    return f"{name}: " + "\r\n ".join(known) + "\r\n" if known else ""


def unsubscribe(address: str, what: str) -> str:
    """A mail that asks to be taken off a list (RFC 2369, section 3.2; RFC 6068); a person reads it."""
    mailto = quote(ascii_address(address), safe="@")
    return f"List-Unsubscribe:\r\n <mailto:{mailto}?subject={quote(f'unsubscribe {what}')}>\r\n"


def file_name(value: str) -> str:
    """The parameter of a Content-Disposition: quoted where it can be, else in parts as RFC 2231 has it."""
    value = one_line(value).encode()[:LONGEST_FILE_NAME].decode("utf-8", "ignore") or "enclosure"
    if _plain(value) and len(value) < LINE - 15:
        return ';\r\n filename="' + re.sub(r'(["\\])', r"\\\1", value) + '"'
    escaped = quote(value, safe="")
    parts = re.findall(r"(?:%[0-9A-F]{2}|[^%]){1,18}", escaped)
    return "".join(
        f";\r\n filename*{n}*={'' if n else chr(39).join(('utf-8', '', ''))}{part}" for n, part in enumerate(parts)
    )


@lru_cache(_KEPT_IN_MIND)
def ascii_address(address: str) -> str:
    """An address as headers and envelopes carry it: its domain as A-labels; `Refused` where it is not one."""
    local, at, domain = address.rpartition("@")
    host = _a_labels(domain)
    if at and _LOCAL.fullmatch(local) and _HOST.fullmatch(host) and len(local) + 1 + len(host) <= _LONGEST_ADDRESS:
        return f"{local}@{host}"
    raise Refused(f"{one_line(address)[:100]!r} is not an address that mail can be sent to; mend the contact: repairs")


def _a_labels(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


@lru_cache(_KEPT_IN_MIND)
def _mailbox(display: str, address: str) -> str:
    display, address = one_line(display)[:LONGEST_NAME], ascii_address(address)
    if not display:
        return address
    phrase = _phrase(display)
    gap = " " if len(phrase.rpartition("\n")[2]) + len(address) < LINE - 8 else "\r\n "
    return f"{phrase}{gap}<{address}>"


def _phrase(display: str) -> str:
    """A display name: a quoted string where ASCII is enough, else its words, those encoded that need it."""
    if _plain(display) and len(display) < LINE - 20:
        return display if _ATOMS.fullmatch(display) else '"' + re.sub(r'(["\\])', r"\\\1", display) + '"'
    words: list[str] = []
    for atoms, group in groupby(display.split(" "), key=_stands_alone):
        run = list(group)
        words += run if atoms else _encoded_words(" ".join(run))
    return _folded(words, LINE - 12)


def _stands_alone(word: str) -> bool:
    return _plain(word) and bool(_ATOMS.fullmatch(word)) and len(word) < LINE - 20


def _plain(value: str) -> bool:
    return value.isascii() and "=?" not in value and bool(value)


def _folded(words: Sequence[str], room: int) -> str:
    lines, width = [words[0]], len(words[0])
    for word in words[1:]:
        width += 1 + len(word)
        lines.append(f" {word}" if width <= room else f"\r\n {word}")
        width = width if width <= room else len(word)
    return "".join(lines)


def _encoded(value: str) -> str:
    return "\r\n ".join(_encoded_words(value))


def _encoded_words(value: str) -> list[str]:
    """Encoded words of whole characters (RFC 2047, section 5)."""
    starts, size = [0], 0
    for place, sign in enumerate(value):
        size += len(sign.encode())
        if size > 36:  # noqa: PLR2004 - with its frame and the field's name within 76 characters
            starts, size = [*starts, place], len(sign.encode())
    words = (value[start:end] for start, end in pairwise([*starts, len(value)]))
    return [f"=?utf-8?b?{base64.b64encode(word.encode()).decode()}?=" for word in words]
