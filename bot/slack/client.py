"""The one place where a client of Slack is made: with our retries and sessions, by the proxy that was meant, or none."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientSession
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.settings import Settings, WrongSetting
from mailflows.sockets import names_this_computer

SECONDS: Final = 10
"""How long Slack may take to answer one call."""
TRIES: Final = 2


@dataclass(frozen=True, slots=True)
class Access:
    """How the desk's app comes in. `loopback_only`: a practice desk's, which never leaves this computer."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    api: str
    loopback_only: bool = False


def access(settings: Settings, *, practice: bool) -> Access | None:
    """None where no token is set; `WrongSetting` where one is missing, or where a practice desk would leave this computer."""
    if not settings.chats:
        return None
    if practice and not names_this_computer(urlsplit(settings.slack_api).hostname or ""):
        raise WrongSetting(
            "SLACK_BOT_TOKEN is set, and this is a practice desk: its chat stays on this computer. Leave the token out, "
            "or name a local Slack, for example VERBALE_SLACK_API=http://127.0.0.1:8541/api/"
        )
    return Access(settings.slack_bot_token or "", settings.slack_app_token or "", settings.slack_api, practice)


@asynccontextmanager
async def connected(way: Access, *, retries: bool = True) -> AsyncIterator[AsyncWebClient]:
    """A client that keeps its connections. `retries`: of what Slack did not take, and of what came too fast for it.

    Without them a failed call may be taken up by whoever knows whether it may be repeated: posts into channels.
    """
    async with ClientSession() as session:
        handlers = _retries() if retries else []
        client = AsyncWebClient(way.bot_token, way.api, SECONDS, session=session, retry_handlers=handlers)
        client.proxy = proxy_for(way.api)
        yield client


def webhook(url: str, client: AsyncWebClient) -> AsyncWebhookClient:
    """For a `response_url`; Bolt's own `respond` retries nothing and reads the proxy's variable only."""
    made = AsyncWebhookClient(url, SECONDS, session=client.session, retry_handlers=_retries())
    made.proxy = proxy_for(url)
    return made


def proxy_for(url: str) -> str | None:
    """The proxy of the environment, unless NO_PROXY names the host, which the SDK does not look at, or it is this computer."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if names_this_computer(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    return proxies.get({"wss": "https", "ws": "http"}.get(parts.scheme, parts.scheme))


def _retries() -> list[AsyncRetryHandler]:
    """https://docs.slack.dev/apis/web-api/rate-limits: 429 comes with Retry-After, which is obeyed."""
    return [
        AsyncConnectionErrorRetryHandler(TRIES),
        AsyncServerErrorRetryHandler(TRIES),
        AsyncRateLimitErrorRetryHandler(TRIES),
    ]


def as_json(text: str) -> dict[str, Any]:
    """An answer as Bolt has written it: JSON, or words alone."""
    try:
        found = json.loads(text)
    except ValueError:
        return {"text": text}
    return found if isinstance(found, dict) else {"text": text}
