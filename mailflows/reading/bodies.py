"""Which parts are the words of a message and which are enclosed; the words become text."""

import re

from mailflows.reading import markup
from mailflows.reading.charsets import decoded
from mailflows.reading.parts import Part
from mailflows.reading.transfer import content_of

REPORTED = frozenset({
    "message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
    "message/global-disposition-notification", "message/feedback-report", "text/rfc822-headers",
    "message/global-headers", "message/rfc822", "message/global",
})  # fmt: skip
"""Parts that a report (RFC 6522) carries for machines."""
META = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
MOST_MARKUP = 6_000_000  # characters; a second or two
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def text_of(part: Part, problems: list[str]) -> str:
    """The words of one text part; HTML becomes text."""
    raw = content_of(part.body, part.encoding, problems)
    charset = part.parameters.get("charset")
    if part.type == "text/html" and not charset and (meta := META.search(raw[:2_000])):
        charset = meta[1].decode("ascii", "replace")
    text = UNSEEN.sub("", decoded(raw, charset, problems).replace("\r\n", "\n").replace("\r", "\n"))
    if part.type == "text/html":
        if len(text) > MOST_MARKUP:
            problems.append(f"An HTML part has {len(text):,} characters; the first {MOST_MARKUP:,} were read.")
        return markup.text_of(text[:MOST_MARKUP])
    return _unflowed(text, part.parameters) if part.parameters.get("format", "").lower() == "flowed" else text


def words_of(whole: Part, problems: list[str]) -> str:
    """All the words of the message in reading order."""
    return "\n".join(filter(None, (text_of(part, problems).strip("\n") for part in shown(whole)))).strip()


def shown(part: Part) -> list[Part]:
    """The text parts that a person is shown: of alternatives the plain one that says something, else the HTML one."""
    if part.type == "multipart/alternative":
        return _chosen([shown(alternative) for alternative in part.parts])
    if part.parts:
        return [text for inner in part.parts for text in shown(inner)]
    return [part] if _is_body(part) else []


def enclosed(whole: Part) -> list[Part]:
    """The parts that are neither the words nor for machines, in order."""
    return [part for part in whole.leaves() if not _is_body(part) and not _for_machines(part)]


def calendars(whole: Part) -> list[Part]:
    """Calendar parts of the body, not those that are enclosed as a file only."""
    return [part for part in whole.leaves() if part.type == "text/calendar" and part.disposition != "attachment"]


def _is_body(part: Part) -> bool:
    return part.type in {"text/plain", "text/html"} and part.disposition != "attachment" and not part.filename


def _for_machines(part: Part) -> bool:
    reported = "multipart/report" in part.inside and part.type in REPORTED
    return reported or (part.type == "text/calendar" and part.disposition != "attachment" and not part.filename)


def _chosen(alternatives: list[list[Part]]) -> list[Part]:
    plain = [texts for texts in alternatives if texts and all(part.type == "text/plain" for part in texts)]
    said = [texts for texts in plain if any(content_of(part.body, part.encoding, []).strip() for part in texts)]
    return next((texts for texts in (*said, *reversed(alternatives)) if texts), [])


def _unflowed(text: str, parameters: dict[str, str]) -> str:
    """RFC 3676: a line that ends in a space goes on in the next, unless it is quoted or the signature's mark."""
    joint = "" if parameters.get("delsp", "").lower() == "yes" else " "
    lines: list[list[str]] = []  # the pieces of each: a paragraph may flow over a million lines
    flows = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        own = line if quoted else line.removeprefix(" ")
        if flows and not quoted and own != "-- ":
            lines[-1][-1] = lines[-1][-1][:-1] + joint
            lines[-1].append(own)
        else:
            lines.append([own])
        flows = not quoted and own.endswith(" ") and own != "-- "
    return "\n".join("".join(pieces) for pieces in lines)
