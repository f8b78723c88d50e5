"""A message is taken apart into its parts (RFC 2046), to a depth and a number; beyond them it is kept whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mailflows.reading import headers
from mailflows.reading.headers import Headers
from mailflows.reading.parameters import parameters, value_of

DEEPEST = 20
MOST = 200


@dataclass(frozen=True, slots=True)
class Part:
    headers: Headers
    body: bytes  # as sent, still encoded
    type: str
    inside: tuple[str, ...] = ()  # types of the multiparts around it, the nearest last
    parts: tuple["Part", ...] = ()

    @property
    def parameters(self) -> dict[str, str]:
        return parameters(self.headers.first("content-type"))

    @property
    def disposition(self) -> str:
        return value_of(self.headers.first("content-disposition"))

    @property
    def encoding(self) -> str:
        return value_of(self.headers.first("content-transfer-encoding"))

    @property
    def filename(self) -> str | None:
        named = parameters(self.headers.first("content-disposition")).get("filename")
        return named or self.parameters.get("name") or None

    def leaves(self) -> Iterator["Part"]:
        """The parts that hold content, in the order of the message."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def taken_apart(raw: bytes, problems: list[str]) -> Part:
    """The message as a tree of parts."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return _part(raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"), (), [MOST], problems)


def _part(raw: bytes, inside: tuple[str, ...], left: list[int], problems: list[str]) -> Part:
    """One part with what it holds; `left` is how many more parts may be listed in the whole message."""
    fields, body = headers.split(raw)
    default = "message/rfc822" if inside and inside[-1] == "multipart/digest" else "text/plain"
    kind = value_of(fields.first("content-type"))
    part = Part(fields, body, kind if re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind) else default, inside)
    if not part.type.startswith("multipart/"):
        return part
    if len(inside) >= DEEPEST:
        problems.append(f"Parts lie more than {DEEPEST} deep; what is deeper was not taken apart.")
        return replace(part, type="application/octet-stream")
    bodies = _bodies(body, part.parameters.get("boundary", ""))
    if not bodies:
        problems.append(f"A {part.type} has no part between its boundaries; it was read as one text.")
        return replace(part, type="text/plain")
    return replace(part, parts=_listed(bodies, (*inside, part.type), left, problems))


def _listed(bodies: list[bytes], inside: tuple[str, ...], left: list[int], problems: list[str]) -> tuple[Part, ...]:
    listed = []
    for body in bodies:
        if left[0] <= 0:
            problems.append(
                f"It has more than {MOST} parts; the first {MOST} are listed, the others only kept in the message."
            )
            break
        left[0] -= 1
        listed.append(_part(body, inside, left, problems))
    return tuple(listed)


def _bodies(body: bytes, boundary: str) -> list[bytes]:
    """What stands between the boundary's lines; a last part without its end goes to the end of the message."""
    if not boundary:
        return []
    line = re.compile(rb"\n--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*+(?=\r|\n|\Z)")
    body = b"\n" + body
    marks = [(mark.start(), mark.end(), bool(mark[1])) for mark in line.finditer(body)]
    ends = [*(start for start, _, _ in marks[1:]), len(body)]
    return [_between(body, end, stop) for (_, end, closing), stop in zip(marks, ends, strict=False) if not closing]


def _between(body: bytes, start: int, stop: int) -> bytes:
    """The bytes between two boundary lines: the line breaks beside them belong to the boundaries."""
    piece = body[start:stop]
    piece = piece.removeprefix(b"\r").removeprefix(b"\n")
    return piece.removesuffix(b"\r")
