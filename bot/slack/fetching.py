"""The files that a form has brought: fetched from Slack with the desk's token, which goes nowhere else, and not too large."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import ClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.plain import one_line
from bot.slack.client import proxy_for
from committee.errors import Refused, Unavailable

SLACKS: Final = (".slack.com", ".slack-files.com")
OK: Final = 200
AT_A_TIME: Final = 65_536
LONGEST_NAME: Final = 200


async def fetched(
    files: Sequence[Mapping[str, Any]], client: AsyncWebClient, *, most: int
) -> tuple[tuple[str, bytes], ...]:
    """Each file's name and bytes, in all at most `most`; `Refused` says which one cannot be taken.

    https://docs.slack.dev/reference/objects/file-object: `url_private_download` takes a token with files:read.
    """
    brought: list[tuple[str, bytes]] = []
    for file in files:
        name = one_line(str(file.get("name") or "file"))[:LONGEST_NAME]
        room = most - sum(len(data) for _, data in brought)
        brought.append((name, await _bytes(str(file.get("url_private_download") or ""), name, client, room)))
    return tuple(brought)


async def _bytes(url: str, name: str, client: AsyncWebClient, room: int) -> bytes:
    if not _is_slacks(url, client.base_url):
        raise Refused(f"{name} does not lie in Slack itself, so it was not fetched. Nothing was added.")
    assert client.session is not None  # noqa: S101 - every client of ours has one
    headers = {"Authorization": f"Bearer {client.token}"}
    try:
        # A redirection is not followed: the token would go wherever it points.
        async with client.session.get(url, headers=headers, allow_redirects=False, proxy=proxy_for(url)) as answer:
            if answer.status != OK:
                raise Refused(f"Slack did not hand {name} out ({answer.status}). Nothing was added.")
            data = bytearray()
            async for piece in answer.content.iter_chunked(AT_A_TIME):
                data += piece
                if len(data) > room:
                    raise Refused(f"With {name} the files are too large. Nothing was added.")
            return bytes(data)
    except (ClientError, TimeoutError, OSError) as error:
        raise Unavailable(f"{name} could not be fetched from Slack ({type(error).__name__})") from error


def _is_slacks(url: str, api: str) -> bool:
    """Https within Slack's own names, or the very server that the settings name for a local Slack."""
    parts, own = urlsplit(url), urlsplit(api)
    host = parts.hostname or ""
    if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
        return True
    return parts.scheme == "https" and host.endswith(SLACKS) and (own.hostname or "").endswith("slack.com")
