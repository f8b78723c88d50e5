"""While the desk runs its cards are posted: at once, as fast as chat takes them, and whatever fails is said."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.doctor import posts as doctor
from bot.doctor.finding import How
from bot.loop_lag import LoopLag
from bot.metrics import Metrics
from bot.posting import Queued, post
from bot.pulse import Pulse
from committee.errors import Unavailable
from mailflows.chat import Away, NotLetIn
from mailflows.desk import Desk
from tests.bot.processes import until
from tests.conftest import PracticeDesk
from tests.mailflows.scripted_chat import Secretariat, arrives


async def test_what_is_queued_is_posted_at_once_and_it_ends_when_it_is_told(desk: PracticeDesk) -> None:
    at, queued, pulse = await Secretariat(desk).has(), Queued(), Pulse(datetime.now(UTC))

    async def desk_now() -> Desk:
        return desk.desk

    posting = asyncio.create_task(post(at.posting, desk_now, queued, pulse))
    await arrives(desk, "MWI")
    queued.wake()

    async def posted() -> bool:
        return len(at.chat.messages) == 1

    await until(posted)
    queued.end()
    await asyncio.wait_for(posting, 10)
    assert pulse.troubles.get("chat") == ""


async def test_a_round_that_fails_is_said_and_the_next_one_comes(desk: PracticeDesk) -> None:
    at, queued, pulse = await Secretariat(desk).has(), Queued(), Pulse(datetime.now(UTC))
    await arrives(desk, "MWI")
    asked = 0

    async def desk_now() -> Desk:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise Unavailable("the store is away")
        return desk.desk

    posting = asyncio.create_task(post(at.posting, desk_now, queued, pulse))

    async def failed() -> bool:
        return pulse.failures == 1

    async def posted() -> bool:
        return len(at.chat.messages) == 1

    await until(failed)
    assert "the last round failed" in pulse.troubles["chat"]
    queued.wake()
    await until(posted)
    queued.end()
    await asyncio.wait_for(posting, 10)


async def test_what_chat_does_not_take_is_said_by_the_doctor_and_counted(desk: PracticeDesk) -> None:
    at, pulse = Secretariat(desk), Pulse(datetime.now(UTC))
    assert [one.how for one in await doctor.examine(desk.desk)] == [How.GOOD]
    await at.has()
    assert [one.how for one in await doctor.examine(desk.desk)] == [How.GOOD, How.LOOK]
    await arrives(desk, "MWI")
    at.chat.down = lambda: Away("connection refused")
    await at.posts()
    await at.passes(timedelta(minutes=20))
    waits, _ = await doctor.examine(desk.desk)
    assert (waits.how, "connection refused" in waits.found) == (How.LOOK, True)
    at.chat.down = lambda: NotLetIn("token_revoked")
    await at.posts()
    stands, _ = await doctor.examine(desk.desk)
    assert (stands.how, "token_revoked" in stands.found) == (How.WRONG, True)
    text = (await Metrics(desk.desk.store, pulse, LoopLag()).text()).decode()
    assert 'verbale_posts{state="later"} 1.0' in text
    assert "verbale_chat_let_in 0.0" in text
    at.chat.down = None
    await at.passes(timedelta(minutes=5))
    await at.posts()
    text = (await Metrics(desk.desk.store, pulse, LoopLag()).text()).decode()
    assert 'verbale_posts{state="later"} 0.0' in text
    assert "verbale_oldest_post_age_seconds 0.0" in text
    assert "verbale_chat_let_in 1.0" in text
