"""Who acts in chat: a person of the staff register by workspace and user; guests and people of other workspaces are nobody."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from committee.cards import Card
from committee.errors import Unavailable
from committee.staff import Person
from mailflows import joining
from storage.tables import Tables

LOOKED_FOR_SECONDS: Final = 600.0
"""How long what Slack says of a user counts: a person who becomes a guest is one after ten minutes at the latest."""
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class User:
    """Whoever did something in Slack, as its payload says: their own workspace, not the one in which it happened."""

    team: str
    id: str

    @property
    def identity(self) -> str:
        return f"{self.team}/{self.id}"


def user_of(body: dict[str, Any]) -> User:
    """Of an event, a command, a press or a form; empty where the payload does not say it."""
    event = body.get("event")
    if isinstance(event, dict):
        team = event.get("user_team") or event.get("team") or body.get("team_id")
        return User(str(team or ""), str(event.get("user") or ""))
    if isinstance(user := body.get("user"), dict):
        team = user.get("team_id") or (body.get("team") or {}).get("id")
        return User(str(team or ""), str(user.get("id") or ""))
    return User(str(body.get("team_id") or ""), str(body.get("user_id") or ""))


@dataclass(slots=True)
class People:
    """Whom the desk knows in its workspace `team`."""

    client: AsyncWebClient
    team: str
    _guests: OrderedDict[str, tuple[float, bool]] = field(default_factory=OrderedDict)

    async def find(self, user: User, tables: Tables) -> Person | None:
        """The person; None for a stranger, a guest, a bot, and whoever is of another workspace.

        `Unavailable` where Slack does not say just now who that is: then nothing is shown.
        """
        known = await self.registered(user, tables)
        return known if known and not await self._is_guest(user.id) else None

    async def registered(self, user: User, tables: Tables) -> Person | None:
        """Whom the register has for this user, be they a guest by now: for keeping what is theirs, never for showing."""
        if not user.id or user.team != self.team:
            return None
        return joining.person_in_chat(await tables.staff.find(chat=user.identity), user.team, user.id)

    async def is_of_ours(self, user: User) -> bool:
        """Whether this is a full member of the desk's own workspace, who may be let in."""
        return bool(user.id) and user.team == self.team and not await self._is_guest(user.id)

    async def _is_guest(self, user: str) -> bool:
        now = asyncio.get_running_loop().time()
        until, guest = self._guests.get(user, (0.0, True))
        if now < until:
            return guest
        try:
            said = (await self.client.users_info(user=user))["user"]
        except (SlackClientError, ClientError, TimeoutError, OSError) as error:
            raise Unavailable("Slack does not say at the moment who you are, so nothing was shown or done") from error
        outside = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
        guest = any(said.get(flag) for flag in outside) or said.get("team_id", self.team) != self.team
        self._guests[user] = (now + LOOKED_FOR_SECONDS, guest)
        self._guests.move_to_end(user)
        while len(self._guests) > MOST:
            self._guests.popitem(last=False)
        return guest


async def stranger(tables: Tables) -> Card:
    """Nothing of the desk but whom to ask."""
    return Card("Not known here", await joining.whom_to_ask(tables), ok=False)
