"""/1540 submissions, submission …: what came in, and what an officer decides about it."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

from bot.commands.since import start_of
from bot.registry import command
from committee.calendar import written_moment
from committee.cards import Card
from committee.counting import counted
from committee.errors import Refused
from committee.staff import Person, Role
from committee.submissions import Decision, Kind, Submission, SubmissionState
from mailflows import correspondents, decisions, handling
from mailflows.desk import Desk
from mailflows.presses import Act, Press
from mailflows.submissions import offers_for

SHOWN_FOR = timedelta(days=90)
File = tuple[str, bytes]
"""A file that a form of chat has brought: its name and its bytes."""
OPEN_STATES = (SubmissionState.WAITING, SubmissionState.CLARIFYING)


@command("submissions [waiting=WHICH] [--since DATE] [--all]", reads=True, example="submissions waiting")
async def submissions(
    desk: Desk, _person: Person, *, which: str | None = None, since: date | None = None, all: bool = False
) -> Card:
    """What has come in: all that is open, and the last 90 days."""
    first = None if all else (since or desk.today - SHOWN_FOR)
    found = {s.key: s for s in await desk.store.submissions.find(state=OPEN_STATES)}
    if which is None:
        found |= {s.key: s for s in await desk.store.submissions.find(since=start_of(first))}
    rows = [
        {"key": s.key, "kind": s.kind, "party": s.party, "state": s.state, "received": s.received}
        for s in sorted(found.values(), key=lambda s: s.key)
    ]
    waiting = sum(s.state in OPEN_STATES for s in found.values())
    return Card(
        "Submissions" if which is None else "Submissions that wait",
        f"{len(rows)} shown; for an officer: {waiting}.",
        tuple(rows),
    )


@command("submission SUBMISSION", reads=True, example="submission S-2012-0017")
async def submission(desk: Desk, _person: Person, *, submission: str) -> Card:
    """One submission: its party, kind and state, its enclosures by number and size, and who decided what."""
    found = await desk.store.submissions.get(submission)
    if found is None:
        raise Refused(f"There is no submission {submission}. To see them: submissions.")
    is_open = await handling.is_open(found, desk.store)
    fields = {
        "key": found.key, "kind": found.kind, "party": found.party, "state": found.state, "received": found.received,
        "handling": found.handling, "mails": list(found.mails), "joined_to": found.joined_to,
        "subject": found.subject if is_open else None,
        "decisions": [_said(decision) for decision in found.decisions],
    }  # fmt: skip
    rows = tuple(
        {"enclosure": n, "type": file.type, "size": file.size, "name": file.name if is_open else None}
        for n, file in enumerate(found.files, 1)
    )
    name = await correspondents.party_name(desk.store, found.party, desk)
    offers = offers_for(found) if found.state in OPEN_STATES else ()
    return Card(
        f"{found.key}: {found.kind.words} from {name}",
        f"It is {found.state}; {counted(len(rows), 'enclosure')}.{_to_read(found)}",
        rows,
        fields,
        offers=offers,
    )


def _said(decision: Decision) -> str:
    words = f" {decision.words}" if decision.what == "handling" else ""  # who may see it is no word of anybody's
    return f"{decision.what}{words} by {decision.by}, {written_moment(decision.at)}"


def _to_read(submission: Submission) -> str:
    return f" To read it: mail {submission.mails[-1]} show" if submission.mails else ""


@command("submission SUBMISSION accept", role=Role.OFFICER, example="submission S-2012-0017 accept")
async def accept(desk: Desk, person: Person, *, submission: str, press: Press | None = None) -> Card:
    """Accept a submission as what it says it is; a first report changes the State's status."""
    accepted = await decisions.accept(submission, Act(person, desk, press))
    said = " The State counts as having reported." if accepted.kind is Kind.FIRST_REPORT else ""
    return _decided(accepted, f"Accepted as {accepted.kind.words} by {person.name}.{said}")


@command(
    "submission SUBMISSION reclassify as KIND",
    role=Role.OFFICER,
    example="submission S-2012-0017 reclassify as additional-information",
)
async def reclassify(desk: Desk, person: Person, *, submission: str, kind: Kind, press: Press | None = None) -> Card:
    """Say what a submission really is."""
    return _decided(await decisions.reclassify(submission, kind, Act(person, desk, press)), f"It is now: {kind.words}.")


@command(
    "submission SUBMISSION clarify TEXT",
    role=Role.OFFICER,
    example='submission S-2012-0017 clarify "Annex 2 is named but not enclosed."',
)
async def clarify(desk: Desk, person: Person, *, submission: str, text: str, press: Press | None = None) -> Card:
    """Ask whoever sent it, in your own words; the reply comes back to the same submission."""
    return _decided(
        await decisions.clarify(submission, text, Act(person, desk, press)),
        "A letter asks for clarification; the answer comes back here.",
    )


@command(
    "submission SUBMISSION join OTHER=SUBMISSION", role=Role.OFFICER, example="submission S-2012-0018 join S-2012-0017"
)
async def join(desk: Desk, person: Person, *, submission: str, other: str, press: Press | None = None) -> Card:
    """Join a part that came in a mail of its own to the submission that it belongs to."""
    return _decided(await decisions.join(submission, other, Act(person, desk, press)), f"Joined to {other}.")


@command("submission SUBMISSION set-aside [WHY=TEXT]", role=Role.OFFICER, example="submission S-2012-0017 set-aside")
async def set_aside(desk: Desk, person: Person, *, submission: str, why: str = "", press: Press | None = None) -> Card:
    """Set a submission aside; a State is then due again."""
    return _decided(
        await decisions.set_aside(submission, why, Act(person, desk, press)), f"Set aside by {person.name}."
    )


@command(
    "submission SUBMISSION reopen WHY=TEXT",
    role=Role.OFFICER,
    example='submission S-2012-0017 reopen "accepted by mistake"',
)
async def reopen(desk: Desk, person: Person, *, submission: str, why: str, press: Press | None = None) -> Card:
    """Reopen what was decided, with the reason."""
    return _decided(
        await decisions.reopen(submission, why, Act(person, desk, press)), f"Reopened by {person.name}: {why}"
    )


@command(
    "submission add --by-hand PARTY KIND [--file FILES=FILES]",
    role=Role.OFFICER,
    example="submission add --by-hand MWI first-report --file report.pdf",
)
async def add(desk: Desk, person: Person, *, party: str, kind: Kind, files: tuple[str | File, ...] = ()) -> Card:
    """Number what did not come by e-mail, with its files."""
    brought = await asyncio.to_thread(lambda: tuple(file if isinstance(file, tuple) else _read(file) for file in files))
    added = await decisions.by_hand(party, kind, brought, Act(person, desk))
    said = f" with {counted(len(added.files), 'enclosure')}" if added.files else ""
    return _decided(added, f"Numbered{said}; no receipt goes out for what did not come by e-mail.")


def _read(file: str) -> File:
    path = Path(file)
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise Refused(f"{file} cannot be read ({error.strerror}); nothing was added.") from error


def _decided(submission: Submission, text: str) -> Card:
    return Card(
        f"{submission.key}: {submission.state}",
        text,
        fields={"key": submission.key, "kind": submission.kind, "party": submission.party, "state": submission.state},
    )
