"""What must never be answered by itself, and why (RFC 3834, RFC 5321 4.5.5): so that no two machines write to each other."""

import re

from mailflows.reading.values import Reading

NEVER_ANSWERED = frozenset({"bulk", "list", "junk", "auto_reply"})
MACHINES = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon)(?:[+-].*)?@", re.IGNORECASE)
SUBJECTS = re.compile(
    r"(?:automatic reply|auto(?:matic)?[ -]?reply|autoreply|out of (?:the )?office|"
    r"réponse automatique|absence du bureau|absent du bureau|"
    r"respuesta automática|fuera de (?:la )?oficina|"
    r"автоответ|автоматический ответ|"
    r"رد تلقائي|الرد التلقائي|خارج المكتب|"
    r"自动回复|自动答复|自動回覆|abwesenheitsnotiz)(?:\s+re)?\s*(?:[:：\u2013\u2014.-]|$)",
    re.IGNORECASE,
)
"""Only at the very start of a subject and followed by its sign: "Re: Automatic reply" is a person."""


def automatic(reading: Reading, domain: str | None = None) -> str | None:
    """Why this message must get no automatic answer; None if it may. `domain` is the desk's own, for its Message-IDs."""
    return (
        _ours_again(reading, domain)
        or replies_by_itself(reading)
        or (f"it says Precedence: {reading.precedence}" if reading.precedence in NEVER_ANSWERED else None)
        or ("it came through a mailing list" if reading.list_id else None)
        or ("its envelope sender is null" if reading.envelope_sender == "" else None)
        or next(
            (
                f"{mailbox.address} is a machine's address"
                for mailbox in reading.senders
                if MACHINES.match(mailbox.address)
            ),
            None,
        )
    )


def replies_by_itself(reading: Reading) -> str | None:
    """Why this was written by a machine in answer to something, going by its headers and the start of its subject."""
    if reading.auto_submitted not in {None, "no"}:
        return f"it says Auto-Submitted: {reading.auto_submitted}"
    if reading.precedence == "auto_reply":
        return "it says Precedence: auto_reply"
    if reading.autoreply:
        return f"it says X-Autoreply: {reading.autoreply}"
    if reading.suppress and reading.suppress.lower() != "none":
        return f"it says X-Auto-Response-Suppress: {reading.suppress}"
    return "its subject begins as automatic replies do" if SUBJECTS.match(reading.subject or "") else None


def _ours_again(reading: Reading, domain: str | None) -> str | None:
    if reading.loop:
        return "it carries our own header: our message has come back"
    if domain and reading.message_id and reading.message_id.lower().endswith(f"@{domain.lower()}>"):
        return "its Message-ID is ours: our message has come back"
    return None
