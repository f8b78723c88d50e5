"""Letters and their deliveries: what one party is sent, by whom, and how far each copy has come."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from operator import attrgetter
from typing import Any, ClassVar

from committee.approvals import Approval
from committee.audit import moment
from committee.handling import Handling


class LetterKind(StrEnum):
    """A kind begins with its subject, so that it can be searched for by it."""

    RECEIPT = "receipt"
    RECEIPT_REPEAT = "receipt-repeat"
    CLARIFICATION = "clarification"
    ANSWER = "answer"  # an officer's, to one mail
    LETTER = "letter"  # an officer's, to one party, in answer to nothing
    LIST_LETTER = "list-letter"  # an officer's, to every party of a distribution list
    FIRST_REPORT_REMINDER = "first-report-reminder"
    CONFIRMATION = "confirmation"  # a party is asked whether its entry is right
    STATUS_ANSWER = "status-answer"  # to "help" and "status"
    TOO_LARGE = "too-large"
    CLOSURE_NOTICE = "closure-notice"
    ADDRESS_QUESTION = "address-question"  # which address is right in place of a dead one
    MEMBER_WELCOME = "member-welcome"  # to a member that comes, before its term
    MEMBER_NETWORK = "member-network"  # asks a member that leaves whether its people may be kept in the network
    STAFF_ALARM = "staff-alarm"  # to an administrator, while chat is down


class Release(StrEnum):
    """Who lets a kind of letter go."""

    AUTOMATIC = "automatic"
    ANNOUNCED = "announced"
    APPROVED = "approved"


class Record(StrEnum):
    """Whether a letter's message is kept as it left, byte for byte."""

    NOTHING = ""  # nothing of it has left, or it left before messages were kept
    OWED = "owed"  # a copy of it may have left since it was last looked at
    KEPT = "kept"
    DIFFERS = "differs"  # some of what left could not be composed again, so it is not kept


