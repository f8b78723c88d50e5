"""Cards to Slack: posted with their key as metadata, changed, and looked up by it; Slack's errors become ours."""

import errno
import re
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import drawing
from mailflows.chat import Away, ChatError, Gone, NoChannel, NotLetIn, NotTaken, Shown, TooFast, Unanswered

EVENT: Final = "verbale_card"
"""The event type of the metadata (docs.slack.dev/messaging/message-metadata)."""
PAGE: Final = 200
LONGEST_WAIT: Final = timedelta(hours=1)
"""What is said to be longer is no answer of Slack's, whose waits are seconds; it is asked again then."""
_TS: Final = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")

NOT_LET_IN: Final = frozenset({
    "access_denied", "account_inactive", "ekm_access_denied", "enterprise_is_restricted", "invalid_auth", "missing_scope",
    "no_permission", "not_allowed_token_type", "not_authed", "org_login_required", "team_access_not_granted",
    "token_expired", "token_revoked", "two_factor_setup_required",
})  # fmt: skip
NO_CHANNEL: Final = frozenset({
    "channel_not_found", "is_archived", "not_in_channel", "restricted_action", "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel", "restricted_action_thread_only_channel", "team_not_found",
})  # fmt: skip
GONE: Final = frozenset({
    "cannot_reply_to_message", "cant_update_message", "edit_window_closed", "invalid_thread_ts",
    "message_not_found",
    "restricted_action_thread_locked", "thread_not_found",
})  # fmt: skip
TOO_FAST: Final = frozenset({"message_limit_exceeded", "rate_limited", "ratelimited"})
DOUBTFUL: Final = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
"""Errors of chat.postMessage, chat.update and conversations.history (docs.slack.dev/reference/methods); others: never again."""
NOT_REACHED: Final = frozenset({errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN})
TOO_MANY: Final = 429
SERVER: Final = 500


class SlackChat:
    """`mailflows.chat.Chat` over the Web API, by a client that repeats nothing by itself: a post is no thing to repeat."""

    def __init__(self, client: AsyncWebClient) -> None:
        if client.retry_handlers:
            raise ValueError("what posts cards must not repeat them by itself: connected(way, retries=False)")
        self._client = client
        self._bot = ""

    async def post(self, channel: str, thread_ts: str, shown: Shown, key: str) -> str:
        """chat.postMessage; no link is opened to show a preview of it."""
        drawn = drawing.event(shown.card, shown.actions).payload
        answer = await _answered(
            self._client.chat_postMessage(
                channel=channel, thread_ts=thread_ts or None, metadata=_metadata(key), unfurl_links=False,
                unfurl_media=False, **drawn,
            )
        )  # fmt: skip
        return _ts(answer)

    async def update(self, channel: str, ts: str, shown: Shown, key: str) -> None:
        """chat.update; the metadata stays."""
        drawn = drawing.event(shown.card, shown.actions).payload
        await _answered(self._client.chat_update(channel=channel, ts=ts, metadata=_metadata(key), **drawn))

    async def look_up(self, channel: str, key: str, thread_ts: str, since: str) -> str | None:
        """The first that is found."""
        async for ts in self._with_key(channel, key, thread_ts, since):
            return ts
        return None

    async def keep_one(self, channel: str, key: str, thread_ts: str, since: str, ts: str) -> None:
        """chat.delete, of all the others; one that somebody has taken away meanwhile is gone."""
        for other in [one async for one in self._with_key(channel, key, thread_ts, since) if one != ts]:
            with suppress(Gone):
                await _answered(self._client.chat_delete(channel=channel, ts=other))

    async def _with_key(self, channel: str, key: str, thread_ts: str, since: str) -> AsyncIterator[str]:
        """Messages of ours, by conversations.history, which has no replies, or conversations.replies: page after page."""
        me, cursor, asked_for = await self._who_we_are(), "", set[str]()
        while True:
            asked: dict[str, Any] = {
                "channel": channel,
                "oldest": since or "0",
                "limit": PAGE,
                "include_all_metadata": True,
            }
            if cursor:
                asked["cursor"] = cursor
            if thread_ts:
                answer = await _answered(self._client.conversations_replies(ts=thread_ts, **asked))
            else:
                answer = await _answered(self._client.conversations_history(**asked))
            for message in _messages(answer):
                if message.get("bot_id") == me and _key_of(message) == key:
                    yield _ts(message)
            cursor = _cursor(answer)
            if not cursor:
                return
            if cursor in asked_for:
                raise Unanswered("pages_without_end")
            asked_for.add(cursor)

    async def _who_we_are(self) -> str:
        """Anybody's app can write metadata, and ours can be guessed; the bot that a message is from cannot be forged."""
        if not self._bot:
            self._bot = str((await _answered(self._client.auth_test())).get("bot_id") or "")
            if not self._bot:
                raise Unanswered("no_bot_id")
        return self._bot


