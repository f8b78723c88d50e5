"""What an SMTP server answers: bytes become replies, and a reply that is no yes becomes the error that it means."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from committee.errors import Unavailable
from mailflows.accepted import Bounced, Deferred, NotLetIn, TooMuch, said

LONGEST_ANSWER = 65_536  # bytes, all its lines together: a server that goes on for ever must not fill our memory
CLOSING = 421  # RFC 5321, 3.8: it may answer any command, or come unasked, and the connection ends with it
GO_ON = 354

_NOT_LET_IN = frozenset(
    {530, 534, 535, 538}
)  # RFC 4954, section 6: authentication or encryption is required, or failed
_FEWER = frozenset({CLOSING, 432})  # 432 4.3.2 is Exchange's for too many connections of one sender
_ABOUT_US = re.compile(
    r"\b4\.3\.2\b|\b4\.7\.\d+\b.*(?:\brate\b|\blimit|throttl|concurren|\bconnections\b|too (?:many|much|fast|often))",
    re.IGNORECASE,
)
_ABOUT_A_LETTER = frozenset({"RCPT", "DATA", "."})  # there 450, 451 and 452 are, whatever they say
_LATER, _NEVER = 4, 5  # RFC 5321, 4.2.1: the first digit of a code
_DIGITS = 3


class OutOfStep(Unavailable):
    """An answer that is none, or to nothing that was asked: which reply belongs to what cannot be known any more."""


class Reply(NamedTuple):
    """The text is that of all lines, without their codes."""

    code: int
    text: bytes

    def __str__(self) -> str:
        return said(f"{self.code} {self.text.decode('utf-8', 'replace')}")


class Replies:
    """Whatever pieces the bytes come in: a reply is there when its last line has ended, with CRLF or with LF alone."""

    def __init__(self) -> None:
        self._rest, self._lines, self._size = b"", list[bytes](), 0

    def feed(self, data: bytes) -> Iterator[Reply]:
        """The replies that are complete now; `OutOfStep` at what is none (RFC 5321, 4.2), with what was said."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            code = line[:3]
            if not (len(code) == _DIGITS and code.isdigit() and b"2" <= code < b"6" and line[3:4] in b" -\r"):
                raise OutOfStep(f"what is no reply: {said(line.decode('utf-8', 'replace'))!r}")
            if self._lines and self._lines[0][:3] != code:
                raise OutOfStep(f"one reply with two codes: {said(line.decode('utf-8', 'replace'))!r}")
            self._lines.append(line)
            self._size += len(line)
            if line[3:4] != b"-":
                text = b" ".join([each[4:].rstrip() for each in self._lines])
                self._lines, self._size = [], 0
                yield Reply(int(code), text)
        if self._size + len(self._rest) > LONGEST_ANSWER:
            raise OutOfStep(f"an answer that does not end within {LONGEST_ANSWER} bytes")


def refusal(step: str, reply: Reply, host: str) -> Exception | None:
    """The error that an answer to MAIL, RCPT, DATA, the final dot or NOOP means; None where it is a yes."""
    family = reply.code // 100
    if family == (3 if step == "DATA" else 2):
        return None
    words = str(reply)
    if reply.code in _NOT_LET_IN:
        return NotLetIn(f"{host} does not let us in: {words}")
    if asks_for_less(reply.code, words if step not in _ABOUT_A_LETTER else ""):
        return TooMuch(words)
    if family == _LATER:
        return Deferred(words)
    if family == _NEVER:
        return Bounced(words)
    return OutOfStep(f"{host} answers {step} with what is no answer to it: {words}")


def asks_for_less(code: int, words: str) -> bool:
    """Whether an answer says that we connect too often or send too fast: about us, whatever the letter was."""
    return code in _FEWER or (code // 100 == _LATER and bool(_ABOUT_US.search(words)))