class Priority(IntEnum):
    """What is delivered first: receipts and Council circulations before bulk."""

    RECEIPT = 0
    LETTER = 1
    BULK = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of letter is released and delivered."""

    release: Release
    priority: Priority
    no_person_wrote_it: bool  # Auto-Submitted: auto-generated (RFC 3834, section 5)
    again_after_crash: bool  # an uncertain delivery is sent again with the same Message-ID, or shown to an officer


MOST_WITHOUT_A_SECOND_PERSON = 20
"""Parties that one person may write to at once; what is approved goes to more of them when a second person releases it."""

RULES = {
    LetterKind.RECEIPT: Rule(Release.AUTOMATIC, Priority.RECEIPT, no_person_wrote_it=True, again_after_crash=True),
    LetterKind.RECEIPT_REPEAT: Rule(Release.AUTOMATIC, Priority.RECEIPT, no_person_wrote_it=True, again_after_crash=True),
    LetterKind.STATUS_ANSWER: Rule(Release.AUTOMATIC, Priority.RECEIPT, no_person_wrote_it=True, again_after_crash=True),
    LetterKind.TOO_LARGE: Rule(Release.AUTOMATIC, Priority.RECEIPT, no_person_wrote_it=True, again_after_crash=True),
    LetterKind.CLOSURE_NOTICE: Rule(Release.APPROVED, Priority.LETTER, no_person_wrote_it=True, again_after_crash=True),
    LetterKind.CLARIFICATION: Rule(Release.AUTOMATIC, Priority.LETTER, no_person_wrote_it=False, again_after_crash=False),
    LetterKind.STAFF_ALARM: Rule(Release.AUTOMATIC, Priority.RECEIPT, no_person_wrote_it=True, again_after_crash=True),
    LetterKind.ANSWER: Rule(Release.AUTOMATIC, Priority.LETTER, no_person_wrote_it=False, again_after_crash=False),
    LetterKind.LETTER: Rule(Release.AUTOMATIC, Priority.LETTER, no_person_wrote_it=False, again_after_crash=False),
    LetterKind.ADDRESS_QUESTION: Rule(Release.AUTOMATIC, Priority.LETTER, no_person_wrote_it=True, again_after_crash=True),
    LetterKind.MEMBER_WELCOME: Rule(Release.APPROVED, Priority.LETTER, no_person_wrote_it=True, again_after_crash=False),
    LetterKind.MEMBER_NETWORK: Rule(Release.APPROVED, Priority.LETTER, no_person_wrote_it=True, again_after_crash=False),
    LetterKind.LIST_LETTER: Rule(Release.APPROVED, Priority.BULK, no_person_wrote_it=False, again_after_crash=False),
    LetterKind.FIRST_REPORT_REMINDER: Rule(
        Release.ANNOUNCED, Priority.BULK, no_person_wrote_it=True, again_after_crash=True
    ),
    LetterKind.CONFIRMATION: Rule(Release.ANNOUNCED, Priority.BULK, no_person_wrote_it=True, again_after_crash=True),
}  # fmt: skip


WRITTEN = (LetterKind.ANSWER, LetterKind.LETTER, LetterKind.LIST_LETTER, LetterKind.ADDRESS_QUESTION)
"""What an officer writes to one party or to many; each such letter begins or continues a conversation."""


NOTES_VERBALES = frozenset({
    LetterKind.FIRST_REPORT_REMINDER, LetterKind.MEMBER_WELCOME, LetterKind.MEMBER_NETWORK,
})  # fmt: skip
"""Kinds that are notes verbales and nothing else, and so go to nobody but a State (ST/DCS/4/Rev.1)."""


class DeliveryState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"  # somebody has taken it on, for as long as a lease; nothing of it has gone out
    SENDING = "sending"  # durable before the end of the message goes out
    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    BOUNCED = "bounced"  # accepted, and then a delivery status notification said otherwise (RFC 3464)
    HELD = "held"
    UNCERTAIN = "uncertain"  # whoever was sending it died: it may or may not have been accepted
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


S = DeliveryState
MOVES = {
    S.QUEUED: {S.CLAIMED, S.HELD, S.EXPIRED, S.WITHDRAWN, S.UNCERTAIN, S.SENT},
    S.CLAIMED: {S.SENDING, S.QUEUED, S.LATER, S.REFUSED, S.HELD, S.EXPIRED, S.WITHDRAWN, S.UNCERTAIN, S.SENT},
    S.SENDING: {S.SENT, S.LATER, S.REFUSED, S.UNCERTAIN, S.BOUNCED},
    S.LATER: {S.CLAIMED, S.HELD, S.EXPIRED, S.WITHDRAWN, S.UNCERTAIN, S.SENT},
    S.HELD: {S.QUEUED, S.WITHDRAWN, S.EXPIRED, S.UNCERTAIN, S.SENT},
    S.UNCERTAIN: {S.QUEUED, S.WITHDRAWN, S.BOUNCED, S.SENT},
    S.SENT: {S.BOUNCED},
    S.BOUNCED: set(),
    S.REFUSED: set(),
    S.EXPIRED: {S.QUEUED, S.SENT},  # given up while our own server was away; a person lets it go again
    S.WITHDRAWN: {S.SENT},
}
"""The one table of allowed moves; from queued, later and held to uncertain goes a desk that was restored from a backup.

