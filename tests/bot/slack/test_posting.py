"""Cards are posted to the local Slack over HTTP: whatever goes wrong there, each stands there once and in its order."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot import local_slack
from bot.local_slack.channels import Kind
from bot.local_slack.faults import Fault, How
from bot.local_slack.messages import Message
from bot.local_slack.people import User
from bot.local_slack.workspace import Workspace
from bot.slack.client import Access, connected
from bot.slack.posting import EVENT, SlackChat
from committee.posts import Post, PostState
from mailflows import posts
from mailflows.chat import Shown, Unanswered
from tests.chat.clock import HandClock
from tests.conftest import PracticeDesk
from tests.mailflows.scripted_chat import DESK, OTHER, Secretariat, arrives

POST, UPDATE, HISTORY, REPLIES = "chat.postMessage", "chat.update", "conversations.history", "conversations.replies"
S = PostState


@dataclass(slots=True)
class InSlack(Secretariat):
    """The desk's cards in a Slack."""

    workspace: Workspace = None  # type: ignore[assignment] # given by the fixture

    def fails(self, method: str, how: How, times: int = 1, **facts: Any) -> None:
        self.workspace.faults.of(method, Fault(how, **facts), times)

    def stands(self, channel: str = DESK) -> list[str]:
        """The cards in the channel, in the order of their ts."""
        there = self.workspace.messages[channel]
        return [key_of(there[ts].metadata).rpartition("@")[0] for ts in sorted(there)]

    async def ledger(self) -> list[Post]:
        return await self.desk.desk.store.posts.find()


def key_of(metadata: dict[str, Any] | None) -> str:
    assert metadata
    assert metadata["event_type"] == EVENT
    key: str = metadata["event_payload"]["key"]
    return key


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    made = Workspace(clock=HandClock())
    made.person(User("U01ADA", "ada", "Ada Officer"))
    made.channel(DESK, "desk", [made.app.bot_user, "U01ADA"])
    made.channel(OTHER, "chair", [made.app.bot_user, "U01ADA"], Kind.PRIVATE)
    async with local_slack.served(made):
        yield made
    assert made.breaches == []


@pytest.fixture
async def client(workspace: Workspace) -> AsyncIterator[AsyncWebClient]:
    way = Access(workspace.app.bot_token, workspace.app.app_token, f"{workspace.url}/api/")
    async with connected(way, retries=False) as made:
        yield made


@pytest.fixture
async def at(desk: PracticeDesk, workspace: Workspace, client: AsyncWebClient) -> InSlack:
    here = InSlack(desk, workspace=workspace)
    here.chat = SlackChat(client)  # type: ignore[assignment] # the real edge in place of the scripted one
    here.starts_anew()
    await here.has()
    return here


async def test_a_card_stands_there_with_its_buttons_and_its_key_and_a_decision_shows(at: InSlack) -> None:
    [key] = await arrives(at.desk, "MWI")
    await at.posts()
    [message] = at.workspace.messages[DESK].values()
    assert message.text.startswith(f"{key}: ")
    assert "actions" in {block["type"] for block in message.blocks}
    assert key_of(message.metadata) == f"submission-arrived/{key}@{DESK}"
    await at.desk.types(f"submission {key} accept")
    await at.posts()
    [message] = at.workspace.messages[DESK].values()
    assert "actions" not in {block["type"] for block in message.blocks}
    assert "Decided: accept by " in repr(message.blocks)
    assert key_of(message.metadata) == f"submission-arrived/{key}@{DESK}"


async def test_429_with_retry_after_keeps_the_order(at: InSlack) -> None:
    keys = [f"submission-arrived/{key}" for key in await arrives(at.desk, "MWI", "ZMB", "KEN")]
    at.fails(POST, How.RATE_LIMITED, retry_after=30)
    first = await at.round()
    assert (first.posted, first.next_in) == (0, 30.0)
    at.seconds += 29
    assert (await at.round()).next_in == 1.0
    assert at.stands() == []
    at.seconds += 1
    await at.posts()
    assert at.stands() == keys


