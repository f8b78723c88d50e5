"""What a browser sends, byte by byte as a test wants it, over aiohttp."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.bot.local_slack.page.desk import ADA, Served


@dataclass(slots=True)
class Visitor:
    """Keeps its cookies, follows no redirect, and says where it comes from unless it is told otherwise."""

    served: Served
    session: aiohttp.ClientSession

    async def opens(self) -> None:
        async with await self.gets(self.served.page.address("")) as answer:
            assert answer.status == 303

    async def gets(self, path: str, **headers: str) -> aiohttp.ClientResponse:
        return await self.asks("GET", path, **headers)

    async def asks(self, method: str, path: str, **headers: str) -> aiohttp.ClientResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.session.request(method, self.served.url + path, headers=named, allow_redirects=False)

    async def acts(self, name: str, who: Any = ADA, **given: Any) -> tuple[int, dict[str, Any]]:
        body = json.dumps({"as": who, "act": name} | given).encode()
        return await self.posts(body)

    async def posts(self, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
        named = {"Origin": self.served.url, "Content-Type": "application/json"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.post(f"{self.served.url}/page/acts", data=body, headers=named) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else {}

    async def state(self, who: str = ADA) -> dict[str, Any]:
        async with await self.gets(f"/page/state?as={who}") as answer:
            assert answer.status == 200
            return dict(await answer.json())

    @asynccontextmanager
    async def follows(self, query: str, **headers: str) -> AsyncIterator["Stream"]:
        async with await self.gets(f"/page/stream?{query}", **headers) as answer:
            assert answer.status == 200
            assert answer.content_type == "text/event-stream"
            yield Stream(answer)


@dataclass(slots=True)
class Stream:
    answer: aiohttp.ClientResponse

    async def next(self) -> tuple[int, dict[str, Any]]:
        """The next event: its id and its piece."""
        number = 0
        async with asyncio.timeout(10):
            while line := (await self.answer.content.readline()).decode():
                name, _, value = line.rstrip("\n").partition(": ")
                if name == "id":
                    number = int(value)
                if name == "data":
                    return number, json.loads(value)
        raise AssertionError("the stream has ended")


@asynccontextmanager
async def visitor(served: Served) -> AsyncIterator[Visitor]:
    jar = aiohttp.CookieJar(unsafe=True)  # it takes cookies of addresses without a name
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Visitor(served, session)