A bounce may be quicker than the mark that says sent, or come for a copy of which nobody knew: what bounces had been accepted.
An answer may come after all, when the lease of whoever sent has run out: what was accepted is sent, whatever others made of it.
"""

OPEN = frozenset({S.QUEUED, S.CLAIMED, S.LATER, S.HELD, S.SENDING, S.UNCERTAIN})
WAITING = frozenset({S.QUEUED, S.LATER})
"""What may be claimed."""
_SHOWN_FIRST = (
    S.SENDING,
    S.CLAIMED,
    S.UNCERTAIN,
    S.HELD,
    S.QUEUED,
    S.LATER,
    S.SENT,
    S.BOUNCED,
    S.REFUSED,
    S.EXPIRED,
    S.WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class Addressee:
    address: str
    name: str
    copy: bool = False  # in Cc


@dataclass(frozen=True, slots=True)
class Enclosure:
    name: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one party: frozen words, its people in To and Cc, one Message-ID, one delivery for each address.

    `template` is the SHA-256 under which the template's text is kept, so that a retry after an upgrade sends the same
    words; `date` is the moment of the first try, which stands in its Date header for ever: it stands here where several
    copies must agree on it, else with the one copy (`dated`).
    """

    key: str
    kind: LetterKind
    party: str
    language: str
    reference: str
    release: str  # the key under which letters were committed together
    rungs: tuple[str, ...]
    template: str
    words: dict[str, Any]
    addressees: tuple[Addressee, ...]
    message_id: str
    queued_at: datetime
    by: str  # who released it: a person, or the rule by which it went
    sender: str = "secretariat"  # secretariat | chair
    answers: str = ""  # the Message-ID that it answers
    conversation: str = ""  # the submission to which a reply comes back
    enclosures: tuple[Enclosure, ...] = ()
    handling: Handling = Handling.MEMBERS
    not_after: datetime | None = None
    date: datetime | None = None
    automatic_replies: tuple[str, ...] = ()  # the mails in which a machine answered it
    second_copy_of: str = ""  # the key of the letter of which this is a deliberate second copy
    list: str = ""  # the distribution list of which it is a letter
    unsubscribes: bool = False  # whether its readers may ask to be taken off that list
    approval: Approval | None = None  # who prepared it and who released it, where it took two people

    @property
    def rule(self) -> Rule:
        return RULES[self.kind]

    @property
    def has_one_copy(self) -> bool:
        """Whether it was released to one address; another may be added when that one fails."""
        first = self.addressees[0].address if self.addressees else ""
        return all(addressee.address == first for addressee in self.addressees[1:])


def mail_answered(letter: Letter) -> str:
    """The key of the mail to which an officer's answer, or a second copy of it, is the answer; empty of every other letter."""
    return letter.key.split("/")[1] if letter.kind is LetterKind.ANSWER else ""


@dataclass(frozen=True, slots=True)
class Copy:
    """One acceptance: which server took it, when, in its own words, and the hash of what it took."""

    at: datetime
    reply: str
    server: str
    tls: str  # version and cipher, or empty
    sha256: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One letter to one address: its own envelope, its own state, the server's own words."""

    key: str
    letter: str
    kind: LetterKind
    party: str
    release: str
    address: str
    state: DeliveryState
    since: datetime
    priority: int
    tries: int = 0
    first_try: datetime | None = None  # since it was last let go: five days after it is given up
    next_try: datetime | None = None
    not_after: datetime | None = None
    reply: str = ""
    server: str = ""
    tls: str = ""
    sha256: str = ""  # of the bytes that left
    held: str = ""  # why, and by whom
    by_hand: bool = False  # uncertain after a restore: a person decides, whatever the kind
    due: int = (
        0  # when it may go, in seconds since 1970, UTC; 0: at once. What the store orders by; it follows next_try
    )
    turn: str = ""  # its place among those of its priority
    token: str = ""  # of the claim that it is in
    lease: datetime | None = None  # until when that claim holds, by the store's clock
    copies: tuple[Copy, ...] = ()  # every acceptance: one, or after a crash perhaps two, of the same Message-ID
    date: datetime | None = None  # of its first try, for ever
    record: Record = Record.NOTHING  # how its letter's message stands with the record, owed from its sending on

    @property
    def is_first(self) -> bool:
        """Whether it was made with its letter, and first."""
        return self.key.endswith("#1")

    def moved(self, state: DeliveryState, at: datetime, **facts: Any) -> "Delivery":
        """The delivery in its next state; a move that the table does not allow is a programming error."""
        if state not in MOVES[self.state]:
            raise ValueError(f"{self.key} cannot go from {self.state} to {state}")
        if state not in {S.CLAIMED, S.SENDING}:
            facts = {"token": "", "lease": None, **facts}
        return self._with({"state": state, "since": at, **facts}).waiting_until(facts.get("next_try", self.next_try))

    def _with(self, facts: Mapping[str, Any]) -> "Delivery":
        """As `dataclasses.replace`, in half the time: each copy makes three moves on its way."""
        values = [*_facts_of(self)]
        for name, value in facts.items():
            values[_PLACES[name]] = value
        return Delivery(*values)

    def waiting_until(self, next_try: datetime | None) -> "Delivery":
        """It may go from `next_try` on; at once where there is none."""
        due = 0 if next_try is None else math.ceil(next_try.timestamp())
        return self if (self.next_try, self.due) == (next_try, due) else replace(self, next_try=next_try, due=due)

    def proven(self, copy: Copy) -> dict[str, Any]:
        """What is on record once a server has taken one more copy of it, whatever its state says."""
        return {
            "copies": (*self.copies, copy),
            "server": copy.server,
            "tls": copy.tls,
            "sha256": copy.sha256,
            "record": Record.OWED,
        }


