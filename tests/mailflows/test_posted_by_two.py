"""A process is frozen past its lease in the middle of a call, and another goes on: one card stands there in the end."""

import asyncio

import pytest

from committee.posts import Post, PostState
from mailflows import posts
from mailflows.chat import NotTaken, Shown, Unanswered
from mailflows.posting import Posting
from tests.conftest import PracticeDesk
from tests.mailflows.scripted_chat import DESK, ScriptedChat, Secretariat, arrives

S = PostState


class Frozen:
    """A way to the same chat that stands still within a call: before chat has anything of it, and then goes on."""

    def __init__(self, chat: ScriptedChat) -> None:
        self._chat = chat
        self.calling, self.thawed = asyncio.Event(), asyncio.Event()
        self.answer: Exception | None = None

    async def post(self, channel: str, thread_ts: str, shown: Shown, key: str) -> str:
        self.calling.set()
        await self.thawed.wait()
        if isinstance(self.answer, NotTaken):
            raise self.answer
        ts = await self._chat.post(channel, thread_ts, shown, key)
        if self.answer:
            raise self.answer
        return ts

    def __getattr__(self, name: str) -> object:
        return getattr(self._chat, name)


async def frozen(at: Secretariat) -> tuple[Frozen, asyncio.Task[object]]:
    """It leads, and is frozen within its call."""
    way = Frozen(at.chat)
    posting = Posting(way, clock=lambda: at.desk.desk.now, monotonic=lambda: at.seconds)  # type: ignore[arg-type] # the rest is the chat's
    task = asyncio.create_task(posting.round(at.desk.desk))
    await way.calling.wait()
    return way, task


async def ledger(at: Secretariat) -> list[Post]:
    return await at.desk.desk.store.posts.find()


def stand(at: Secretariat) -> list[str]:
    return [one.ts for one in at.chat.messages]


@pytest.mark.parametrize("answer", [None, Unanswered("TimeoutError")])
async def test_what_was_posted_by_two_is_taken_away_once(desk: PracticeDesk, answer: Exception | None) -> None:
    at = await Secretariat(desk).has()
    before, *keys = await arrives(desk, "GMB", "MWI", "ZMB")
    await at.round()
    at.seconds += 1
    way, task = await frozen(at)
    await at.posts()  # another leads: it looks, finds nothing, posts it, and goes on
    assert at.chat.in_channel() == [f"submission-arrived/{key}" for key in (before, *keys)]
    recorded = [post.ts for post in await ledger(at)]
    way.answer = answer
    way.thawed.set()
    await task
    assert len(stand(at)) == 4
    await at.posts()
    assert stand(at) == recorded
    *cards, again = await ledger(at)
    assert ([post.ts for post in cards], again.second_look, again.state) == (recorded, True, S.POSTED)
    await desk.types(f"submission {keys[0]} accept")  # and it is changed as any other
    assert await at.posts() == 1
    assert await posts.waiting(desk.desk.store) == []


async def test_what_the_frozen_one_posted_first_is_found_and_not_repeated(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    await arrives(desk, "MWI")
    way, task = await frozen(at)
    at.chat.troubles.append(Unanswered("http_503"))
    await at.round()  # another leads, and cannot look it up just now
    way.thawed.set()
    await task
    [post] = await ledger(at)
    assert (post.state, [post.ts]) == (S.POSTED, stand(at))
    await at.posts()
    assert len(stand(at)) == 1


async def test_where_both_are_within_their_calls_the_second_to_record_is_taken_away(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    await arrives(desk, "MWI")
    first, one = await frozen(at)
    second, two = await frozen(at)
    first.thawed.set()
    await one
    second.thawed.set()
    await two
    assert len(stand(at)) == 2
    await at.posts()
    [post, _] = await ledger(at)
    assert stand(at) == [post.ts]


async def test_a_frozen_call_that_chat_refused_changes_nothing(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    await arrives(desk, "MWI")
    way, task = await frozen(at)
    await at.posts()
    way.answer = NotTaken("invalid_blocks")
    way.thawed.set()
    await task
    [post] = await ledger(at)
    assert (post.state, [post.ts], at.chat.in_channel(DESK)) == (S.POSTED, stand(at), [post.card])


async def test_a_change_that_two_have_made_is_no_second_message(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    [key] = await arrives(desk, "MWI")
    await at.posts()
    await desk.types(f"submission {key} accept")
    update = at.chat.update
    calling, thawed = asyncio.Event(), asyncio.Event()

    async def slowly(*given: object) -> None:
        calling.set()
        await thawed.wait()
        await update(*given)  # type: ignore[arg-type] # as they came

    way = Frozen(at.chat)
    way.update = slowly  # type: ignore[attr-defined] # stands still in place of the chat's
    posting = Posting(way, clock=lambda: at.now, monotonic=lambda: at.seconds)  # type: ignore[arg-type] # as above
    task = asyncio.create_task(posting.round(at.desk.desk))
    await calling.wait()
    await at.posts()
    thawed.set()
    await task
    await at.posts()
    assert [post.second_look for post in await ledger(at)] == [False, False]
    assert (len(at.chat.messages), at.chat.messages[0].changes) == (1, 2)
