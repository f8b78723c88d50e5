"""A delivery status notification is read: whom it could not reach, for how long, and which delivery it is about."""

import re

from mailflows.reading import headers
from mailflows.reading.addresses import normal
from mailflows.reading.headers import Headers, one_line, words_of
from mailflows.reading.identifiers import message_id
from mailflows.reading.parts import Part
from mailflows.reading.transfer import content_of
from mailflows.reading.values import Bounce, Failure, Reading

STATUSES = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})
SAID = 500  # characters of a server's words
MOST = 500  # recipients
TOKEN = re.compile(r"\+b-([A-Za-z0-9_.=-]{1,100})@")
DAEMON = re.compile(r"(?:mailer-daemon|mail-daemon|postmaster|mdaemon)\b", re.IGNORECASE)
ADDRESS = re.compile(r"[\w.+=/-]{1,64}@[\w.-]{1,190}\w")
CODE = re.compile(r"\b(?:5\.\d{1,3}\.\d{1,3}|5[0-5]\d)\b")
LOOKED_AT = 20_000  # characters of a notification in free text


def bounce_of(whole: Part, reading: Reading) -> Bounce | None:
    """The notification in this message, by its report part, else by its words; None where it is none."""
    parts = [part for part in whole.leaves() if part.type in STATUSES]
    failed, delayed, envelope_id = _by_report(parts[0]) if parts else ((), (), None)
    if not parts:
        failed = _by_words(reading)
    if not (failed or delayed):
        return None
    return Bounce(failed, delayed, returned_id(whole), _token(reading), envelope_id)


def returned_id(whole: Part) -> str | None:
    """The Message-ID of the message that a report returns."""
    for part in whole.leaves():
        if part.type in RETURNED and "multipart/report" in part.inside:
            fields = headers.split(content_of(part.body, part.encoding, []).lstrip(b"\r\n"))[0]
            if found := message_id(fields.first("message-id")):
                return found
    return None


def _by_report(part: Part) -> tuple[tuple[Failure, ...], tuple[Failure, ...], str | None]:
    blocks, failed, delayed, envelope_id = groups(part), [], [], None
    for block in blocks[: MOST + 1]:
        envelope_id = envelope_id or block.words("original-envelope-id")
        failure = _failure(block)
        action = (block.words("action") or "").lower()
        status = (failure.status or "")[:1] if failure else ""
        if failure and (action.startswith("fail") or (not action and status == "5")):
            failed.append(failure)
        elif failure and (action.startswith("delay") or (not action and status == "4")):
            delayed.append(failure)
    return tuple(failed), tuple(delayed), envelope_id


def groups(part: Part) -> list[Headers]:
    """The groups of fields of a report part, parted by empty lines (RFC 3464 2.1)."""
    body = content_of(part.body, part.encoding, []).replace(b"\r\n", b"\n")
    return [headers.split(group)[0] for group in re.split(rb"\n[ \t]*\n+", body.strip(b"\n")) if group]


def _failure(block: Headers) -> Failure | None:
    written = block.words("final-recipient") or block.words("original-recipient") or ""
    address = normal(written.rpartition(";")[2].strip(" <>"))
    if address is None:
        return None
    status = re.search(r"[245]\.\d{1,3}\.\d{1,3}", block.words("status") or "")
    said = (block.words("diagnostic-code") or "").partition(";")
    failed = (block.words("action") or "").lower().startswith("fail")
    permanent = status[0].startswith("5") if status else failed
    return Failure(address, status[0] if status else None, _said(said[2] or said[0]), permanent)


def _said(words: str) -> str | None:
    return one_line(words_of(words))[:SAID].strip() or None


def _token(reading: Reading) -> str | None:
    """The detail of the envelope sender that the notification came back to: `desk+b-TOKEN@…`."""
    addresses = [*reading.delivered_to, *(mailbox.address for mailbox in (*reading.to, *reading.cc))]
    return next((found[1] for address in addresses if (found := TOKEN.search(address))), None)


def _by_words(reading: Reading) -> tuple[Failure, ...]:
    """An old notification in free text: only from a mailer-daemon with the null sender, with an address and a 5yz code."""
    daemon = any(DAEMON.match(mailbox.address) for mailbox in reading.senders)
    text = reading.text[:LOOKED_AT]
    code = CODE.search(text)
    if reading.envelope_sender != "" or not daemon or code is None:
        return ()
    ours = {mailbox.address for mailbox in (*reading.senders, *reading.to)}
    found = (normal(word) for word in ADDRESS.findall(text))
    address = next(
        (address for address in found if address and address not in ours and not DAEMON.match(address)), None
    )
    line = text[text.rfind("\n", 0, code.start()) + 1 :].partition("\n")[0]
    status = re.search(r"\b5\.\d{1,3}\.\d{1,3}\b", line)
    return (Failure(address, status and status[0], _said(line), permanent=True),) if address else ()