@pytest.mark.parametrize("how", [How.BROKEN, How.CUT, How.NOT_JSON])
async def test_an_hour_of_errors_then_all_in_order_and_none_twice(at: InSlack, how: How) -> None:
    keys = [f"submission-arrived/{key}" for key in await arrives(at.desk, "MWI", "ZMB")]
    at.fails("*", how, times=1000)
    for nth in range(60):
        await at.posts()
        if nth == 30:
            keys += [f"submission-arrived/{key}" for key in await arrives(at.desk, "KEN")]
        await at.passes(timedelta(minutes=1))
    assert at.stands() == []
    at.workspace.faults.clear()
    await at.passes(timedelta(minutes=5))
    await at.posts()
    assert at.stands() == keys
    assert {post.state for post in await at.ledger()} == {S.POSTED}


async def test_a_call_that_hangs_is_looked_up(at: InSlack, client: AsyncWebClient) -> None:
    await arrives(at.desk, "MWI")
    at.fails(POST, How.HANGS)
    chat = SlackChat(client)

    async def impatient(*given: Any) -> str:
        """As the client's own time-out ends a call, and not after ten seconds."""
        try:
            async with asyncio.timeout(0.5):
                return await chat.post(*given)
        except TimeoutError as error:
            raise Unanswered("TimeoutError") from error

    at.chat = replace_post(chat, impatient)
    at.starts_anew()
    await at.posts()
    assert [(post.state, post.why) for post in await at.ledger()] == [(S.UNCERTAIN, "TimeoutError")]
    at.workspace.faults.let_go()
    await at.passes(timedelta(minutes=1))
    await at.posts()
    assert len(at.stands()) == 1


def replace_post(chat: SlackChat, post: Any) -> Any:
    class Impatient:
        update, look_up = chat.update, chat.look_up

    Impatient.post = staticmethod(post)  # type: ignore[attr-defined] # as a method of this one
    return Impatient()


@pytest.mark.parametrize("channel", [DESK, OTHER])
async def test_what_was_taken_and_its_answer_lost_is_found_and_not_repeated(at: InSlack, channel: str) -> None:
    if channel == OTHER:
        await at.has(OTHER)
    keys = [f"submission-arrived/{key}" for key in await arrives(at.desk, "MWI", "ZMB", "KEN")]
    await at.round()
    at.fails(POST, How.LOST, times=2)
    for _ in range(6):
        await at.posts()
        await at.passes(timedelta(minutes=1))
    assert at.stands(channel) == keys
    by_ts = {post.ts: f"{post.card}@{post.channel}" for post in await at.ledger() if post.channel == channel}
    assert by_ts == {ts: key_of(one.metadata) for ts, one in at.workspace.messages[channel].items()}


async def test_in_a_thread_it_is_found_too_where_history_does_not_show_it(at: InSlack) -> None:
    [key] = await arrives(at.desk, "MWI")
    await at.desk.types(f'submission {key} clarify "Which annex?"')
    await at.posts()
    [letter] = await at.desk.desk.store.letters.find(key=f"clarification/{key}/1")
    await at.desk.takes_in((await at.desk.mission_of("MWI")).writes("Annex 2", answers=letter.message_id))
    at.fails(POST, How.LOST)
    for _ in range(3):
        await at.posts()
        await at.passes(timedelta(minutes=1))
    assert at.stands() == [f"submission-arrived/{key}", f"submission-arrived/{key}/2"]
    first, second = sorted(at.workspace.messages[DESK].values(), key=lambda one: one.ts)
    assert second.thread_ts == first.ts


async def test_among_many_pages_it_is_found_and_what_others_wrote_is_not_taken_for_it(at: InSlack) -> None:
    [key] = await arrives(at.desk, "MWI")
    at.fails(POST, How.LOST)
    await at.posts()
    there = at.workspace.messages[DESK]
    [message] = there.values()
    for nth in range(450):
        forged = {"event_type": "other", "event_payload": {"key": f"submission-arrived/{key}@{DESK}"}}
        at.workspace.post(replace(message, text=f"chatter {nth}", metadata=forged if nth % 2 else None))
    await at.passes(timedelta(minutes=1))
    await at.posts()
    [post] = await at.ledger()
    assert (post.state, post.ts) == (S.POSTED, message.ts)
    assert len(there) == 451


