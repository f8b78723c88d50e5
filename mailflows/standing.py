"""What a State has said since a reminder was planned: its report has come, or its promise is not over."""

from collections.abc import Collection, Iterable
from datetime import date

from committee.calendar import new_york, written
from committee.first_reports import Reason
from committee.letters import OPEN as OPEN_DELIVERIES
from committee.letters import DeliveryState, Letter, LetterKind
from committee.mail import MailState
from committee.states import ReportStatus, State
from committee.submissions import Kind, SubmissionState
from mailflows.desk import Desk
from storage.tables import Tables

MOST_MAILS = 500
"""Mails set aside that are looked through, the newest first."""
OPEN = (SubmissionState.WAITING, SubmissionState.CLARIFYING)


async def arrived(tables: Tables) -> set[str]:
    """The States whose first report waits for an officer."""
    return {one.party for one in await tables.submissions.find(kind=Kind.FIRST_REPORT, state=OPEN)}


async def waiting(tables: Tables, states: Collection[str]) -> dict[str, str]:
    """What of each State waits for somebody to read it: its own words may be in it, so it is looked at before one writes."""
    found: dict[str, str] = {}
    for one in await tables.submissions.find(party=tuple(states), state=OPEN):
        found.setdefault(one.party, f"{one.key} of it waits since {written(new_york(one.received).date())}")
    for mail in await tables.mail.find(state=MailState.SET_ASIDE, newest_first=True, limit=MOST_MAILS):
        if mail.proposed in {*states}:
            found.setdefault(mail.proposed, f"{mail.key} is set aside, perhaps its")
    return found


async def last_reminded(tables: Tables, states: Collection[str]) -> dict[str, date]:
    """When a reminder last left for each State, or was queued for it and still may leave."""
    kind = LetterKind.FIRST_REPORT_REMINDER
    days: dict[str, date] = {}
    for one in await tables.deliveries.find(kind=kind, party=tuple(states)):
        if one.state is DeliveryState.SENT or one.state in OPEN_DELIVERIES:
            day = new_york(one.since).date()
            days[one.party] = max(day, days.get(one.party, day))
    return days


async def reminded(tables: Tables, states: Collection[str]) -> set[str]:
    """The keys of the reminders that have gone, or still may: one that never left may go again, once and by hand.

    Never left is what was withdrawn in every copy, or given up because our own server took none.
    """
    kind = LetterKind.FIRST_REPORT_REMINDER
    found = await tables.deliveries.find(kind=kind, party=tuple(states))
    never = {DeliveryState.WITHDRAWN, DeliveryState.EXPIRED}
    gone = [one.letter for one in found if one.state not in never or one.letter.endswith(AGAIN)]
    return {first_key(letter) for letter in gone}


def first_key(letter: str) -> str:
    """The key of the reminder that a letter is: one that takes the place of a withdrawn one, or repeats it, is the same."""
    return letter.partition(SECOND_COPY)[0].removesuffix(AGAIN)


AGAIN = "/again"
SECOND_COPY = "/second-copy"


async def why_not_any_more(letters: Iterable[Letter], tables: Tables, desk: Desk) -> dict[str, str]:
    """By its key, why what the clock queued must not leave now; every letter that may is left out."""
    letters = [*letters]
    asked = {one.key: one.conversation for one in letters if one.kind is LetterKind.CONFIRMATION}
    answered = {one.key for one in await tables.confirmations.find(key=tuple(asked.values()))} if asked else set()
    confirmed = {key: "not sent: the party has answered" for key, asking in asked.items() if asking in answered}
    return confirmed | await _reminders_not_any_more(letters, tables, desk)


async def _reminders_not_any_more(letters: Iterable[Letter], tables: Tables, desk: Desk) -> dict[str, str]:
    reminders = [letter for letter in letters if letter.kind is LetterKind.FIRST_REPORT_REMINDER]
    if not reminders:
        return {}
    waiting = await arrived(tables)
    states = {state.key: state for state in await tables.states.find(key=tuple({one.party for one in reminders}))}
    found = {one.key: _why_not(states[one.party], waiting, desk) for one in reminders if one.party in states}
    return {key: f"not sent: {why}" for key, why in found.items() if why}


def _why_not(state: State, waiting: Collection[str], desk: Desk) -> str:
    if state.status is not ReportStatus.NON_REPORTING:
        return Reason.HAS_REPORTED
    if state.key in waiting:
        return Reason.REPORT_ARRIVED
    if state.promise and state.promise.until and state.promise.until >= desk.today:
        return Reason.IN_PREPARATION
    return ""
