"""Many who ask in chat at once are one question to the desk, and everyone is told what was committed before they asked."""

import asyncio
import json
from dataclasses import replace

import pytest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.local_slack import acts
from bot.slack.serving import acknowledgement
from bot.slack.under_way import UnderWay
from committee.staff import Role
from mailflows.desk import Desk
from tests.bot.slack.conftest import CHANNEL, InChat
from tests.chat.persons import Person


async def test_who_asks_in_the_same_turn_of_the_loop_is_given_the_same_moment(chat: InChat) -> None:
    asked = 0

    async def now() -> Desk:
        nonlocal asked
        asked += 1
        return chat.desk.desk

    chat.chat.desk_at_this_moment = now
    moments = await asyncio.gather(*(chat.chat.moment() for _ in range(20)))
    assert (asked, len({id(each) for each in moments})) == (1, 1)
    assert await chat.chat.moment() is not moments[0]
    assert asked == 2


async def test_who_asks_while_the_desk_is_being_asked_is_given_a_later_moment(chat: InChat) -> None:
    chat.hold.clear()
    chat.asked.clear()
    first = asyncio.create_task(chat.chat.moment())
    await chat.asked.wait()
    second = asyncio.create_task(chat.chat.moment())
    await asyncio.sleep(0)
    chat.hold.set()
    assert await first is not await second


async def test_who_no_longer_waits_takes_the_moment_from_nobody(chat: InChat) -> None:
    first, second = (asyncio.create_task(chat.chat.moment()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).desk.in_chat


async def test_a_desk_that_is_away_is_told_to_all_who_asked_and_asked_again(chat: InChat) -> None:
    away = True

    async def now() -> Desk:
        if away:
            raise OSError("the disk is away")
        return chat.desk.desk

    chat.chat.desk_at_this_moment = now
    told = await asyncio.gather(*(chat.chat.moment() for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in told] == [OSError] * 3
    away = False
    assert (await chat.chat.moment()).desk.in_chat


async def test_many_who_type_the_same_are_each_answered(chat: InChat, officer: Person) -> None:
    await asyncio.gather(
        *(acts.types(chat.workspace, officer.id, CHANNEL, "/1540 states non-reporting") for _ in range(30))
    )
    answers = officer.sees()
    assert len(answers) == 30
    assert {each.ephemeral_to for each in answers} == {officer.id}
    assert len({each.text for each in answers}) == 1


async def test_what_was_committed_before_one_asks_is_in_the_answer(
    chat: InChat, officer: Person, second: Person
) -> None:
    assert "rings on Tuesdays" not in (await officer.types("/1540 state MWI")).words
    await second.types('/1540 state MWI note "rings on Tuesdays"')
    assert "rings on Tuesdays" in (await officer.types("/1540 state MWI")).words


async def test_whose_role_was_taken_away_is_told_so_at_the_next_command(chat: InChat, officer: Person) -> None:
    assert "has the honour" in (await officer.types("/1540 remind first-report --to MWI")).words
    async with chat.store.transaction(by="test", doing="staff", about="staff", at=chat.desk.desk.now) as tx:
        person = await tx.staff.get("officer-1")
        assert person
        await tx.staff.put(replace(person, roles=(Role.READER,)))
    assert "Refused" in (await officer.types("/1540 remind first-report --to MWI")).words


async def test_a_reading_that_takes_long_is_begun_anew_and_answered_when_it_is_done(
    chat: InChat, officer: Person
) -> None:
    chat.under_way.at_once_seconds = 0.0
    await officer.types("/1540 state Malawi")
    assert await officer.meets(lambda message: message.text.startswith("Malawi."))


async def test_a_timeout_of_what_reads_itself_is_no_sign_of_taking_long() -> None:
    async def read() -> str:
        raise TimeoutError("the server says nothing")

    async def later(_task: object) -> None:
        raise AssertionError("nothing is done later")

    with pytest.raises(TimeoutError, match="the server says nothing"):
        await UnderWay().read_at_once(read, later)


@pytest.mark.parametrize("body", ["", {"text": "“quoted” \\ words", "blocks": [{"type": "divider"}]}, "words alone"])
def test_an_acknowledgement_is_what_the_sdk_would_write(body: str | dict[str, object]) -> None:
    payload: dict[str, object] | None = {"text": body} if isinstance(body, str) and body else body or None  # type: ignore[assignment]
    written = SocketModeResponse(envelope_id='e"1', payload=payload).to_dict()
    assert json.loads(acknowledgement('e"1', BoltResponse(status=200, body=body))) == written
