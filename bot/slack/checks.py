"""What chat stands on is looked at by asking Slack itself: both tokens, and what the app was let to do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import WrongSetting
from bot.slack.client import Access
from bot.slack.scopes import needed
from committee.errors import Unavailable

SCOPES: Final = "x-oauth-scopes"
ANEW: Final = "install the app anew with the scopes of the manifest: verbale manifest"
_AT_FAULT: Final = frozenset(
    {
        "account_inactive", "invalid_auth", "missing_scope", "no_permission", "not_allowed_token_type", "not_authed",
        "token_expired", "token_revoked", "access_denied", "forbidden_team", "ekm_access_denied",
    }
)  # fmt: skip
"""Slack's words for a token that will not do, whenever one asks again; anything else may pass."""


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom the desk is in which workspace."""

    team: str
    team_name: str
    user: str
    bot: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at; `to_do` is empty where it is well."""

    what: str
    found: str
    to_do: str = ""


class Missing(WrongSetting):
    """A token that Slack does not take, or that may not do what the desk does: the sentence says which, and what to do."""


async def identity(client: AsyncWebClient) -> Identity:
    """As whom the bot token comes in; `Missing` where it does not, or a scope is missing, `Unavailable` without Slack."""
    said = await _asked(client.auth_test, "SLACK_BOT_TOKEN", "install the app, and take the token from its page anew")
    granted = {scope.strip() for scope in str(said.headers.get(SCOPES, "")).split(",")}
    if lacking := sorted(needed() - granted):
        raise Missing(f"SLACK_BOT_TOKEN: these scopes are missing: {', '.join(lacking)}; {ANEW}")
    if not said.get("bot_id"):
        raise Missing("SLACK_BOT_TOKEN: this is a person's token; the app's bot token begins with xoxb-")
    return Identity(
        str(said["team_id"]), str(said.get("team") or said["team_id"]), str(said["user_id"]), str(said["bot_id"])
    )


async def socket_address(client: AsyncWebClient, way: Access) -> str:
    """Where a socket may be opened once, within half a minute; `Missing` where the app token is not taken."""
    to_do = "make one with connections:write on the app's page (Basic Information), and turn Socket Mode on"
    said = await _asked(lambda: client.apps_connections_open(app_token=way.app_token), "SLACK_APP_TOKEN", to_do)
    return str(said["url"])


async def examine(client: AsyncWebClient, way: Access, slash_command: str) -> list[Checked]:
    """Both tokens, for the doctor; nothing is posted, and the socket that could be opened is not."""
    return [
        await _row("chat: bot token", lambda: _as_whom(client, slash_command)),
        await _row("chat: app token", lambda: _socket(client, way)),
    ]


async def _as_whom(client: AsyncWebClient, slash_command: str) -> str:
    known = await identity(client)
    return f"the app is in the workspace {known.team_name} ({known.team}) and has its scopes; one types {slash_command}"


async def _socket(client: AsyncWebClient, way: Access) -> str:
    await socket_address(client, way)
    return "Socket Mode answers"


async def _row(what: str, look: Callable[[], Awaitable[str]]) -> Checked:
    try:
        return Checked(what, await look())
    except Missing as missing:
        found, _, to_do = str(missing).partition("; ")
        return Checked(what, found, to_do or ANEW)
    except Unavailable as trouble:
        return Checked(what, str(trouble), "look again: mail goes on meanwhile")


async def _asked(ask: Callable[[], Awaitable[Any]], token: str, to_do: str) -> Any:
    """Slack's answer; its own word for what is wrong is no secret, and nothing else of it is said."""
    try:
        return await ask()
    except SlackApiError as error:
        code = _code(error)
        if code in _AT_FAULT:
            raise Missing(f"{token}: Slack does not take it ({code}); {to_do}") from None
        raise Unavailable(f"Slack answers {code or 'an error'}") from None
    except (ClientError, SlackClientError, TimeoutError, OSError) as error:
        raise Unavailable(f"Slack was not reached ({type(error).__name__})") from None


def _code(error: SlackApiError) -> str:
    """Slack's word for what is wrong; a proxy's page, or a server that is down, has none."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""
