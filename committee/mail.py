"""Mail received: what was kept, whose it is, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from committee.handling import Handling


class MailState(StrEnum):
    KEPT = "kept"  # the bytes are safe; nobody has understood them yet
    TAKEN_IN = "taken-in"
    SET_ASIDE = "set-aside"
    REFUSED = "refused"  # an officer said: not theirs


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as it came. `source` is the mailbox's own identity for it, None for `verbale ingest`."""

    key: str
    source: str | None
    sha256: str
    size: int
    kept_at: datetime
    state: MailState = MailState.KEPT
    came_at: datetime | None = None  # when our server had it
    came_by: str = ""  # which clock said so: Received, or the moment of keeping
    sender: str = ""  # the one From address, lower case; empty when there is not exactly one
    message_id: str = ""
    party: str | None = None
    proposed: str | None = None  # a party that its domain or words suggest: an officer decides
    kind: str = ""  # the reading's kind, or the submission's
    reason: str = ""  # why it was set aside, or why no receipt went out
    submission: str | None = None
    authenticated: bool | None = None  # None: our server's results are not configured
    decided_by: str = ""
    answers: str = ""  # the key of the letter of ours that it answers; of one sent by hand, the mail
    filed_by: str = ""  # who of the staff sent it by hand, from an address that our server has confirmed
    content: str = ""  # the hash of what it says, where it was filed: the same again, by another way, is known by it
    handling: Handling = Handling.MEMBERS  # while it is no submission's; then the submission's own is what counts

    @property
    def restricted(self) -> bool:
        return self.handling is Handling.RESTRICTED
