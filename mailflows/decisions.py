"""An officer decides about a submission: accept, reclassify, ask, join, set aside, reopen; each once, each in the trail."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from committee.calendar import new_york, written_moment
from committee.correspondents import Correspondent
from committee.errors import Refused
from committee.staff import Role
from committee.states import ReportStatus
from committee.submissions import Decision, Kind, Submission, SubmissionState
from mailflows import cards, cases, correspondents, indexing, letters, outbox
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act, Press, use
from mailflows.submissions import offers_for, shown
from storage.port import Transaction


async def accept(key: str, who: Act) -> Submission:
    """Accept a submission as what it says it is; a first report changes the State's status."""
    async with _deciding("accept", key, who) as tx:
        accepted = (await _submission(tx, key)).decide(_decision(who, "accept"), SubmissionState.ACCEPTED)
        state = await tx.states.get(accepted.party)
        if state and accepted.kind is Kind.FIRST_REPORT:
            await tx.states.put(state.reported(new_york(accepted.received).date()))
        await _decided(tx, accepted, who)
    return accepted


async def reclassify(key: str, kind: Kind, who: Act) -> Submission:
    async with _deciding("reclassify", key, who) as tx:
        submission = await _submission(tx, key)
        reclassified = submission.decide(_decision(who, "reclassify", kind), submission.state, kind)
        await _decided(tx, reclassified, who, still_open=True)
    return reclassified


async def clarify(key: str, text: str, who: Act) -> Submission:
    """Ask whoever sent it, in the officer's own words; the reply comes back to the same submission."""
    async with _deciding("clarify", key, who) as tx:
        submission = await _submission(tx, key)
        asked = submission.decide(_decision(who, "clarify", text), SubmissionState.CLARIFYING)
        to = await _sender_of(submission, tx, who.desk)
        nth = sum(decision.what == "clarify" for decision in asked.decisions)
        draft = letters.clarification(asked, to, text, nth=nth, desk=who.desk)
        await outbox.queue(tx, [draft], release=draft.key, by=who.person.key, desk=who.desk)
        await _decided(tx, asked, who)
    return asked


async def join(key: str, other: str, who: Act) -> Submission:
    """The parts of one submission that came in several mails: the joined one stays, state `joined`."""
    async with _deciding("join", key, who) as tx:
        part, whole = await _submission(tx, key), await _submission(tx, other)
        if part.key == whole.key or part.party != whole.party:
            raise Refused(f"{key} and {other} are not two submissions of one party; nothing was joined.")
        if whole.state is SubmissionState.JOINED:
            raise Refused(f"{other} is itself joined to {whole.joined_to}: join {key} to that one.")
        joined = part.decide(_decision(who, "join", other), SubmissionState.JOINED)
        joined = replace(joined, joined_to=other)
        await tx.submissions.put(replace(whole, mails=(*whole.mails, *part.mails)))
        await _decided(tx, joined, who)
    return joined


async def set_aside(key: str, why: str, who: Act) -> Submission:
    async with _deciding("set-aside", key, who) as tx:
        aside = (await _submission(tx, key)).decide(_decision(who, "set-aside", why), SubmissionState.SET_ASIDE)
        await cases.put_away(aside.mails, who.person.key, tx, who.desk.now)
        await _decided(tx, aside, who)
    return aside


async def reopen(key: str, why: str, who: Act) -> Submission:
    """Back to waiting, with a reason; a State that counted as having reported by it is yet to report again."""
    async with _deciding("reopen", key, who) as tx:
        submission = await _submission(tx, key)
        opened = submission.decide(_decision(who, "reopen", why), SubmissionState.WAITING)
        await _take_back_status(submission, tx, who)
        await _leave_whole(submission, tx)
        await _decided(tx, replace(opened, joined_to=None), who, still_open=True)
    return opened


