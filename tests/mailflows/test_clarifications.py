"""A question that nobody answers is shown after four weeks, once for each time it was asked."""

from datetime import timedelta

from mailflows import clarifications
from tests.conftest import PracticeDesk


async def asked(desk: PracticeDesk) -> str:
    [mail] = await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    await desk.types(f'submission {mail.submission} clarify "Where is annex 2?"')
    return str(mail.submission)


async def shown_after(desk: PracticeDesk, days: int) -> list[str]:
    desk.desk = desk.desk.at(desk.desk.now + timedelta(days=days))
    return [one.key for one in await clarifications.show_unanswered(desk.desk)]


async def test_after_four_weeks_it_is_shown_once_with_what_it_holds_back(desk: PracticeDesk) -> None:
    key = await asked(desk)
    assert await shown_after(desk, 27) == []
    assert await shown_after(desk, 1) == [key]
    assert await shown_after(desk, 30) == []
    [card] = [row for row in (await desk.types("cards")).rows if row["kind"] == "clarification-unanswered"]
    assert "on 4 September 2012, and no answer has come. Until it is decided, no reminder goes" in card["text"]
    assert {action["label"] for action in card["actions"]} >= {"Accept as first report", "Ask for clarification"}


async def test_asked_again_it_waits_as_long_again(desk: PracticeDesk) -> None:
    key = await asked(desk)
    assert await shown_after(desk, 28) == [key]
    await desk.types(f'submission {key} clarify "Once more, please."')
    assert await shown_after(desk, 27) == []
    assert await shown_after(desk, 1) == [key]


async def test_answered_or_decided_it_is_not_shown(desk: PracticeDesk) -> None:
    await asked(desk)
    [letter] = await desk.desk.store.letters.find(kind="clarification")
    await desk.takes_in((await desk.capital_of("MWI")).writes("Re: question", "Enclosed.", answers=letter.message_id))
    assert await shown_after(desk, 60) == []


async def test_the_days_are_a_policy(desk: PracticeDesk) -> None:
    key = await asked(desk)
    await desk.types("policy clarifications.unanswered set 10 from 2012-09-04")
    assert await shown_after(desk, 10) == [key]
