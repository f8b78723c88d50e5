"""What waits for chat is posted, one after the other in each channel: about one a second, as long as it takes, none twice."""

import asyncio
import secrets
import time
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from committee import posts
from committee.errors import Refused
from committee.posts import Post, PostState
from mailflows import announcements, cards
from mailflows.chat import Away, Chat, ChatError, Gone, NoChannel, NotLetIn, Shown, TooFast, Unanswered
from mailflows.desk import Desk
from mailflows.logs import log
from mailflows.posts import facts, shown
from storage.port import Transaction

EACH_SECONDS: Final = 1.0
"""Between two messages to one channel ("Rate limits", docs.slack.dev/apis/web-api/rate-limits: one a second and channel)."""
MOST_MISTAKES: Final = 5
"""Tries of a post that fails by a mistake of ours: then it is set aside, so that the others go on."""
LOOKED_BACK_AT: Final = 200
S = PostState
_TOKEN_BYTES = 8


@dataclass(frozen=True, slots=True)
class Round:
    """What one look at the channels came to."""

    posted: int = 0
    next_in: float | None = None  # seconds until something may go again; None: when something is queued, or time moves
    trouble: str = ""  # chat's own code of what keeps it from taking anything


class Posting:
    """For whoever leads in chat; `lead` says whether that is still so, and is asked before each call.

    `clock` gives the moment of each commit; without it everything in a round has the moment of the desk that it is given.
    `each_seconds` lies between two messages to one channel: less than Slack takes is for a Slack on this computer only.
    """

    def __init__(
        self,
        chat: Chat,
        *,
        clock: Callable[[], datetime] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        lead: Callable[[], bool] = lambda: True,
        each_seconds: float = EACH_SECONDS,
    ) -> None:
        self._chat, self._clock, self._monotonic, self._lead = chat, clock, monotonic, lead
        self._each_seconds = each_seconds
        self._free_at: dict[str, float] = {}  # of each channel
        self._again_at: dict[str, float] = {}  # of each post that was put off here
        self._desk: Desk | None = None
        self._trouble = ""
        self._posted = 0

    async def round(self, desk: Desk) -> Round:
        """Post the first that waits in each channel, where its turn has come; whoever calls this leads in chat."""
        self._desk, self._trouble, self._posted = desk, "", 0
        channels = (await facts(desk.store)).channels
        for post in await desk.store.posts.find(state=S.POSTING):
            # Whoever was posting it died, or could not record the answer: nothing is under way between two rounds.
            await self._put(post, self._cut_off(post, channels))
        ended = await asyncio.gather(*map(self._first_of, channels), return_exceptions=True)
        if failed := next((one for one in ended if isinstance(one, BaseException)), None):
            raise failed
        next_in = min((one for one in ended if isinstance(one, float)), default=None)
        return Round(self._posted, next_in, self._trouble)

    def _cut_off(self, post: Post, channels: Collection[str]) -> Post:
        why, now = "no answer was recorded", self._now().now
        if post.channel not in channels:  # the desk has left it meanwhile, and asks nothing there any more
            return posts.given_up(post, why, now)
        return posts.in_doubt(post, why, now, at_once=True)

    def _now(self) -> Desk:
        assert self._desk is not None  # noqa: S101 - a round is given its desk
        return self._desk.at(self._clock()) if self._clock else self._desk

    async def _first_of(self, channel: str) -> float | None:
        desk = self._now()
        waiting = await desk.store.posts.find(queue=channel, limit=1)
        if not waiting:
            return None
        free_in = self._free_at.get(channel, 0.0) - self._monotonic()
        if free_in > 0:
            return free_in
        [first] = waiting
        if (wait := self._wait(first, desk.now)) > 0:
            return wait
        if not self._lead():
            return None
        await self._goes(first)
        self._free_at[channel] = max(self._free_at.get(channel, 0.0), self._monotonic() + self._each_seconds)
        return self._free_at[channel] - self._monotonic()

    def _wait(self, post: Post, now: datetime) -> float:
        """Seconds until it is tried again. Where the desk's clock stands still, on a practice desk, chat's does not."""
        if post.may_go(now) or post.next_try is None:
            return 0.0
        if self._clock:
            return (post.next_try - now).total_seconds()
        return max(0.0, self._again_at.get(post.key, 0.0) - self._monotonic())

    async def _goes(self, post: Post) -> None:
        """One call to chat, and what becomes of it in one commit."""
        try:
            if post.is_looked_up and (ts := await self._found(post)):
                await self._put(post, posts.posted(post, ts, await self._root(post), self._now().now))
                return
        except Exception as error:  # noqa: BLE001 - as below
            await self._put(post, self._not_found(post, error), _not_let_in(error))
            return
        trouble, begun = "", posts.begun(post, secrets.token_hex(_TOKEN_BYTES), self._now().now)
        if not await self._put(post, begun):
            return
        try:
            after = await self._handed_over(begun) if self._lead() else posts.given_back(begun, "", self._now().now)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong with one post, the channel goes on or waits
            after, trouble = self._went_wrong(begun, error), _not_let_in(error)
        if not await self._put(begun, after, trouble):
            await self._came_late(begun, after)

    async def _found(self, post: Post) -> str | None:
        since = await self._since(post.channel)
        return await self._chat.look_up(post.channel, post.key, await self._root(post), since)

    async def _came_late(self, post: Post, after: Post) -> None:
        """This process was frozen past its lease within the call, and another has taken the post over meanwhile.

        Whoever records it first is right; where a second one stands, or may, it is looked for in its turn and taken away.
        """
        may_stand = after.state in {S.POSTED, S.UNCERTAIN} and not post.updates
        async with self._commit(after) as tx:
            known = await tx.posts.get(post.key) if may_stand else None
            if known is None or known.state is S.GIVEN_UP or (after.ts and known.ts == after.ts):
                return
            log.warning("posted by two", kind=post.channel)
            if after.state is S.POSTED and known.state is not S.POSTED:
                await self._record(tx, posts.stands_after_all(known, after.ts, after.root, tx.at))
            else:
                await tx.posts.add(posts.second_look_at(post, post.token, tx.at))

    async def _handed_over(self, post: Post) -> Post:
        if post.second_look:
            return await self._looked_at_again(post)
        store = self._now().store
        card = await store.cards.get(post.card)
        if card is None:
            raise RuntimeError("a post without its card")
        now_shown = await shown(card, store)
        if post.updates:
            return await self._changed(post, now_shown)
        root = "" if post.opens else await self._root(post)
        ts = await self._chat.post(post.channel, root, now_shown, post.key)
        self._posted += 1
        return posts.posted(post, ts, root, self._now().now)

    async def _changed(self, post: Post, now_shown: Shown) -> Post:
        first = await self._now().store.posts.get(post.updates)
        if first is None or not first.ts:
            return posts.given_up(post, "what it changes does not stand there", self._now().now)
        await self._chat.update(post.channel, first.ts, now_shown, first.key)
        self._posted += 1
        return posts.posted(post, first.ts, first.root, self._now().now)

    async def _looked_at_again(self, post: Post) -> Post:
        first = await self._now().store.posts.get(post.updates)
        if first and first.ts:
            thread = first.root if first.root != first.ts else ""
            since = await self._since(post.channel, before=first.key)
            await self._chat.keep_one(post.channel, first.key, thread, since, first.ts)
            return posts.posted(post, first.ts, first.root, self._now().now)
        return posts.given_up(post, "what it looks for does not stand there", self._now().now)

    async def _root(self, post: Post) -> str:
        """The message that opens the thread of what this concerns; empty where this one opens it."""
        if post.opens:
            return ""
        there = await self._now().store.posts.find(place=post.place, newest_first=True)
        return next((one.root for one in there if one.state is S.POSTED and not one.updates), "")

    async def _since(self, channel: str, *, before: str = "") -> str:
        """The last message in the channel of which we know: what is looked up can only be newer.

        `before`: the last one that was queued before this post.
        """
        last = await self._now().store.posts.find(state=S.POSTED, newest_first=True, limit=LOOKED_BACK_AT)
        keys = [one.key for one in last]
        older = last[keys.index(before) + 1 :] if before in keys else [] if before else last
        return next((one.ts for one in older if one.channel == channel and not one.updates), "")

    # What went wrong.

    def _not_found(self, post: Post, error: Exception) -> Post:
        """Whether it stands there is not known: it is looked up again, whatever it was."""
        now, code = self._now().now, self._noted(post.channel, error)
        if isinstance(error, Gone):  # the thread is gone, and what stood in it
            return replace(post, opens=True, next_try=None, why=code)
        if not isinstance(error, ChatError):
            return self._mistaken(post, code, now)
        return posts.in_doubt(post, code, now, after=error.after if isinstance(error, TooFast) else None)

    def _went_wrong(self, post: Post, error: Exception) -> Post:
        now, code = self._now().now, self._noted(post.channel, error)
        match error:
            case TooFast():
                return posts.given_back(post, code, now)
            case Gone() if not (post.updates or post.opens):
                return posts.given_back(post, code, now, opens=True)
            case Refused():
                return posts.given_up(post, code, now)
            case Away() | NotLetIn() | NoChannel():
                return posts.put_off(post, code, now)
            case Unanswered():
                return posts.put_off(post, code, now) if post.updates else posts.in_doubt(post, code, now)
            case _:
                return self._mistaken(post, code, now)

    def _mistaken(self, post: Post, code: str, now: datetime) -> Post:
        """Nobody foresaw it, so nobody knows whether it stands there; a few times it is tried again."""
        if post.mistakes + 1 >= MOST_MISTAKES:
            return posts.given_up(replace(post, mistakes=post.mistakes + 1), code, now)
        again = posts.put_off(post, code, now) if post.updates else posts.in_doubt(post, code, now)
        return replace(again, mistakes=post.mistakes + 1)

    def _noted(self, channel: str, error: Exception) -> str:
        code = error.code if isinstance(error, ChatError) else type(error).__name__
        if isinstance(error, TooFast):
            self._free_at[channel] = self._monotonic() + error.after.total_seconds()
        else:
            self._trouble = code
        log.warning("not posted", error=code)
        return code

    # What becomes of it.

    async def _put(self, before: Post, after: Post, trouble: str = "") -> bool:
        """One move in one commit, if nobody has moved it meanwhile, with what follows from it."""
        async with self._commit(after) as tx:
            if await tx.posts.get(after.key) != before:
                return False
            await self._record(tx, after, trouble)
        return True

    def _commit(self, after: Post) -> AbstractAsyncContextManager[Transaction]:
        desk = self._now()
        return desk.store.transaction(by="rule: chat", doing=f"post {after.state}", about=after.key, at=desk.now)

    async def _record(self, tx: Transaction, after: Post, trouble: str = "") -> None:
        await tx.posts.put(after)
        self._again_at.pop(after.key, None)
        if after.next_try:
            self._again_at[after.key] = self._monotonic() + (after.next_try - tx.at).total_seconds()
        await _note(tx, trouble, works=after.state is S.POSTED)
        if after.state is S.POSTED and not after.updates:
            await announcements.told(tx, after.card)
        if after.state is S.GIVEN_UP and not after.updates:
            await _show_given_up(tx, after)


def _not_let_in(error: Exception) -> str:
    return error.code if isinstance(error, NotLetIn) else ""


async def _note(tx: Transaction, trouble: str, *, works: bool) -> None:
    """That chat does not let us in, since when; or that it takes things again."""
    known = await facts(tx)
    if trouble and known.trouble != trouble:
        await tx.chat.put(replace(known, trouble=trouble, since=known.since or tx.at))
    elif works and known.trouble:
        await tx.chat.put(replace(known, trouble="", since=None))


async def _show_given_up(tx: Transaction, post: Post) -> None:
    """A card that chat does not take is shown by another one; of which that is not said again."""
    about = f"post/{post.key}"
    if post.card.startswith("alarm/post/") or post.channel not in (await facts(tx)).channels:
        return
    title = "A card could not be shown in chat"
    text = f"Chat does not take it ({post.why}). It stands among the others at the terminal: cards"
    await cards.post(tx, "alarm", about, title, text, now=tx.at)