async def by_hand(party: str, kind: Kind, files: Sequence[tuple[str, bytes]], who: Act) -> Submission:
    """What did not come by e-mail is numbered too: brought by hand, by telephone, in a corridor; each file its name and bytes."""
    require(who.person, Role.OFFICER, "add a submission")
    enclosures = [letters.enclosure(*file) for file in files]
    for _, content in files:
        await who.desk.store.keep(content)
    async with _deciding("add", party, who) as tx:
        submission = Submission(
            key=await tx.number("S", new_york(who.desk.now).year),
            kind=kind,
            party=party,
            state=SubmissionState.WAITING,
            received=who.desk.now,
            files=tuple(enclosures),
            enclosures=tuple(dict.fromkeys(enclosure.sha256 for enclosure in enclosures)),
            sender=f"by hand, noted by {who.person.name}",
        )
        await tx.submissions.add(submission)
        await indexing.index_submission(tx, submission)
        name = await correspondents.party_name(tx, party, who.desk)
        title = f"{submission.key}: {kind.words} from {name}, by hand"
        text = f"Noted by {who.person.name}. No receipt goes out for what did not come by e-mail."
        await cards.post(
            tx, "submission-arrived", submission.key, title, text, now=who.desk.now, offers=offers_for(submission)
        )
    return submission


@asynccontextmanager
async def _deciding(what: str, about: str, who: Act) -> AsyncIterator[Transaction]:
    """One decision, one commit: the role, the trail and the button that was pressed."""
    require(who.person, Role.OFFICER, f"{what} a submission")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing=f"submission {what}", about=about, at=desk.now) as tx:
        await use(tx, who.press, who.person, desk.now)
        if who.press and who.press.digest:
            _still_as_shown(await _submission(tx, about), who.press)
        yield tx


def _decision(who: Act, what: str, words: str = "") -> Decision:
    return Decision(who.person.name, new_york(who.desk.now), what, words)


def _still_as_shown(submission: Submission, press: Press) -> None:
    if shown(submission) != press.digest:
        now = f"{submission.key} has changed since this button was shown: it is {submission.kind.words}, {submission.state}"
        raise Refused(f"{now}. Nothing was changed; to see it: submission {submission.key}")


async def _submission(tx: Transaction, key: str) -> Submission:
    submission = await tx.submissions.get(key)
    if submission is None:
        raise Refused(f"There is no submission {key}. To see them: submissions.")
    return submission


async def _sender_of(submission: Submission, tx: Transaction, desk: Desk) -> Correspondent:
    to = await correspondents.of_sender(tx, submission.party, submission.sender, desk)
    if not to.addressees:
        raise Refused(
            f"Nobody to ask by mail: no confirmed address of {submission.party} is on record, or it is held. Nothing was changed."
        )
    return to


async def _decided(tx: Transaction, submission: Submission, who: Act, *, still_open: bool = False) -> None:
    await tx.submissions.put(submission)
    await indexing.index_submission(tx, submission)
    decision = submission.decided
    if still_open:
        await cards.refresh(tx, submission.key, offers_for(submission), who.desk.now)
    elif decision:
        words = f"{decision.what} by {decision.by}, {written_moment(decision.at)}"
        await cards.decide(tx, submission.key, words)


async def _take_back_status(submission: Submission, tx: Transaction, who: Act) -> None:
    state = await tx.states.get(submission.party)
    if state is None or submission.kind is not Kind.FIRST_REPORT or submission.state is not SubmissionState.ACCEPTED:
        return
    if state.since == new_york(submission.received).date():  # the status rests on this submission alone
        await tx.states.put(state.confirmed_as(ReportStatus.NON_REPORTING, who.desk.today))


async def _leave_whole(submission: Submission, tx: Transaction) -> None:
    if submission.joined_to and (whole := await tx.submissions.get(submission.joined_to)):
        rest = tuple(mail for mail in whole.mails if mail not in submission.mails)
        await tx.submissions.put(replace(whole, mails=rest))
