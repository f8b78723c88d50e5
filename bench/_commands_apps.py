"""The apps beside ours, each a process: Bolt as it comes, Bolt that processes before it responds, and no Bolt at all."""

import asyncio
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.door import fast_loop
from bot.running import leave_alone_what_stays

DEFAULT, BEFORE, WIRE = "Bolt as it comes", "Bolt, process_before_response", "no Bolt, no work"
TOKENS = ("BENCH_BOT_TOKEN", "BENCH_APP_TOKEN")


@dataclass(frozen=True, slots=True)
class Bare:
    """What one such process is given; its tokens come in the environment."""

    kind: str
    api: str
    cards: str  # a file: the ready-made card for each line that may be typed


def main(bare: Bare) -> None:
    """With the loop and the collector's settings of a running desk, so that these make no difference."""
    cards: dict[str, dict[str, Any]] = json.loads(Path(bare.cards).read_text())
    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        runner.run(APPS[bare.kind](bare, cards))


async def _bolt(bare: Bare, cards: dict[str, dict[str, Any]]) -> None:
    """A command is answered in its acknowledgement, a press by its response_url; nothing is read, nothing is drawn."""
    bot_token, app_token = tokens()
    client = AsyncWebClient(bot_token, base_url=bare.api)
    app = AsyncApp(client=client, process_before_response=bare.kind == BEFORE)

    async def command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack(response_type="ephemeral", **cards[body["text"]])

    async def press(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await ack()
        await respond(response_type="ephemeral", replace_original=False, **cards[body["actions"][0]["value"]])

    app.command("/1540")(command)
    app.action(re.compile("^show:"))(press)
    handler = AsyncSocketModeHandler(app, app_token, web_client=client)
    leave_alone_what_stays()
    await handler.start_async()


async def _wire(bare: Bare, cards: dict[str, dict[str, Any]]) -> None:
    """The least that an app can do, which is what the local Slack and the two sockets take: the answer's bytes lie ready."""
    written = {
        line: json.dumps({"response_type": "ephemeral", "replace_original": False, **card})
        for line, card in cards.items()
    }
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {tokens()[1]}"}
        async with session.post(f"{bare.api}apps.connections.open", headers=headers) as opened:
            address = (await opened.json())["url"]
        async with session.ws_connect(address) as socket, asyncio.TaskGroup() as answers:
            leave_alone_what_stays()
            async for message in socket:
                envelope = json.loads(message.data)
                if envelope["type"] == "slash_commands":
                    card = written[envelope["payload"]["text"]]
                    await socket.send_str(f'{{"envelope_id": "{envelope["envelope_id"]}", "payload": {card}}}')
                elif envelope["type"] == "interactive":
                    await socket.send_str(f'{{"envelope_id": "{envelope["envelope_id"]}"}}')
                    card = written[envelope["payload"]["actions"][0]["value"]]
                    answers.create_task(_posted(session, envelope["payload"]["response_url"], card))


async def _posted(session: aiohttp.ClientSession, hook: str, card: str) -> None:
    async with session.post(hook, data=card, headers={"Content-Type": "application/json"}) as answer:
        await answer.read()


def tokens() -> tuple[str, str]:
    bot_token, app_token = (os.environ[name] for name in TOKENS)
    return bot_token, app_token


App = Callable[[Bare, dict[str, dict[str, Any]]], Awaitable[None]]
APPS: dict[str, App] = {DEFAULT: _bolt, BEFORE: _bolt, WIRE: _wire}

if __name__ == "__main__":
    main(Bare(**json.loads(sys.argv[1])))
