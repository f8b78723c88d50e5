"""The local Slack of each app: persons type and press in it, and the moments are noted at which an answer comes in."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

from bot import local_slack
from bot.local_slack import acknowledged, payloads
from bot.local_slack.clock import Clock
from bot.local_slack.hooks import Hook, Hooks
from bot.local_slack.messages import Message
from bot.local_slack.people import User
from bot.local_slack.workspace import Workspace
from bot.slack.home import SHOW

CHANNEL = "C01DESK"
PERSONS = {"officer-1": "U01ADA", "officer-2": "U02BEN", "reader-1": "U03EVE", "approver-1": "U04ROB"}
"""Staff of a practice desk, and who they are in Slack."""
PATIENCE_SECONDS = 30
Card = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Took:
    """Of one act, in seconds: until Slack had the acknowledgement, and until it had the answer."""

    acknowledged: float
    answered: float


class Noted(Hooks):
    """Response_urls that say when they are used: by the message that was pressed."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.awaited: dict[str, asyncio.Future[float]] = {}

    def use(self, name: str) -> Hook:
        now, hook = time.perf_counter(), super().use(name)
        if waiting := self.awaited.get(hook.original):
            waiting.set_result(now)
        return hook


@dataclass(slots=True)
class Slack:
    """A workspace with one app; what its answers must be, as soon as that is known."""

    workspace: Workspace
    hooks: Noted
    cards: dict[str, Card] = field(default_factory=dict)
    persons: Iterator[str] = field(default_factory=lambda: cycle(PERSONS.values()))

    @property
    def api(self) -> str:
        return f"{self.workspace.url}/api/"

    async def comes(self) -> None:
        """The app has opened its socket."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.workspace.link.greeted.wait()

    async def first(self, line: str) -> Card:
        """The answer to what is typed, to be held against all that follow."""
        answer, _ = await self._asked(next(self.persons), line)
        return {"text": answer["text"], "blocks": answer["blocks"]}

    async def types(self, *lines: str) -> list[Took]:
        """Each by the next person, all at the same moment; what was answered is looked at when the last answer is there."""
        typed = [*zip(islice(self.persons, len(lines)), lines, strict=True)]
        answers = await asyncio.gather(*(self._asked(person, line) for person, line in typed))
        for (person, line), (answer, _) in zip(typed, answers, strict=True):
            assert _alike(answer, self.cards[line]), f"another answer to {line}: {answer['text']}"
            acknowledged.command(self.workspace, person, CHANNEL, answer)
        self._holds()
        return [Took(seconds, seconds) for _, seconds in answers]

    async def presses(self, line: str, at_once: int = 1) -> list[Took]:
        """So many persons press at the same moment what shows the answer to the line, each below a message of their own."""
        pressing = [self._pressed(person, self._to_press(line)) for person in islice(self.persons, at_once)]
        took = await asyncio.gather(*pressing)
        answers = [*self.workspace.messages[CHANNEL].values()][-at_once:]
        assert all(_alike({"text": each.text, "blocks": [*each.blocks]}, self.cards[line]) for each in answers)
        self._holds()
        return took

    async def _asked(self, person: str, line: str) -> tuple[Card, float]:
        """As `acts.commands`, and without what the local Slack does with the answer: the linter's work is nobody's."""
        began = time.perf_counter()
        hook = self.workspace.url + self.workspace.hooks.give(person, CHANNEL)
        payload = payloads.command(self.workspace, person, CHANNEL, ("/1540", line), hook)
        answer = await self.workspace.link.ask("slash_commands", payload, accepts=True)
        assert answer, "not answered in the acknowledgement"
        return answer, time.perf_counter() - began

    async def _pressed(self, person: str, message: Message) -> Took:
        self.hooks.awaited[message.ts] = answered = asyncio.get_running_loop().create_future()
        button = message.blocks[0]["elements"][0]
        action = {"type": "button", "block_id": message.blocks[0]["block_id"], **button}
        began = time.perf_counter()
        payload = payloads.block_actions(self.workspace, person, message, action, {})
        assert await self.workspace.link.ask("interactive", payload) == {}
        acknowledged_at = time.perf_counter()
        async with asyncio.timeout(PATIENCE_SECONDS):
            return Took(acknowledged_at - began, await answered - began)

    def _to_press(self, line: str) -> Message:
        button = {
            "type": "button", "action_id": f"{SHOW}{line}", "value": line, "text": {"type": "plain_text", "text": "Show"},
        }  # fmt: skip
        block = {"type": "actions", "elements": [button]}
        bot = self.workspace.app
        return self.workspace.post(Message(CHANNEL, bot.bot_user, "Show", (block,), bot_id=bot.bot_id))

    def _holds(self) -> None:
        assert not self.workspace.breaches, self.workspace.breaches
        self.workspace.messages[CHANNEL].clear()  # so that no round has more to carry than another
        self.hooks.given.clear()
        self.hooks.awaited.clear()


@asynccontextmanager
async def opened() -> AsyncIterator[Slack]:
    workspace = Workspace()
    for name, user in PERSONS.items():
        workspace.person(User(user, name, name))
    workspace.channel(CHANNEL, "secretariat", [workspace.app.bot_user, *PERSONS.values()])
    workspace.hooks = hooks = Noted(workspace.clock)
    async with local_slack.served(workspace):
        yield Slack(workspace, hooks)


def _alike(answer: Card, card: Card) -> bool:
    """The same words and blocks; what is drawn for each message anew, the names of blocks and of kept answers, may differ."""
    return answer["text"] == card["text"] and _bones(answer["blocks"]) == _bones(card["blocks"])


def _bones(blocks: list[Card]) -> str:
    def bare(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: bare(value) for name, value in part.items() if name not in {"block_id", "value"}}
        return [bare(each) for each in part] if isinstance(part, list | tuple) else part

    return json.dumps(bare(blocks), sort_keys=True)