async def test_killed_between_posting_and_posted_the_next_life_finds_it(
    at: InSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    await arrives(at.desk, "MWI", "ZMB")
    put = at.posting._put

    async def dies(before: Post, after: Post, trouble: str = "") -> bool:
        if after.state is S.POSTED:
            raise asyncio.CancelledError
        return await put(before, after, trouble)

    monkeypatch.setattr(at.posting, "_put", dies)
    with pytest.raises(asyncio.CancelledError):
        await at.round()
    assert [post.state for post in await at.ledger()] == [S.POSTING, S.QUEUED]
    at.starts_anew()
    await at.posts()
    assert len(at.stands()) == 2


async def test_a_token_revoked_while_running_is_noted_and_all_waits_for_the_next_one(
    at: InSlack, workspace: Workspace
) -> None:
    [first] = await arrives(at.desk, "MWI")
    await at.posts()
    workspace.revoke(workspace.app.bot_token)
    [second] = await arrives(at.desk, "ZMB")
    for _ in range(4):
        await at.posts()
        await at.passes(timedelta(minutes=1))
    assert (await posts.facts(at.desk.desk.store)).trouble == "token_revoked"
    tally = await at.desk.delivers()
    assert tally.sent >= 2  # mail goes on
    workspace.app = replace(workspace.app, bot_token="xoxb-1540-another")
    way = Access(workspace.app.bot_token, workspace.app.app_token, f"{workspace.url}/api/")
    async with connected(way, retries=False) as client:
        at.chat = SlackChat(client)  # type: ignore[assignment] # as above
        at.starts_anew()
        await at.passes(timedelta(minutes=5))
        await at.posts()
    assert at.stands() == [f"submission-arrived/{first}", f"submission-arrived/{second}"]
    assert (await posts.facts(at.desk.desk.store)).trouble == ""


async def test_a_channel_that_the_desk_is_not_in_waits_until_it_is(at: InSlack, workspace: Workspace) -> None:
    workspace.channel(OTHER, "chair", ["U01ADA"], Kind.PRIVATE)
    await at.has(OTHER)
    [key] = await arrives(at.desk, "MWI")
    await at.posts()
    assert (len(at.stands(DESK)), at.stands(OTHER)) == (1, [])
    workspace.channel(OTHER, "chair", [workspace.app.bot_user], Kind.PRIVATE)
    await at.passes(timedelta(minutes=1))
    await at.posts()
    assert at.stands(OTHER) == [f"submission-arrived/{key}"]


async def test_a_message_that_was_deleted_ends_its_thread_and_its_changes(at: InSlack, workspace: Workspace) -> None:
    [key] = await arrives(at.desk, "MWI")
    await at.posts()
    [message] = workspace.messages[DESK].values()
    workspace.drop(message)
    await at.desk.types(f'submission {key} clarify "Which annex?"')
    await at.posts()
    [letter] = await at.desk.desk.store.letters.find(key=f"clarification/{key}/1")
    await at.desk.takes_in((await at.desk.mission_of("MWI")).writes("Annex 2", answers=letter.message_id))
    await at.posts()
    [answer] = workspace.messages[DESK].values()
    assert not answer.thread_ts or answer.thread_ts == answer.ts
    assert [post.state for post in await at.ledger()] == [S.POSTED, S.GIVEN_UP, S.POSTED]


async def test_a_chat_that_cannot_be_reached_certainly_has_nothing(at: InSlack) -> None:
    await arrives(at.desk, "MWI")
    async with connected(Access("xoxb-x", "xapp-x", "http://127.0.0.1:9/api/"), retries=False) as nobody:
        at.chat = SlackChat(nobody)  # type: ignore[assignment] # as above
        at.starts_anew()
        await at.posts()
    assert [(post.state, post.why) for post in await at.ledger()] == [(S.LATER, "ECONNREFUSED")]


async def test_a_client_that_repeats_by_itself_is_refused(workspace: Workspace) -> None:
    way = Access(workspace.app.bot_token, workspace.app.app_token, f"{workspace.url}/api/")
    async with connected(way) as client:
        with pytest.raises(ValueError, match="retries=False"):
            SlackChat(client)


async def test_what_another_app_writes_under_our_key_is_not_taken_for_ours(at: InSlack) -> None:
    [key] = await arrives(at.desk, "MWI")
    forged = {"event_type": EVENT, "event_payload": {"key": f"submission-arrived/{key}@{DESK}"}}
    at.fails(POST, How.BROKEN)
    await at.posts()
    theirs = Message(DESK, "U0EVIL", "nothing to see", bot_id="B0EVIL", metadata=forged)
    nobodys = Message(DESK, "U01ADA", "nor here", metadata=forged)
    at.workspace.post(theirs)
    at.workspace.post(nobodys)
    await at.passes(timedelta(minutes=1))
    await at.posts()
    [post] = await at.ledger()
    ours = at.workspace.messages[DESK][post.ts]
    assert (post.state, ours.bot_id, len(at.stands())) == (S.POSTED, at.workspace.app.bot_id, 3)


async def test_pages_without_an_end_are_no_answer() -> None:
    class Endless:
        retry_handlers = ()

        async def auth_test(self) -> Any:
            return SimpleNamespace(data={"bot_id": "B01"})

        async def conversations_history(self, **_: Any) -> Any:
            return SimpleNamespace(data={"messages": [], "response_metadata": {"next_cursor": "the same"}})

    with pytest.raises(Unanswered, match="pages_without_end"):
        await SlackChat(Endless()).look_up(DESK, "key", "", "")  # type: ignore[arg-type] # as a proxy gone wrong answers


@pytest.mark.parametrize("threaded", [False, True])
async def test_of_two_that_stand_there_one_is_kept(at: InSlack, client: AsyncWebClient, *, threaded: bool) -> None:
    await arrives(at.desk, "MWI")
    await at.posts()
    [first] = at.workspace.messages[DESK].values()
    thread = first.ts if threaded else ""
    card = (await at.desk.desk.store.cards.find())[0]
    chat, key = SlackChat(client), "submission-arrived/S-2012-0002@C01DESK"
    one, kept, another = [await chat.post(DESK, thread, Shown(card), key) for _ in range(3)]
    await chat.keep_one(DESK, key, thread, first.ts, kept)
    assert [*at.workspace.messages[DESK]] == [first.ts, kept]
    await chat.keep_one(DESK, key, thread, first.ts, kept)
    assert {one, another}.isdisjoint(at.workspace.messages[DESK])


@pytest.mark.parametrize("archived", [True, False])
async def test_a_channel_that_is_archived_or_that_the_desk_is_put_out_of_waits_and_the_others_go_on(
    at: InSlack, workspace: Workspace, *, archived: bool
) -> None:
    await at.has(OTHER)
    [first] = await arrives(at.desk, "MWI")
    await at.posts()
    there = workspace.channels[OTHER]
    members = there.members if archived else there.members - {workspace.app.bot_user}
    workspace.channels[OTHER] = replace(there, name="renamed", members=members, is_archived=archived)
    await at.desk.types(f"submission {first} accept")
    [second] = await arrives(at.desk, "ZMB")
    await at.posts()
    assert "Decided: accept" in repr(workspace.messages[DESK])
    assert at.stands() == [f"submission-arrived/{first}", f"submission-arrived/{second}"]
    workspace.channels[OTHER] = replace(there, name="renamed again")
    await at.passes(timedelta(minutes=10))
    await at.posts()
    assert at.stands(OTHER) == [f"submission-arrived/{first}", f"submission-arrived/{second}"]
    assert "Decided: accept" in repr(workspace.messages[OTHER])
