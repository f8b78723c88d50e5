"""How an answer reaches the one person whom it is for: by the act's own address, else where they are, else directly."""

from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import webhook
from bot.slack.drawing import Message
from mailflows.logs import log

TROUBLES: Final = (SlackClientError, ClientError, TimeoutError, OSError)
OK: Final = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """Where somebody acted. `hook` is the act's response_url: five uses, within 30 minutes.

    https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
    """

    client: AsyncWebClient
    user: str
    channel: str = ""
    thread: str = ""
    hook: str = ""
    alone: bool = False  # the channel is the person's own with the desk, so that a message there is private

    async def privately(self, message: Message, *, replace_original: bool = False) -> bool:
        """Show it to this person alone; whether it was shown. Where one way is closed the next is taken."""
        if self.hook and await self._by_hook(message, replace_original=replace_original):
            return True
        if self.channel and await self._tried("here", lambda: self._here(message)):
            return True
        return await self._tried("directly", lambda: self._directly(message))

    async def _by_hook(self, message: Message, *, replace_original: bool) -> bool:
        body = {**message.payload, "response_type": "ephemeral", "replace_original": replace_original}
        try:
            answer = await webhook(self.hook, self.client).send_dict(body)
        except TROUBLES as error:
            log.warning("response_url not used", error=type(error).__name__)
            return False
        # A page instead of `ok` is a proxy's, or Slack's that it is down.
        taken = answer.status_code == OK and not answer.body.lstrip().startswith("<")
        if not taken:
            log.info("response_url not taken", count=answer.status_code)
        return taken

    async def _here(self, message: Message) -> None:
        if self.alone:
            await self.client.chat_postMessage(channel=self.channel, unfurl_links=False, **self._said(message))
        else:
            await self.client.chat_postEphemeral(channel=self.channel, user=self.user, **self._said(message))

    def _said(self, message: Message) -> dict[str, Any]:
        return {**message.payload, "thread_ts": self.thread or None}

    async def _directly(self, message: Message) -> None:
        await self.client.chat_postMessage(
            channel=await direct_channel(self.client, self.user), unfurl_links=False, **message.payload
        )

    async def _tried(self, how: str, way: Any) -> bool:
        try:
            await way()
        except TROUBLES as error:
            log.warning("not answered", kind=how, error=type(error).__name__)
            return False
        return True


async def direct_channel(client: AsyncWebClient, user: str) -> str:
    opened = await client.conversations_open(users=user)
    return str(opened["channel"]["id"])
