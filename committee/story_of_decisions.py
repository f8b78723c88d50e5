"""What a story says of decisions: who accepted, asked, joined; what a State has said, and where it stands since."""

import re
from collections.abc import Iterable, Iterator, Mapping

from committee.audit import Entry
from committee.calendar import new_york, written
from committee.states import Note, State
from committee.story import Known, Trace, changed_in
from committee.story_of_arrivals import kind_at_first
from committee.submissions import SAID, Decision, Kind, Submission


def of_decisions(entry: Entry, known: Known, trace: Trace) -> Iterator[str]:
    """The sentences of one entry about submissions that were decided on, and about their States."""
    what = entry.doing.removeprefix("submission ")
    submission = known.submissions.get(entry.about) if entry.doing.startswith("submission ") else None
    if submission and (decision := _decision(submission, what, entry, trace)):
        yield _said(decision, submission, known)
    for key in changed_in(entry, "states"):
        if key in known.states:
            if submission and what in _STANDS:
                since = written(new_york(submission.received).date())
                yield _STANDS[what].format(known.named(key), since)
            elif entry.doing == "state confirm":
                yield f"The status of {known.named(key)} was confirmed{_status(entry)}."
            if note := known.noted.get(entry.seq):
                yield noted(key, note, known)


_STANDS = {
    "accept": "{0} counts as having reported since {1}.",
    "reopen": "{0} counts as yet to report again.",
}


def noted(state: str, note: Note, known: Known) -> str:
    """A note about a State, in the words in which it was made, and by whom."""
    submission = next((one for one in known.submissions.values() if names(note.text, one.key)), None)
    until = f" It is a promise until {written(note.until)}." if note.until else ""
    about_mail = submission is None and re.search(r"\b[ML]-\d{4}-\d", note.text, re.IGNORECASE)
    said = "" if about_mail and not known.reads_all else known.quoted(note.text, submission)
    return f"Noted for {known.named(state)}, by {note.by}{said}.{until}"


def names(text: str, key: str) -> bool:
    """Whether a note names a submission: S-2012-1000 does not stand in S-2012-10000."""
    return re.search(rf"{re.escape(key)}(?!\d)", text) is not None


def notes_made(
    entries: Iterable[Entry], state: State, submissions: Mapping[str, str], people: Mapping[str, str]
) -> dict[int, Note]:
    """Which of the entries made which note of a State: a person's by who and when, a mail's by the submission that it names.

    `submissions` says which mail is of which, `people` how each person of the staff is called.
    """
    made: dict[int, Note] = {}
    left = [*state.notes]
    for entry in entries:
        if state.key not in changed_in(entry, "states"):
            continue
        by = people.get(entry.by, entry.by) if entry.doing in NOTING else None
        named = f"({submissions.get(entry.about)})"
        mine = (note for note in left if note.at == entry.at and (note.by == by or (by is None and named in note.text)))
        if note := next(mine, None):
            made[entry.seq] = note
            left.remove(note)
    return made


NOTING = ("state note", "state language")


def _status(entry: Entry) -> str:
    status = (entry.words or {}).get("status")
    return f": {status}" if status else ""


def _decision(submission: Submission, what: str, entry: Entry, trace: Trace) -> Decision | None:
    """The decision that an entry made: the one of its moment; of several of one moment and kind, the one in its place."""
    alike = [
        one
        for one in trace.of("submissions", submission.key)
        if (one.doing, one.about, one.at) == (entry.doing, entry.about, entry.at)
    ]
    decisions = [one for one in submission.decisions if (one.what, one.at) == (what, entry.at)]
    place = alike.index(entry) if entry in alike else len(decisions)
    return decisions[place] if place < len(decisions) else None


def _said(decision: Decision, submission: Submission, known: Known) -> str:  # noqa: PLR0911 - one line for each decision
    key, words = submission.key, known.quoted(decision.words, submission)
    match decision.what:
        case "accept":
            kind = _kind_at(decision, submission, known)
            return f"{key} was accepted{f' as {SAID[kind]}' if kind else ''}."
        case "reclassify":
            return f"{key} was reclassified as {decision.words}."
        case "clarify":
            return f"{key}: whoever sent it was asked for clarification{words}."
        case "join":
            return f"{key} was joined to {decision.words}."
        case "set-aside":
            return f"{key} was set aside{words}."
        case "reopen":
            return f"{key} was reopened{words}."
        case "handling":
            return f"The handling of {key} was set from {decision.words}."
        case _:
            return f"{key}: {decision.what}{words}."


def _kind_at(decision: Decision, submission: Submission, known: Known) -> Kind | None:
    """What it was when it was decided: what the last reclassification before said, else what it was numbered as."""
    before = submission.decisions[: submission.decisions.index(decision)]
    said = [one.words for one in before if one.what == "reclassify"]
    return Kind(said[-1]) if said else kind_at_first(submission, known)
