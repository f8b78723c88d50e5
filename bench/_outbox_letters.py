"""The letters that the outbox's contestants send: each in its own words, to a person of its own, 5.7 KB as a message."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from committee.correspondents import Correspondent
from committee.first_reports import Reminder
from committee.letters import Addressee, Draft, Enclosure
from committee.submissions import Kind, Submission, SubmissionState
from committee.working_groups import Chairing
from mailflows import letters
from mailflows.desk import Desk

CAME = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
A_MONTH = 43_200  # minutes
CHAIR = Chairing("committee/2026", "committee", "A. Person", "ZAF", date(2026, 1, 1))
QUESTION = (
    "Which of the measures that the communication names are in force today, and from which day?\n\n"
    "Which ministry answers for them, and whom may the experts ask?\n\nThank you."
)
SIDES = ("Northern", "Southern", "Eastern", "Western", "Upper", "Lower", "Inner", "Outer")
LANDS = (
    "Hills",
    "Lakes",
    "Islands",
    "Plains",
    "Rivers",
    "Highlands",
    "Coast",
    "Forests",
    "Valleys",
    "Marches",
    "Isles",
)


def clarifications(first: int, count: int, desk: Desk) -> list[Draft]:
    """A question about each one's communication: number, moment, mission, name and address are another in each."""
    return [
        letters.clarification(_submission(nth), _correspondent(nth), QUESTION, nth=1, desk=desk)
        for nth in range(first, first + count)
    ]


def reminders(first: int, count: int, desk: Desk) -> list[Draft]:
    """The only letters that are bulk: 7.5 KB each."""
    return [
        letters.first_report_reminder(Reminder(to.party, 25, 2), to, chair=CHAIR, desk=desk)
        for to in map(_correspondent, range(first, first + count))
    ]


def receipt(nth: int, desk: Desk) -> Draft:
    return letters.receipt(_submission(nth), _correspondent(nth), desk=desk)


def notices(first: int, count: int, enclosure: Enclosure, desk: Desk) -> list[Draft]:
    """What goes before bulk, with the same enclosure in each."""
    dates = [(date(2026, 10, 29), date(2026, 11, 2))]
    return [
        replace(
            letters.closure_notice(f"closure-notice/2026-10-29/{to.party}", ["2026-10-29"], dates, to, replaces=None, desk=desk),
            enclosures=(enclosure,),
        )
        for to in map(_correspondent, range(first, first + count))
    ]  # fmt: skip


def _correspondent(nth: int) -> Correspondent:
    """A party that is in no register, so that no State's rule withdraws its letter."""
    land = f"{SIDES[nth % len(SIDES)]} {LANDS[nth // len(SIDES) % len(LANDS)]} {nth}"
    person = Addressee(f"p{nth:07}@mission.example", f"Permanent Mission of {land}")
    mission = f"the Permanent Mission of {land} to the United Nations"
    return Correspondent(f"P{nth:07}", "en", land, f"the Republic of {land}", mission, (person,))


def _submission(nth: int) -> Submission:
    return Submission(
        key=f"S-2026-{nth:07}",
        kind=Kind.ADDITIONAL_INFORMATION,
        party=f"P{nth:07}",
        state=SubmissionState.WAITING,
        received=CAME + timedelta(minutes=nth % A_MONTH),
        files=(Enclosure("report.pdf", "application/pdf", 1_240_000, "ab" * 32),),
        sender=f"p{nth:07}@mission.example",
        message_id=f"<{nth:07}.answer@mission.example>",
    )
