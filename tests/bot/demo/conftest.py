"""The demo as whoever opens it has it: its desk at work in a folder of its own, and a browser as far as a program can be one."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo.opening import Demo, demo
from mailflows.desk import Desk


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Demo]:
    async with demo(tmp_path) as opened:
        yield opened
        assert not opened.workspace.breaches


@dataclass(slots=True)
class Visitor:
    """Keeps its cookies, follows no redirect, and says where it comes from unless it is told otherwise."""

    demo: Demo
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return self.demo.workspace.url

    async def opens(self) -> None:
        async with self.session.get(self.demo.address) as answer:
            assert answer.status == 200

    async def gets(self, path: str, **headers: str) -> aiohttp.ClientResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.session.get(self.url + path, headers=named, allow_redirects=False)

    async def state(self) -> dict[str, Any]:
        async with await self.gets("/page/demo/state") as answer:
            assert answer.status == 200
            return dict(await answer.json())

    async def posts(self, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
        named = {"Origin": self.url, "Content-Type": "application/json"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.post(f"{self.url}/page/demo/acts", data=body, headers=named) as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else {}

    async def acts(self, name: str, **given: Any) -> tuple[int, dict[str, Any]]:
        return await self.posts(json.dumps({"act": name} | given).encode())


@asynccontextmanager
async def visiting(opened: Demo) -> AsyncIterator[Visitor]:
    jar = aiohttp.CookieJar(unsafe=True)  # it takes cookies of addresses without a name
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Visitor(opened, session)


@pytest.fixture
async def visitor(made: Demo) -> AsyncIterator[Visitor]:
    """Has opened the address that the terminal printed."""
    async with visiting(made) as one:
        await one.opens()
        yield one


@pytest.fixture
async def stranger(made: Demo) -> AsyncIterator[Visitor]:
    async with visiting(made) as one:
        yield one


async def trail_end(desk: Desk) -> tuple[int, str]:
    """How many changes there were, and the digest of the last: whatever changes anything moves it."""
    return tuple(await desk.store.trail.end())
