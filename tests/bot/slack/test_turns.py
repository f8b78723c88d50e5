"""Many answers at once, and the event loop looks around in between."""

import asyncio

from bot.slack.turns import MOST_SECONDS, Turns


async def test_no_turn_of_the_loop_has_more_answers_than_there_is_room_for() -> None:
    moment, turn = 0.0, 0
    answered: list[int] = []
    turns = Turns(lambda: moment)

    async def answer() -> None:
        nonlocal moment
        await turns.place()
        answered.append(turn)
        moment += MOST_SECONDS / 2

    async def loop() -> None:
        nonlocal turn
        while len(answered) < 6:
            turn += 1
            await asyncio.sleep(0)

    await asyncio.gather(loop(), *(answer() for _ in range(6)))
    assert [answered.count(each) for each in sorted(set(answered))] == [2, 2, 2]


async def test_what_is_quick_waits_for_nothing() -> None:
    turns = Turns(lambda: 0.0)
    answers = [turns.place() for _ in range(200)]
    for answer in answers:
        try:
            answer.send(None)
        except StopIteration:
            continue
        raise AssertionError("it waited")


async def test_one_that_takes_long_has_its_place_all_the_same() -> None:
    moment = 0.0
    turns = Turns(lambda: moment)
    await turns.place()
    moment += 1.0
    async with asyncio.timeout(10):
        await turns.place()
