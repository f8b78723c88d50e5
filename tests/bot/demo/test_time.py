"""Time goes on when somebody says so, past nothing that is due, and not before chat has heard of the moment."""

from datetime import timedelta

from bot.demo import tour, upcoming
from bot.demo.opening import OPENS, Demo
from bot.demo.playing import Player
from bot.demo.secretariat import CHANNEL
from bot.demo.tour import CLOSE, TELL
from committee.calendar import NEW_YORK
from tests.bot.demo.conftest import Visitor


async def test_it_opens_at_twenty_to_nine_and_the_first_card_is_due_next(made: Demo) -> None:
    assert (await made.working.now()).now == OPENS
    moment = await made.working.next_moment()
    assert moment
    assert moment.astimezone(NEW_YORK) == OPENS.replace(hour=9, minute=0)
    assert "the 9 a.m. card" in await upcoming.at(moment, await made.working.now())


async def test_what_is_due_is_said_before_time_goes_on(made: Demo) -> None:
    said = []
    for _ in range(4):
        moment = await made.working.next_moment()
        assert moment
        said.append(
            (moment.astimezone(NEW_YORK).strftime("%a %H:%M"), await upcoming.at(moment, await made.working.now()))
        )
        assert await made.working.go_on() == moment
    assert [when for when, _ in said] == ["Thu 09:00", "Fri 09:00", "Tue 09:00", "Tue 09:05"]
    assert said[2][1] == ["the 9 a.m. card", "24 reminders leaving by the clock"]


async def test_messages_have_the_desks_moment(made: Demo) -> None:
    await made.working.go_on()
    await made.working.go_on()
    stamps = [float(ts) for ts in made.workspace.messages[CHANNEL]]
    assert stamps[0] - OPENS.timestamp() < timedelta(minutes=21).total_seconds()
    assert stamps == sorted(stamps)


async def test_no_card_waits_while_time_goes_on(made: Demo) -> None:
    for _ in range(6):
        await made.working.go_on()
    assert not await made.working.opened.store.cards.find(kind="alarm")


async def test_pressed_twice_time_goes_on_once(visitor: Visitor) -> None:
    seen = await visitor.state()
    first = await visitor.acts("goes_on", to=seen["next"]["at"])
    second = await visitor.acts("goes_on", to=seen["next"]["at"])
    assert first == (200, {"ok": True})
    assert second[0] == 409
    assert "The clock stands where it stood" in second[1]["error"]
    after = await visitor.state()
    assert after["now"] == seen["next"]["when"]


async def test_what_is_pressed_in_chat_leaves_by_itself(made: Demo) -> None:
    """Nobody lets time go on: the desk hears of the commit."""
    player = Player(made)
    await made.working.go_on()
    await player.seen(tour.STEPS[0].fact, "the cards")
    for line in (CLOSE, TELL):
        await player.person("officer-1").types(line)
    await player.presses("officer-1", "Prepare")
    await player.presses("approver-1", "Send")

    async def arrived(_desk: object) -> str:
        return str(len(made.missions.office.arrived)) if len(made.missions.office.arrived) > 40 else ""

    assert await player.seen(arrived, "letters in the mailboxes")
