"""What a story says of cases: whose a mail is, by when it should be answered, and what ended that."""

from collections.abc import Iterator
from datetime import date

from committee.audit import Entry
from committee.calendar import written
from committee.cases import Case, Ending
from committee.counting import counted
from committee.handling import Handling
from committee.mail import Mail
from committee.story import Known, Trace, changed_in

LETTING_GO = ("staff end", "staff role", "staff role removed")
"""Commits about a person in which what they had to answer is nobody's again, if they answer mail no more."""


def of_cases(entry: Entry, known: Known, trace: Trace) -> Iterator[str]:
    """The sentences of one entry about the cases that it changed; who had one before is known by the entry's words."""
    words = entry.words or {}
    for key in changed_in(entry, "cases"):
        case = known.cases.get(key)
        match entry.doing:
            case "mail take" | "mail give" if "to" in words:
                before = f", in the place of {known.named(words['from'])}" if words.get("from") else ""
                verb = "taken by" if entry.doing == "mail take" else "given to"
                yield f"{key} was {verb} {known.named(words['to'])}{before}."
            case "mail by" if "day" in words:
                yield f"{key} is to be answered by {written(date.fromisoformat(words['day']))}."
            case "mail done":
                yield f"Nothing more is to be done about {key}{_why(words.get('why', ''), known.mails.get(key), known)}."
            case "mail reply":
                answer = next(changed_in(entry, "letters"), "")
                yield f"{key} was answered: {known.reference(answer)}."
            case doing if doing in LETTING_GO:
                yield f"{key} is nobody's any more: {known.named(entry.about)} answers no mail now."
            case _ if case and case.within and trace.made("cases", key, entry):
                days = counted(case.within, "working day")
                yield f"{key} asks something: it is to be answered within {days}."
            case _ if case and trace.left("cases", key, entry):
                yield from _ended(case)


def _why(words: str, mail: Mail | None, known: Known) -> str:
    """Why nothing more is to be done; where the mail, or what it has become, is not known to be open, for officers alone."""
    submission = known.submissions.get(mail.submission or "") if mail else None
    is_open = mail is not None and (known.is_open(submission) if submission else mail.handling is Handling.OPEN)
    return known.quoted(words, None) if known.reads_all or (is_open and mail and not mail.restricted) else ""


def _ended(case: Case) -> Iterator[str]:
    match case.ending:
        case Ending.ANSWERED:
            yield f"{case.key} was answered by hand: {case.answer}."
        case Ending.SET_ASIDE:
            yield f"{case.key} waits for no answer any more."
