"""An administrator says in which channels of chat the desk's cards stand."""

import re
from dataclasses import replace
from typing import Final

from committee import posts
from committee.errors import Refused
from committee.posts import ChatFacts, PostState
from committee.staff import Role
from mailflows import announcements
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.posts import CHAT, facts
from mailflows.presses import Act, use

MOST_CHANNELS: Final = 10
_CHANNEL: Final = re.compile(r"(?:<#)?([CG][A-Z0-9]{2,30})(?:\|[^>]*)?>?")


async def post_to(channel: str, who: Act) -> ChatFacts:
    """From now on cards stand in `channel` too, named by its id in chat, as C01DESK or <#C01DESK|desk>."""
    require(who.person, Role.ADMINISTRATOR, "say where cards are posted")
    key = _channel(channel)
    async with who.desk.store.transaction(by=who.person.key, doing="chat post to", about=key, at=who.desk.now) as tx:
        await use(tx, who.press, who.person, who.desk.now)
        before = await facts(tx)
        if key in before.channels:
            raise Refused(f"Cards are posted to {key} already; nothing was changed.")
        if len(before.channels) >= MOST_CHANNELS:
            raise Refused(f"Cards are posted to {MOST_CHANNELS} channels at most; nothing was changed.")
        after = replace(before, channels=(*before.channels, key))
        await tx.chat.put(after)
    return after


async def begin_in(channel: str, desk: Desk) -> None:
    """The channel that a setting names, where the desk has none yet: what an administrator has said since stays."""
    key = _channel(channel)
    if (await facts(desk.store)).channels:
        return
    async with desk.store.transaction(by="rule: chat", doing="chat post to", about=key, at=desk.now) as tx:
        before = await facts(tx)
        await tx.chat.put(replace(before, channels=before.channels or (key,)))


async def leave(channel: str, who: Act) -> ChatFacts:
    """No further card goes to `channel`, and what waits for it is given up; what stands there stays."""
    require(who.person, Role.ADMINISTRATOR, "say where cards are posted")
    key = _channel(channel)
    async with who.desk.store.transaction(by=who.person.key, doing="chat leave", about=key, at=who.desk.now) as tx:
        await use(tx, who.press, who.person, who.desk.now)
        before = await facts(tx)
        if key not in before.channels:
            raise Refused(f"Cards are not posted to {key}. To see where they are: chat. Nothing was changed.")
        left = tuple(one for one in before.channels if one != key)
        after = replace(before, channels=left) if left else ChatFacts(CHAT)
        await tx.chat.put(after)
        waiting = [one for one in await tx.posts.find(queue=key) if one.state is not PostState.POSTING]
        if not left:
            await announcements.told_at_once(tx)
        await tx.posts.put(*(posts.given_up(one, "the desk has left the channel", tx.at) for one in waiting))
    return after


def _channel(typed: str) -> str:
    if found := _CHANNEL.fullmatch(typed.strip().lstrip("#")):
        return found[1]
    raise Refused(
        f"{typed!r} is no channel's id. In Slack it stands at the end of the channel's details, as C01DESK; nothing was changed."
    )
