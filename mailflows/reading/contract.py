"""What `verbale read` prints of a message: fields are added, never renamed; all are always there."""

from datetime import datetime
from typing import Any

from mailflows.reading.charsets import valid
from mailflows.reading.results import results_of
from mailflows.reading.values import Attachment, Authentication, Bounce, Calendar, Failure, Mailbox, Reading


def as_json(reading: Reading, file: str) -> dict[str, Any]:
    """`reading` of `file` as plain JSON values; every string is valid UTF-8, null or [] stand where there is nothing."""
    fields = {
        "file": file,
        "kind": reading.kind.value,
        "from": _mailbox(reading.from_),
        "to": [mailbox.address for mailbox in reading.to],
        "subject": reading.subject,
        "date": _moment(reading.date),
        "message_id": reading.message_id,
        "in_reply_to": reading.in_reply_to,
        "text": reading.text or None,
        "reply": reading.reply or None,
        "language": reading.language,
        "attachments": [_attachment(attachment) for attachment in reading.attachments],
        "bounce": _bounce(reading.bounce),
        "calendar": _calendar(reading.calendar),
        "authentication": _authentication(reading),
        "problems": list(reading.problems),
        "senders": [_mailbox(mailbox) for mailbox in reading.senders],
        "cc": [mailbox.address for mailbox in reading.cc],
        "received": _moment(reading.received),
    }
    return {name: _valid(value) for name, value in fields.items()}


def _valid(value: Any) -> Any:
    if isinstance(value, str):
        return valid(value)
    if isinstance(value, list):
        return [_valid(item) for item in value]
    return {key: _valid(item) for key, item in value.items()} if isinstance(value, dict) else value


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _mailbox(mailbox: Mailbox | None) -> dict[str, Any] | None:
    return {"address": mailbox.address, "name": mailbox.name} if mailbox else None


def _attachment(attachment: Attachment) -> dict[str, Any]:
    return {
        "name": attachment.name,
        "type": attachment.type,
        "declared": attachment.declared,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "flags": [flag.value for flag in attachment.flags],
        "inline": attachment.inline,
    }


def _bounce(bounce: Bounce | None) -> dict[str, Any] | None:
    if bounce is None:
        return None
    about = {"message_id": bounce.message_id, "token": bounce.token, "envelope_id": bounce.envelope_id}
    return {
        "failed": [_failure(f) for f in bounce.failed],
        "delayed": [_failure(f) for f in bounce.delayed],
        "about": about,
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {"address": failure.address, "status": failure.status, "said": failure.said, "permanent": failure.permanent}


def _calendar(calendar: Calendar | None) -> dict[str, Any] | None:
    if calendar is None:
        return None
    attendees = [{"address": attendee.address, "partstat": attendee.partstat} for attendee in calendar.attendees]
    return {"method": calendar.method, "uid": calendar.uid, "sequence": calendar.sequence, "attendees": attendees}


def _authentication(reading: Reading) -> dict[str, Any]:
    """The topmost header's results, whoever wrote it: here they are shown, not believed."""
    results = results_of(reading.results[0], reading) if reading.results else Authentication()
    return {"spf": results.spf, "dkim": results.dkim, "dmarc": results.dmarc, "arc": results.arc}