async def _answered(call: Awaitable[Any]) -> Mapping[str, Any]:
    """What Slack answered; else one of our errors. Whatever is not a plain no may have been done."""
    try:
        answer = (await call).data
    except SlackApiError as error:
        raise _error(error) from error
    except OSError as error:
        if error.errno in NOT_REACHED:
            raise Away(errno.errorcode[error.errno]) from error
        raise Unanswered(type(error).__name__) from error
    except Exception as error:
        raise Unanswered(type(error).__name__) from error
    if not isinstance(answer, Mapping):
        raise Unanswered("not_json")
    return answer


def _error(error: SlackApiError) -> ChatError:
    response = error.response
    status = getattr(response, "status_code", getattr(response, "status", 0))
    data = getattr(response, "data", None)
    said = data.get("error") if isinstance(data, Mapping) else None
    code = said if isinstance(said, str) and re.fullmatch(r"[a-z_]{1,60}", said) else f"http_{status}"
    if status == TOO_MANY or code in TOO_FAST:
        return TooFast(code, _after(getattr(response, "headers", {})))
    if status >= SERVER or code in DOUBTFUL or not isinstance(said, str):
        return Unanswered(code)
    kinds: tuple[tuple[frozenset[str], type[ChatError]], ...] = (
        (NOT_LET_IN, NotLetIn),
        (NO_CHANNEL, NoChannel),
        (GONE, Gone),
    )
    return next((kind for codes, kind in kinds if code in codes), NotTaken)(code)


def _after(headers: Mapping[str, str]) -> timedelta:
    """Retry-After in whole seconds (docs.slack.dev/apis/web-api/rate-limits); one second where it is not said."""
    said = next((value for name, value in headers.items() if name.casefold() == "retry-after"), "")
    seconds = int(said) if said.isascii() and said.isdigit() and len(said) < len("1000000") else 1
    return min(max(timedelta(seconds=seconds), timedelta(seconds=1)), LONGEST_WAIT)


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT, "event_payload": {"key": key}}


def _messages(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = answer.get("messages")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _key_of(message: Mapping[str, Any]) -> str:
    """What stands in its metadata, where that is of the kind that we write."""
    metadata = message.get("metadata")
    if not isinstance(metadata, Mapping) or metadata.get("event_type") != EVENT:
        return ""
    payload = metadata.get("event_payload")
    key = payload.get("key") if isinstance(payload, Mapping) else None
    return key if isinstance(key, str) else ""


def _cursor(answer: Mapping[str, Any]) -> str:
    more = answer.get("response_metadata")
    cursor = more.get("next_cursor") if isinstance(more, Mapping) else None
    return cursor if isinstance(cursor, str) else ""


def _ts(answer: Mapping[str, Any]) -> str:
    ts = answer.get("ts")
    if isinstance(ts, str) and _TS.fullmatch(ts):
        return ts
    raise Unanswered("no_ts")
