"""Submissions: what States and organizations send to the Committee, and what an officer may decide about each."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from committee.errors import Refused
from committee.handling import Handling
from committee.letters import Enclosure


class Kind(StrEnum):
    """The kinds that the programme of work names (S/2012/663: 1 (b) to (e), 2 (a), 3 (c), 4 (b))."""

    FIRST_REPORT = "first-report"
    ADDITIONAL_INFORMATION = "additional-information"
    NATIONAL_ACTION_PLAN = "national-action-plan"
    EFFECTIVE_PRACTICE = "effective-practice"
    ASSISTANCE_REQUEST = "assistance-request"
    ASSISTANCE_OFFER = "assistance-offer"
    DESIGNATION = "designation"
    CONTACT_UPDATE = "contact-update"
    OTHER = "other"

    @property
    def words(self) -> str:
        return SAID[self]


SAID = {
    Kind.FIRST_REPORT: "first report",
    Kind.ADDITIONAL_INFORMATION: "additional information",
    Kind.NATIONAL_ACTION_PLAN: "national action plan",
    Kind.EFFECTIVE_PRACTICE: "effective practice",
    Kind.ASSISTANCE_REQUEST: "assistance request",
    Kind.ASSISTANCE_OFFER: "assistance offer",
    Kind.DESIGNATION: "designation of a point of contact",
    Kind.CONTACT_UPDATE: "contact update",
    Kind.OTHER: "communication",
}


class SubmissionState(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    CLARIFYING = "clarifying"  # a letter asks; the answer comes back to the same submission
    JOINED = "joined"
    SET_ASIDE = "set-aside"


MOVES = {
    "accept": {SubmissionState.WAITING, SubmissionState.CLARIFYING},
    "clarify": {SubmissionState.WAITING, SubmissionState.CLARIFYING},
    "reclassify": {SubmissionState.WAITING, SubmissionState.CLARIFYING},
    "join": {SubmissionState.WAITING, SubmissionState.CLARIFYING},
    "set-aside": {SubmissionState.WAITING, SubmissionState.CLARIFYING},
    "reopen": {SubmissionState.ACCEPTED, SubmissionState.JOINED, SubmissionState.SET_ASIDE},
}
"""From which states each decision may be taken."""


@dataclass(frozen=True, slots=True)
class Decision:
    by: str
    at: datetime
    what: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """A numbered submission of one party, with every mail that belongs to it and every decision about it."""

    key: str
    kind: Kind
    party: str
    state: SubmissionState
    received: datetime
    mails: tuple[str, ...] = ()
    files: tuple[Enclosure, ...] = ()
    enclosures: tuple[str, ...] = ()  # their SHA-256: the same again within 30 days is a repeat
    sender: str = ""
    message_id: str = ""
    handling: Handling = Handling.MEMBERS
    subject: str = ""
    joined_to: str | None = None
    decisions: tuple[Decision, ...] = ()

    @property
    def decided(self) -> Decision | None:
        """The last decision about what becomes of it; who may see it is another matter."""
        return next((one for one in reversed(self.decisions) if one.what in MOVES), None)

    @property
    def counts(self) -> bool:
        """Whether it stands as its party's word: it does from its arrival until it is set aside."""
        return self.state not in {SubmissionState.SET_ASIDE, SubmissionState.JOINED}

    @property
    def answers_owed(self) -> bool:
        return self.state is SubmissionState.CLARIFYING

    def with_mail(self, mail: str, files: tuple[Enclosure, ...], *, restricted: bool = False) -> "Submission":
        """The submission with one more mail of the same conversation: what was asked for has come, so it waits again.

        Where that mail is restricted, so is all of it from now on.
        """
        known = {*self.enclosures}
        fresh = tuple(file for file in files if file.sha256 not in known)
        hashes = (*self.enclosures, *dict.fromkeys(file.sha256 for file in fresh))
        state = SubmissionState.WAITING if self.answers_owed else self.state
        known_now = replace(
            self, state=state, mails=(*self.mails, mail), files=(*self.files, *fresh), enclosures=hashes
        )
        return replace(known_now, handling=Handling.RESTRICTED) if restricted else known_now

    def decide(self, decision: Decision, state: SubmissionState, kind: Kind | None = None) -> "Submission":
        """The submission after `decision`; `Refused`, saying who decided what and when, where it is not open to it."""
        if self.state not in MOVES[decision.what]:
            raise Refused(self._not_open(decision.what))
        return replace(self, state=state, kind=kind or self.kind, decisions=(*self.decisions, decision))

    def handled(self, decision: Decision, handling: Handling) -> "Submission":
        """The submission with another handling, in whatever state it is: it says who set it, when, from what to what."""
        return replace(self, handling=handling, decisions=(*self.decisions, decision))

    def _not_open(self, what: str) -> str:
        last = self.decided
        who = f" ({last.what} by {last.by}, {last.at:%Y-%m-%d %H:%M %Z})" if last else ""
        way_out = "it is open already" if what == "reopen" else f"reopen it first: submission {self.key} reopen WHY"
        return f"{self.key} is {self.state}{who}; nothing was changed; {way_out}."
