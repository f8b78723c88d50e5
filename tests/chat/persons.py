"""Persons of the secretariat in the local Slack: they type, press, fill in and look, over Socket Mode as in life.

officer = Person(workspace, "U01ADA")
card = await officer.types("/1540 remind first-report")
assert "24 States" in card.words
await officer.press(card, "Send 24 letters")
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from bot.local_slack import acts, filling
from bot.local_slack.into_channels import told
from bot.local_slack.messages import Message, elements
from bot.local_slack.modals import View
from bot.local_slack.workspace import Workspace
from tests.chat.reading import label, pressable, read, text

PATIENCE = 10
"""Seconds that a person looks at the screen for; a test that waits longer has failed."""


KINDS = frozenset({"message", "changed", "deleted", "modal", "home"})
"""What can be seen of what happens."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person sees after an act: what is new or changed in their channels, and what stands open."""

    messages: tuple[Message, ...] = ()
    """New and changed ones, oldest change first, each as it is now."""
    modal: View | None = None
    home: View | None = None
    changed: frozenset[str] = frozenset()
    """Which of message, changed, deleted, modal, home have happened."""

    @property
    def message(self) -> Message:
        """The one that is new or changed; the latest of several."""
        assert self.messages, "nothing has been said"
        return self.messages[-1]

    @property
    def words(self) -> str:
        """Everything that can be read, a line each."""
        places: list[Message | View] = [*self.messages, *(each for each in (self.modal, self.home) if each)]
        return "\n".join(line for place in places for line in read(place))

    @property
    def labels(self) -> list[str]:
        """What can be pressed, topmost place first: the modal, then the messages."""
        places = [each for each in (self.modal, self.home, *reversed(self.messages)) if each]
        return [label(element) for place in places for element in pressable(place)]