_PLACES = {one.name: place for place, one in enumerate(fields(Delivery))}
_facts_of = attrgetter(*_PLACES)


def deliveries_of(letter: Letter, lot: str = "") -> list[Delivery]:
    """One queued delivery for each address, each address once; letters that are queued together go by their lots."""
    addresses = dict.fromkeys(addressee.address for addressee in letter.addressees)
    return [delivery_of(letter, place, address, letter.queued_at, lot) for place, address in enumerate(addresses, 1)]


def delivery_of(letter: Letter, place: int, address: str, at: datetime, lot: str = "") -> Delivery:
    """One delivery of a letter, queued at `at`: the same bytes for each, in its own envelope."""
    return Delivery(
        key=f"{letter.key}#{place}",
        letter=letter.key,
        kind=letter.kind,
        party=letter.party,
        release=letter.release,
        address=address,
        state=DeliveryState.QUEUED,
        since=at,
        priority=letter.rule.priority,
        not_after=letter.not_after,
        turn=f"{moment(at)}/{lot}/{place:04}",
    )


def dated(letter: Letter, deliveries: Iterable[Delivery]) -> Letter:
    """The letter with the moment of its first try; as it is, where nothing of it was tried."""
    if letter.date:
        return letter
    tried = [delivery.date for delivery in deliveries if delivery.date]
    return replace(letter, date=min(tried)) if tried else letter


def record_of(deliveries: Iterable[Delivery]) -> Record:
    """How a letter's message stands with the record: owed, where any copy of it owes."""
    records = {delivery.record for delivery in deliveries}
    return next((record for record in (Record.OWED, Record.DIFFERS, Record.KEPT) if record in records), Record.NOTHING)


def state_of(deliveries: Iterable[Delivery]) -> DeliveryState:
    """A letter's state: what is still open comes first; then a party is served when one of its addresses accepted."""
    states = {delivery.state for delivery in deliveries}
    return next((state for state in _SHOWN_FIRST if state in states), DeliveryState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing leaves while it stands: everything (`ALL`), or one release or letter by its key."""

    ALL: ClassVar[str] = "all"
    key: str
    by: str
    at: datetime
    restored: bool = False  # the desk was restored from a backup: an administrator lets it go


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter before its release: what a preview shows, and what a digest binds."""

    key: str
    kind: LetterKind
    party: str
    language: str
    words: dict[str, Any]
    addressees: tuple[Addressee, ...]
    sender: str = "secretariat"
    answers: str = ""
    conversation: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    handling: Handling = Handling.MEMBERS
    not_after: datetime | None = None
    list: str = ""
    unsubscribes: bool = False
    rungs: tuple[str, ...] = field(default=())
