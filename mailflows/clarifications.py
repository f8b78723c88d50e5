"""A question of ours that nobody has answered: after some weeks the secretariat hears that it waits, and what it holds back."""

from datetime import timedelta

from committee.calendar import new_york, written
from committee.policies import in_force, read
from committee.submissions import Decision, Kind, Submission, SubmissionState
from mailflows import cards, correspondents
from mailflows.desk import Desk
from mailflows.submissions import offers_for
from storage.port import Transaction

POLICY = "clarifications.unanswered"


async def show_unanswered(desk: Desk) -> list[Submission]:
    """One card for each question whose days are over; asked again, it waits as long again."""
    waiting = await desk.store.submissions.find(state=SubmissionState.CLARIFYING)
    days = read(POLICY, in_force(await desk.store.policies.all(), desk.today)[POLICY])
    assert isinstance(days, timedelta)  # noqa: S101 - as this policy is read
    late = [one for one in waiting if desk.now - _questions(one)[-1].at >= days]
    new = [one for one in late if not await desk.store.cards.get(cards.key_of(KIND, one.key, len(_questions(one))))]
    if new:
        async with desk.store.transaction(
            by="rule: unanswered questions", doing="shown", about=str(desk.today), at=desk.now
        ) as tx:
            for one in new:
                await _show(one, tx, desk)
    return new


KIND = "clarification-unanswered"


def _questions(submission: Submission) -> list[Decision]:
    return [decision for decision in submission.decisions if decision.what == "clarify"]


async def _show(submission: Submission, tx: Transaction, desk: Desk) -> None:
    name, asked = await correspondents.party_name(tx, submission.party, desk), _questions(submission)
    stops = " Until it is decided, no reminder goes to the State." if submission.kind is Kind.FIRST_REPORT else ""
    text = (
        f"We asked {name} on {written(new_york(asked[-1].at).date())}, and no answer has come.{stops} "
        f"To ask once more: submission {submission.key} clarify TEXT"
    )
    await cards.post(
        tx, KIND, submission.key, f"{submission.key}: a question of ours is unanswered", text,
        now=desk.now, offers=offers_for(submission), nth=len(asked),
    )  # fmt: skip
