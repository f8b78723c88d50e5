"""A rendered letter becomes the message that leaves: the same letter, the same bytes, to each of its addresses."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

from committee.calendar import new_york
from committee.errors import Refused
from committee.letters import Enclosure, Letter, LetterKind
from mailflows import headers
from mailflows.encoding import Written, base64_parts, written
from mailflows.message import Message
from mailflows.rendering import Rendered

RECEIPTS = frozenset({LetterKind.RECEIPT, LetterKind.RECEIPT_REPEAT})
ANSWERS = RECEIPTS | {LetterKind.STATUS_ANSWER, LetterKind.TOO_LARGE}
"""What answers a mail by itself: `All` would ask Exchange to suppress the bounces too ([MS-OXCMAIL] 2.1.3.2.20)."""
DESK_HEADER = "X-Verbale-Desk"
"""Our own loop header: what comes back with it is never answered."""

_TYPE = re.compile(r"(?!multipart/|message/)[a-z]+/[a-z0-9][a-z0-9.+-]{0,100}")
_PLAIN, _HTML = (
    b"Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" % subtype
    for subtype in (b"plain", b"html")
)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the desk's address, and the names that stand beside it in From."""

    address: str
    secretariat: str = "Secretariat, 1540 Committee"
    chair: str = "Chair, 1540 Committee"

    @property
    def domain(self) -> str:
        return headers.ascii_address(self.address).rpartition("@")[2]

    def display(self, sender: str, language: str = "en") -> str:
        """Who stands beside the address in From: the Chair or the secretariat, in the letter's language."""
        if language == "fr":
            return "Présidence, Comité 1540" if sender == "chair" else "Secrétariat, Comité 1540"
        return self.chair if sender == "chair" else self.secretariat


def compose(
    letter: Letter, rendered: Rendered, *, letterhead: Letterhead, enclosures: Mapping[str, bytes], reply_to: str = ""
) -> Message:
    """The message of one letter by itself, from what was rendered and the bytes of each enclosure by its SHA-256."""
    enclosed = {each.sha256: encoded(each, enclosures.get(each.sha256)) for each in letter.enclosures}
    return assemble(letter, written(rendered), letterhead=letterhead, enclosed=enclosed, reply_to=reply_to)


def assemble(
    letter: Letter,
    words: Written,
    *,
    letterhead: Letterhead,
    enclosed: Mapping[str, tuple[bytes, ...]],
    reply_to: str = "",
) -> Message:
    """The message as it goes over the line: ASCII, CRLF, lines under 78 characters.

    It depends on its arguments alone, boundaries included, so a retry and a copy to a further address are the same
    bytes. `enclosed` holds what `encoded` made of each enclosure, by its SHA-256; these parts are shared, not copied.
    `Refused` where an address cannot be written.
    """
    head = _header(letter, words.subject, letterhead, reply_to)
    mixed, alternative = _boundary(f"{letter.key}/m"), _boundary(f"{letter.key}/a")
    start = _start("mixed", mixed) + _next(mixed) if letter.enclosures else b""
    body = (
        _start("alternative", alternative), _next(alternative), _PLAIN, words.text,
        b"\r\n", _next(alternative), _HTML, words.html, b"\r\n", _end(alternative),
    )  # fmt: skip
    parts = [b"".join((head, start, *body))]
    for enclosure in letter.enclosures:
        opening = b"\r\n" + _next(mixed) + _enclosure_header(enclosure)
        parts += [opening, *enclosed[enclosure.sha256]]
    return Message((*parts, b"\r\n" + _end(mixed)) if letter.enclosures else tuple(parts))


def encoded(enclosure: Enclosure, content: bytes | None) -> tuple[bytes, ...]:
    """The bytes of an enclosure as they stand in a message; `Refused` where they are not those that were released."""
    if content is None or hashlib.sha256(content).hexdigest() != enclosure.sha256:
        raise Refused(
            f"The enclosure {enclosure.name!r} is not the file that was released ({enclosure.sha256[:12]}…); "
            "nothing was sent."
        )
    return base64_parts(content)


def _header(letter: Letter, subject: str, letterhead: Letterhead, reply_to: str) -> bytes:
    display = letterhead.display(letter.sender, letter.language)
    people = [(person.name, person.address, person.copy) for person in letter.addressees]
    return "".join(
        (
            _date(letter.date or letter.queued_at),
            headers.mailboxes("From", [(display, letterhead.address)]),
            headers.mailboxes("To", [(name, address) for name, address, copy in people if not copy]),
            headers.mailboxes("Cc", [(name, address) for name, address, copy in people if copy]),
            headers.mailboxes("Reply-To", [(display, reply_to)]) if reply_to else "",
            headers.text("Subject", subject),
            headers.message_ids("Message-ID", [letter.message_id]),
            headers.message_ids("In-Reply-To", [letter.answers]),
            headers.message_ids("References", [letter.answers]),
            "Auto-Submitted: auto-generated\r\n" if letter.rule.no_person_wrote_it else "",
            "X-Auto-Response-Suppress: OOF, AutoReply\r\n" if letter.kind in ANSWERS else "",
            _of_list(letter, letterhead) if letter.list else "",
            headers.text(DESK_HEADER, letterhead.domain),
            headers.text("Content-Language", letter.language),
            "MIME-Version: 1.0\r\n",
        )
    ).encode("ascii")


def _of_list(letter: Letter, letterhead: Letterhead) -> str:
    """RFC 2919; and RFC 2369, section 3.2, on a subscribers' list alone: a forwarded copy would take a delegation off."""
    named = f"List-Id: <{letter.list}.list.{letterhead.domain}>\r\n"
    return named + headers.unsubscribe(letterhead.address, letter.list) if letter.unsubscribes else named


@lru_cache(maxsize=100)
def _date(moment: datetime) -> str:
    return f"Date: {format_datetime(new_york(moment).replace(microsecond=0))}\r\n"


def _boundary(seed: str) -> bytes:
    # RFC 2045 6.7 (2): neither quoted-printable nor base64 can hold "=_", so no line of a part is ever a boundary.
    return f"=_{hashlib.sha256(seed.encode()).hexdigest()[:32]}".encode()


def _start(subtype: str, boundary: bytes) -> bytes:
    return b'Content-Type: multipart/%s;\r\n boundary="%s"\r\n\r\n' % (subtype.encode(), boundary)


def _next(boundary: bytes) -> bytes:
    return b"--%s\r\n" % boundary


def _end(boundary: bytes) -> bytes:
    return b"--%s--\r\n" % boundary


def _enclosure_header(enclosure: Enclosure) -> bytes:
    kind = enclosure.type if _TYPE.fullmatch(enclosure.type) else "application/octet-stream"
    return (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment{headers.file_name(enclosure.name)}\r\n\r\n"
    ).encode("ascii")