@dataclass(slots=True)
class Person:
    workspace: Workspace
    id: str
    channel: str = ""
    """Where they are; their direct messages with the app, unless a channel is named."""
    last: Sight = field(default_factory=Sight)

    @property
    def here(self) -> str:
        return self.channel or self.workspace.direct(self.id).id

    async def types(self, text: str, channel: str = "") -> Sight:
        """A command, or whatever it is, in the box below the channel."""
        return await self._acts(acts.types(self.workspace, self.id, channel or self.here, text))

    async def says(self, channel: str, text: str, *, thread: Message | None = None) -> Sight:
        """A message; `@verbale` mentions the app."""
        written = text.replace("@verbale", f"<@{self.workspace.app.bot_user}>")
        thread_ts = thread.ts if thread else ""
        message = acts.writes(self.workspace, self.id, channel, written, thread_ts=thread_ts)
        return await self._acts(acts.tells(self.workspace, message))

    async def drops(self, channel: str, text: str, *files: str) -> Sight:
        """A message with files, each as `attaches` gave it."""
        message = acts.writes(self.workspace, self.id, channel, text, files=files)
        return await self._acts(acts.tells(self.workspace, message))

    async def says_and_slack_repeats(self, channel: str, text: str, attempts: Sequence[int] = (1, 0, 2)) -> Sight:
        """The same events several times, in this order of their retry numbers, though each has been acknowledged."""
        written = text.replace("@verbale", f"<@{self.workspace.app.bot_user}>")
        message = acts.writes(self.workspace, self.id, channel, written)

        async def repeated() -> None:
            for payload in told(self.workspace, message):
                for attempt in attempts:
                    await self.workspace.link.ask("events_api", payload, retry=attempt)

        return await self._acts(repeated())

    async def dms(self, text: str) -> Sight:
        return await self.says(self.workspace.direct(self.id).id, text)

    async def press(
        self, place: Sight | Message | View, name: str, *, entries: Mapping[str, Any] | None = None
    ) -> Sight:
        """The button with this label, this accessibility label or this action id."""
        where, element = self._find(place, name)
        act = acts.presses(self.workspace, self.id, where, element["action_id"], entries=entries)
        return await self._acts(act)

    async def chooses(self, place: Sight | Message | View, name: str, choice: Any) -> Sight:
        """An option by its words or its value, a date as 2012-09-04, people by their ids."""
        where, element = self._find(place, name)
        chosen = _value_of(element, choice)
        return await self._acts(acts.presses(self.workspace, self.id, where, element["action_id"], chosen=chosen))

    async def looks_for(self, place: Sight | Message | View, name: str, typed: str) -> list[str]:
        """The words of what the app offers in an external menu."""
        where, element = self._find(place, name)
        offered = await acts.looks_for(self.workspace, self.id, where, element["action_id"], typed)
        return [text(each.get("text")) for each in offered]

    async def submits(self, place: Sight | View, entries: Mapping[str, Any] | None = None) -> Sight:
        """What is filled in by label or action id; options by their words or their values."""
        view = _modal_of(place)
        return await self._acts(
            acts.submits(self.workspace, self.id, self._now(view), self._entries(view, entries or {}))
        )

    async def closes(self, *, all_of_them: bool = False) -> Sight:
        return await self._acts(acts.closes(self.workspace, self.id, all_of_them=all_of_them))

    async def home(self) -> Sight:
        """Home as the app draws it when it is opened."""
        return await self._acts(acts.opens_home(self.workspace, self.id))

    def attaches(self, name: str, data: bytes) -> str:
        """A file of theirs, to fill a file_input with."""
        return self.workspace.shelf.add(self.id, name, data).id

    def sees(self, channel: str = "") -> list[Message]:
        """Everything in the channel that is theirs to see, oldest first."""
        every = self.workspace.messages[channel or self.here].values()
        return [each for each in every if each.seen_by(self.id)]

    async def meets(self, claim: Callable[[Message], object]) -> Message:
        """The first message that the claim holds of, in any of their channels; those that stand already count."""
        async with asyncio.timeout(PATIENCE):
            for message in self._every():
                if claim(message):
                    return message
            async for happening in self.workspace.subscribe(self.workspace.log.seq, self.id):
                message_now = self.workspace.messages.get(happening.channel, {}).get(happening.ts)
                if happening.kind in ("message", "changed") and message_now and claim(message_now):
                    return message_now
        raise AssertionError("the local Slack has ended")

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[list[Sight]]:
        """What others bring about meanwhile: the list holds one sight when it is over."""
        before = self.workspace.log.seq
        seen: list[Sight] = []
        yield seen
        seen.append(self._since(before))

    def _every(self) -> Iterator[Message]:
        for channel in self.workspace.channels.values():
            if channel.seen_by(self.id):
                yield from self.sees(channel.id)

    async def _acts(self, act: Awaitable[object]) -> Sight:
        """The act, until it is acknowledged and something of it can be seen."""
        before = self.workspace.log.seq
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await act
                async for _ in self.workspace.subscribe(before, self.id):
                    sight = self._since(before)
                    if sight.changed:
                        self.last = sight
                        return sight
        raise AssertionError(f"{self.id} has seen nothing of it: nothing is new, changed or gone")

    def _since(self, before: int) -> Sight:
        happened = [
            each
            for each in self.workspace.log.since(before)
            if self.workspace.concerns(each, self.id) and each.kind in KINDS
        ]
        stamps = {(each.channel, each.ts): None for each in happened if each.ts}
        messages = [self.workspace.messages[channel].get(ts) for channel, ts in stamps]
        others = tuple(each for each in messages if each and each.user != self.id)
        kinds = frozenset(each.kind for each in happened)
        return Sight(others, self.workspace.modals.top(self.id), self.workspace.modals.homes.get(self.id), kinds)

    def _find(self, place: Sight | Message | View, name: str) -> tuple[Message | View, dict[str, Any]]:
        whole = (place.modal, *reversed(place.messages), place.home) if isinstance(place, Sight) else (place,)
        places = [each for each in whole if each]
        for where in map(self._now, places):
            for element in pressable(where):
                if name in (label(element), element.get("accessibility_label"), element.get("action_id")):
                    return where, element
        labels = [label(element) for where in places for element in pressable(where)]
        raise AssertionError(f"there is no {name!r} to press: there is {labels}")

    def _now(self, place: Message | View) -> Any:
        """As it stands by now; one that is gone, as it was: a stale press."""
        if isinstance(place, Message):
            return self.workspace.messages[place.channel].get(place.ts, place)
        standing = [*self.workspace.modals.stacks.get(self.id, []), *self.workspace.modals.homes.values()]
        return next((each for each in standing if each.id == place.id), place)

    def _entries(self, view: View, entries: Mapping[str, Any]) -> dict[str, Any]:
        filled = {}
        inputs = [(block, element) for block in self._now(view).body["blocks"] for element in elements(block)]
        for name, entered in entries.items():
            for block, element in inputs:
                if name in (text(block.get("label")), element.get("action_id"), block.get("block_id")):
                    filled[element["action_id"]] = _value_of(element, entered)
                    break
            else:
                raise AssertionError(f"there is no field {name!r}: {[text(block.get('label')) for block, _ in inputs]}")
        return filled


def _value_of(element: Mapping[str, Any], choice: Any) -> Any:
    """An option by its words is its value; anything else is as it is entered."""
    if isinstance(choice, list | tuple):
        return [_value_of(element, each) for each in choice]
    for option in filling.options(dict(element)):
        if choice in (text(option.get("text")), option.get("value")):
            return option["value"]
    return choice


def _modal_of(place: Sight | View) -> View:
    view = place.modal if isinstance(place, Sight) else place
    assert view, "no modal stands open"
    return view
