"""A message is read: bytes in, a `Reading` out; each step is guarded, and what went wrong is said in `problems`."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from mailflows.reading import bodies, bounces, fields, identifiers, languages, loops, replies, sniffing
from mailflows.reading.attachments import attachment
from mailflows.reading.calendars import calendar_of
from mailflows.reading.headers import one_line
from mailflows.reading.parts import Part, taken_apart
from mailflows.reading.values import Attachment, Calendar, Reading, ReadingKind

KNOWN = frozenset({
    "from", "to", "subject", "date", "message-id", "received", "content-type", "mime-version", "return-path", "sender", "cc",
})  # fmt: skip
T = TypeVar("T")
MOST_TEXT = 5_000_000  # characters of text that are given on


def read(raw: bytes) -> Reading:
    """What the message says. Never raises: what cannot be read is `unreadable`, and its problems say why."""
    try:
        return _read(raw)
    except Exception as error:  # noqa: BLE001 - one message must never stop the next
        return Reading(
            ReadingKind.UNREADABLE, problems=(f"It could not be read ({type(error).__name__}); it was kept whole.",)
        )


def _read(raw: bytes) -> Reading:
    problems: list[str] = []
    whole = taken_apart(raw, problems)
    reading = fields.reading_of(replace(whole.headers, charset=_charset(whole)), problems)
    text = _attempt(lambda: _text(raw, whole, problems), "", "text", problems)
    reply = _attempt(lambda: replies.new_words(text), text, "quotes", problems)
    reading = replace(reading, text=text, reply=reply, language=languages.language_of(reply))
    reading = replace(
        reading,
        attachments=_attempt(lambda: _attachments(whole, problems), (), "attachments", problems),
        calendar=_attempt(lambda: _calendar(whole), None, "calendar part", problems),
        bounce=_attempt(lambda: bounces.bounce_of(whole, reading), None, "delivery status", problems),
        about=_attempt(lambda: _about(whole), None, "report", problems),
    )
    kind = _kind(whole, reading)
    problems += _unread(raw, whole, kind)
    return replace(reading, kind=kind, problems=tuple(dict.fromkeys(one_line(problem) for problem in problems)))


def _attempt(step: Callable[[], T], otherwise: T, what: str, problems: list[str]) -> T:
    """What the step gives; one that fails on mail that nobody foresaw costs its own result and no other."""
    try:
        return step()
    except Exception as error:  # noqa: BLE001 - mail is whatever strangers write
        problems.append(f"Its {what} could not be read ({type(error).__name__}); the message was kept whole.")
        return otherwise


def _charset(whole: Part) -> str | None:
    """The first charset that the message declares: its bare 8-bit header fields are read with it."""
    return next((charset for part in whole.leaves() if (charset := part.parameters.get("charset"))), None)


def _text(raw: bytes, whole: Part, problems: list[str]) -> str:
    """The words, as many as are of use to a reader; none where the bytes are noise."""
    if not _is_mail(whole) and sniffing.type_of(raw) == sniffing.UNKNOWN:
        return ""
    text = bodies.words_of(whole, problems)
    if len(text) > MOST_TEXT:
        problems.append(
            f"Its text has {len(text):,} characters; the first {MOST_TEXT:,} are given, the rest is in the kept message."
        )
    return text[:MOST_TEXT]


def _is_mail(whole: Part) -> bool:
    return any(name in KNOWN for name, _ in whole.headers.fields)


def _attachments(whole: Part, problems: list[str]) -> tuple[Attachment, ...]:
    return tuple(attachment(part, number, problems) for number, part in enumerate(bodies.enclosed(whole), 1))


def _calendar(whole: Part) -> Calendar | None:
    found = (calendar_of(bodies.text_of(part, [])) for part in bodies.calendars(whole))
    return next((calendar for calendar in found if calendar), None)


def _kind(whole: Part, reading: Reading) -> ReadingKind:
    """By the strongest form first: what a report says of itself, then what the headers say."""
    types = {part.type for part in whole.leaves()}
    reported = whole.type == "multipart/report"
    judged = (
        (ReadingKind.UNREADABLE, not _is_mail(whole)),
        (ReadingKind.BOUNCE, reading.bounce is not None),
        (ReadingKind.RECEIPT, reported and "message/disposition-notification" in types),
        (ReadingKind.REPORT, reported and "message/feedback-report" in types),
        (ReadingKind.CALENDAR, reading.calendar is not None and reading.calendar.method is not None),
        (ReadingKind.AUTOMATIC, loops.replies_by_itself(reading) is not None),
        (ReadingKind.LIST, bool(reading.list_id) or reading.precedence == "list"),
        (ReadingKind.AUTOMATIC, loops.automatic(reading) is not None),
    )
    return next((kind for kind, holds in judged if holds), ReadingKind.MESSAGE)


def _about(whole: Part) -> str | None:
    """The message that a read receipt or a report is about."""
    for part in whole.leaves():
        if part.type == "message/disposition-notification":
            for group in bounces.groups(part):
                if found := identifiers.message_id(group.first("original-message-id")):
                    return found
    return bounces.returned_id(whole)


def _unread(raw: bytes, whole: Part, kind: ReadingKind) -> list[str]:
    """What could not be read at all, and that it was kept."""
    types = {part.type for part in whole.leaves()} | {whole.type}
    sealed = types & {"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"}
    problems = [f"Its words are sealed ({kind}); they were kept unread." for kind in sorted(sealed)]
    if not raw.strip():
        problems.append(f"The message is empty ({len(raw)} bytes).")
    elif kind is ReadingKind.UNREADABLE:
        problems.append("It has no header field that a mail has; it was kept whole.")
    return problems
