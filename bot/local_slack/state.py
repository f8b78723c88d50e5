"""What the local Slack knows, and the few ways in which it changes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.local_slack.channels import Channel, Kind
from bot.local_slack.clock import Clock, WorldClock
from bot.local_slack.errors import Failure
from bot.local_slack.event_log import EventLog
from bot.local_slack.faults import Faults
from bot.local_slack.hooks import Hooks
from bot.local_slack.limits import Limits
from bot.local_slack.link import Link
from bot.local_slack.messages import Message, identified
from bot.local_slack.modals import Modals
from bot.local_slack.people import SLACKBOT, App, Team, User
from bot.local_slack.shelf import Shelf
from bot.local_slack.triggers import Triggers


@dataclass(slots=True)
class State:
    """Empty but for the app's bot: `person` and `channel` fill it. One event loop's alone."""

    team: Team = field(default_factory=Team)
    app: App = field(default_factory=App)
    clock: Clock = field(default_factory=WorldClock)
    url: str = ""
    """Where it is served, e.g. `http://127.0.0.1:41234`; empty before."""
    people: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    """By channel, then by ts, in order."""
    read: dict[tuple[str, str], str] = field(default_factory=dict)
    """By person and channel, the ts up to which they have read."""
    log: EventLog = field(default_factory=EventLog)
    breaches: list[str] = field(default_factory=list)
    """Where a payload broke a rule of Slack's; tests hold that there is none."""
    revoked: set[str] = field(default_factory=set)
    faults: Faults = field(default_factory=Faults)
    offered: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    """By person and action_id, what an app has last offered in an external menu."""
    limits: Limits | None = None
    """Where given, Slack's rates hold; calls beyond them are answered with 429."""
    triggers: Triggers = field(init=False)
    hooks: Hooks = field(init=False)
    modals: Modals = field(init=False)
    shelf: Shelf = field(init=False)
    link: Link = field(init=False)
    _last_ts: int = 0

    def __post_init__(self) -> None:
        self.triggers, self.hooks, self.modals = Triggers(self.clock), Hooks(self.clock), Modals(self.clock)
        self.shelf, self.link = Shelf(self.clock), Link(self.clock, self.app.id, self.faults)
        bot = User(self.app.bot_user, self.app.name.lower(), self.app.name, self.team.id, is_bot=True)
        self.people |= {bot.id: bot, SLACKBOT: User(SLACKBOT, "slackbot", "Slackbot", self.team.id, is_bot=True)}

    def person(self, user: User) -> User:
        """A new person, or what has changed about one; a bot's direct message with them is there from the start."""
        self.people[user.id] = user
        self.direct(user.id)
        self.log.add("person", user=user.id)
        return user

    def channel(self, channel_id: str, name: str, members: Iterable[str], kind: Kind = Kind.PUBLIC) -> Channel:
        """A new channel, or the same one with other members."""
        return self.put_channel(Channel(channel_id, name, kind, frozenset(members)))

    def put_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        self.messages.setdefault(channel.id, {})
        self.log.add("channel", channel=channel.id)
        return channel

    def direct(self, user: str) -> Channel:
        """The direct messages between the app's bot and a person."""
        if user not in self.people or user == self.app.bot_user:
            raise Failure("user_not_found")
        known = self.channels.get(f"D{user[1:]}")
        members = frozenset({user, self.app.bot_user})
        return known or self.put_channel(Channel(f"D{user[1:]}", "directmessage", Kind.DIRECT, members))

    def shared(self, channel: Channel) -> bool:
        """People of another workspace read along (docs.slack.dev/apis/slack-connect)."""
        return any(self.people[each].team_id != self.team.id for each in channel.members if each in self.people)

    def post(self, message: Message) -> Message:
        """The message as it stands: with its ts, and ids where the blocks had none."""
        posted = replace(message, ts=self.next_ts(), blocks=identified(message.blocks))
        self.messages[posted.channel][posted.ts] = posted
        self.log.add("message", channel=posted.channel, ts=posted.ts, user=posted.ephemeral_to)
        return posted

    def change(self, message: Message) -> Message:
        changed = replace(message, blocks=identified(message.blocks))
        self.messages[changed.channel][changed.ts] = changed
        self.log.add("changed", channel=changed.channel, ts=changed.ts, user=changed.ephemeral_to)
        return changed

    def drop(self, message: Message) -> None:
        del self.messages[message.channel][message.ts]
        self.log.add("deleted", channel=message.channel, ts=message.ts, user=message.ephemeral_to)

    def slackbot_says(self, user: str, channel: str, text: str) -> None:
        """What Slack itself tells one person, where they are."""
        self.post(Message(channel, SLACKBOT, text, ephemeral_to=user))

    def next_ts(self) -> str:
        """docs.slack.dev/messaging/retrieving-messages: seconds and six digits, unique within the workspace, growing."""
        self._last_ts = max(int(self.clock.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def reads(self, user: str, channel: str) -> None:
        """The person has seen everything that stands in the channel."""
        self.read[user, channel] = next(reversed(self.messages[channel]), "")
        self.log.add("read", channel=channel, user=user)

    def revoke(self, token: str) -> None:
        """From now on it is answered with token_revoked."""
        self.revoked.add(token)
