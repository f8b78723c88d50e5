"""What the header block says by itself: who wrote, to whom, when, in answer to what, and what machines noted on the way."""

from mailflows.reading import identifiers
from mailflows.reading.addresses import MOST, mailboxes, normal
from mailflows.reading.headers import Headers, one_line
from mailflows.reading.moments import arrival, moment
from mailflows.reading.values import Reading, ReadingKind

ENVELOPE_RECIPIENT = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
SPAM = ("x-spam-flag", "x-spam-status")
AUTOREPLY = ("x-autoreply", "x-autorespond", "x-vacation")
OURS = "x-verbale-"
MOST_RESULTS, LONGEST_RESULT = 20, 10_000  # headers, the topmost first, and characters of one
LONGEST_WORD = 200
"""Characters of a header field that is only looked at: it is shown as the reason of what was done."""
LONGEST_SUBJECT = 12_000  # characters


def reading_of(fields: Headers, problems: list[str]) -> Reading:
    """Everything that the header block says by itself."""
    senders = mailboxes(fields.all("from"))
    if len(senders) != 1:
        problems.append(f"From names {len(senders)} mailboxes; exactly one can name who wrote it.")
    to, cc = mailboxes(fields.all("to")), mailboxes(fields.all("cc"))
    if MOST in {len(to), len(cc)}:
        problems.append(f"To or Cc names very many mailboxes; the first {MOST:,} are given.")
    subject = fields.words("subject")
    if subject and len(subject) > LONGEST_SUBJECT:
        problems.append(f"Its subject has {len(subject):,} characters; the first {LONGEST_SUBJECT:,} are given.")
    date = moment(fields.first("date"))
    if date is None and fields.first("date"):
        problems.append(f"The Date {(fields.words('date') or '')[:60]!r} is no date.")
    first = fields.words
    return Reading(
        kind=ReadingKind.MESSAGE,
        from_=senders[0] if len(senders) == 1 else None,
        senders=senders,
        to=to,
        cc=cc,
        reply_to=mailboxes(fields.all("reply-to")),
        envelope_sender=_envelope_sender(fields),
        delivered_to=_delivered_to(fields),
        subject=subject[:LONGEST_SUBJECT].strip() if subject else subject,
        date=date,
        received=arrival(fields.first("received")),
        message_id=identifiers.message_id(first("message-id")),
        in_reply_to=identifiers.message_id(first("in-reply-to")),
        references=identifiers.message_ids(first("references")),
        results=tuple(_result(one_line(result)) for result in fields.all("authentication-results")[:MOST_RESULTS]),
        auto_submitted=_keyword(fields, "auto-submitted"),
        precedence=_keyword(fields, "precedence"),
        autoreply=next((value for name in AUTOREPLY if (value := _short(fields, name))), None),
        suppress=_short(fields, "x-auto-response-suppress"),
        spam=any((_keyword(fields, name) or "").rstrip(",") == "yes" for name in SPAM),
        list_id=_short(fields, "list-id"),
        loop=_loop(fields),
    )


def _envelope_sender(fields: Headers) -> str | None:
    path = fields.words("return-path")
    if path is None:
        return None
    return "" if path.replace(" ", "") in {"<>", ""} else normal(path.strip(" <>"))


def _delivered_to(fields: Headers) -> tuple[str, ...]:
    """The envelope recipients that servers noted on the way."""
    values = [value for name in ENVELOPE_RECIPIENT for value in fields.all(name)]
    return tuple(dict.fromkeys(mailbox.address for mailbox in mailboxes(values)))


def _result(header: str) -> str:
    """A header that is too long keeps its place and its authserv-id and loses its results: one below must not count instead."""
    if len(header) <= LONGEST_RESULT:
        return header
    return next(iter(header.partition(";")[0].split()), "")[:200]


def _keyword(fields: Headers, name: str) -> str | None:
    """A field's first word in lower case, without parameters and comments."""
    words = (fields.words(name) or "").lower().replace(";", " ").replace("(", " ").split()
    return words[0][:LONGEST_WORD] if words else None


def _short(fields: Headers, name: str) -> str | None:
    return (fields.words(name) or "")[:LONGEST_WORD] or None


def _loop(fields: Headers) -> str | None:
    """Which desk of this make wrote it, or at least that one did."""
    others = (name[:LONGEST_WORD] for name, _ in fields.fields if name.startswith(OURS))
    return _short(fields, "x-verbale-desk") or next(others, None)
