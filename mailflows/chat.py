"""What flows know of chat: a card is put into a channel, changed there, or looked up; and what can go wrong with it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from committee.cards import Action, EventCard
from committee.errors import Refused, Unavailable


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as everybody may see it now, with the buttons that can still be pressed: none where it was decided."""

    card: EventCard
    actions: tuple[Action, ...] = ()


class Chat(Protocol):
    """A workspace in which the desk has its channels. `key` goes with each message, unseen, so that it can be looked up."""

    async def post(self, channel: str, thread_ts: str, shown: Shown, key: str) -> str:
        """Show the card in the channel, or in the thread of the message `thread_ts`; returns by which `ts` chat knows it."""

    async def update(self, channel: str, ts: str, shown: Shown, key: str) -> None:
        """Show the card in place of what stands there."""

    async def look_up(self, channel: str, key: str, thread_ts: str, since: str) -> str | None:
        """The `ts` of the message that has this key, if it stands in the channel or that thread; `since`: no older ones.

        Everything there is looked through; an empty `since` means from the beginning.
        """

    async def keep_one(self, channel: str, key: str, thread_ts: str, since: str, ts: str) -> None:
        """Take away every message that has this key but the one at `ts`; looked for as by `look_up`."""


class ChatError(Exception):
    """With chat's own code of what was wrong: a word of the protocol, never anybody's words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Away(ChatError, Unavailable):
    """Chat was not reached, or said that it cannot now: it certainly has nothing of it."""


class TooFast(ChatError, Unavailable):
    """Chat takes nothing here for so long."""

    def __init__(self, code: str, after: timedelta) -> None:
        super().__init__(code)
        self.after = after


class Unanswered(ChatError, Unavailable):
    """No answer, or none that says whether it was taken: it may stand there."""


class NotLetIn(ChatError, Unavailable):
    """The token was revoked, or may not do this: nothing can be posted until an administrator gives another."""


class NoChannel(ChatError, Unavailable):
    """The channel is not there, is archived, or the desk is not in it: a person puts it right."""


class Gone(ChatError, Refused):
    """What it was to change, or whose thread it was to go into, is not there any more."""


class NotTaken(ChatError, Refused):
    """Chat will never take this message as it is."""
