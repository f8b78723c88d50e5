"""conversations.*: what stands in a channel, and who is in it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from bot.local_slack.calls import Arguments, scoped
from bot.local_slack.channels import Channel, Kind, channel_object
from bot.local_slack.errors import Failure
from bot.local_slack.into_channels import message_object, readable
from bot.local_slack.messages import Message
from bot.local_slack.state import State

MOST: Final = 999
"""docs.slack.dev/reference/methods/conversations.history: a page's longest; 100 where none is asked for."""
USUAL: Final = 100


def history(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/conversations.history: newest first, no replies, no ephemeral ones; the bot is a member."""
    channel = _entered(state, given, "history")
    stands = [each for each in state.messages[channel.id].values() if each.in_channel() and not each.ephemeral_to]
    return _page(state, given, _within(stands, given)[::-1])


def replies(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/conversations.replies: the parent first, then its thread in order."""
    channel = _entered(state, given, "history")
    ts = given.required("ts")
    parent = state.messages[channel.id].get(ts)
    if parent is None or parent.ephemeral_to:
        raise Failure("thread_not_found")
    thread = [
        each
        for each in state.messages[channel.id].values()
        if each.thread_ts == ts != each.ts and not each.ephemeral_to
    ]
    return _page(state, given, [parent, *_within(thread, given)])


def info(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/conversations.info."""
    return {"channel": _object(state, _known(state, given, "read"))}


def members(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/conversations.members."""
    channel = _known(state, given, "read")
    return {"members": sorted(channel.members), "response_metadata": {"next_cursor": ""}}


def list_channels(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/conversations.list: public channels, unless other types are asked for."""
    names = {"public_channel": Kind.PUBLIC, "private_channel": Kind.PRIVATE, "im": Kind.DIRECT}
    asked = (given.text("types") or "public_channel").split(",")
    if unknown := [each for each in asked if each not in names and each != "mpim"]:
        raise Failure("invalid_types", response_metadata={"messages": [f"[ERROR] {unknown[0]}"]})
    kinds = {names[each] for each in asked if each in names}
    found = [each for each in state.channels.values() if each.kind in kinds and each.seen_by(state.app.bot_user)]
    for kind in kinds:
        scoped(state, Channel("", "", kind, frozenset()).scope("read"))
    if given.flag("exclude_archived"):
        found = [each for each in found if not each.is_archived]
    return {"channels": [_object(state, each) for each in found], "response_metadata": {"next_cursor": ""}}


def join(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/conversations.join: public channels alone."""
    channel = readable(state, given.required("channel"))
    if channel.kind is not Kind.PUBLIC:
        raise Failure("method_not_supported_for_channel_type")
    return {
        "channel": _object(state, state.put_channel(replace(channel, members=channel.members | {state.app.bot_user})))
    }


def open_direct(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/conversations.open, with one person; several would be a group message, which is not here."""
    users = given.required("users").split(",")
    if len(users) != 1:
        raise Failure("not_enough_users" if not users else "method_not_supported_for_channel_type")
    channel = state.direct(users[0])
    return {"channel": {"id": channel.id}}


def _known(state: State, given: Arguments, doing: str) -> Channel:
    channel = readable(state, given.required("channel"))
    scoped(state, channel.scope(doing))
    return channel


def _entered(state: State, given: Arguments, doing: str) -> Channel:
    channel = _known(state, given, doing)
    if state.app.bot_user not in channel.members:
        raise Failure("not_in_channel")
    return channel


def _object(state: State, channel: Channel) -> dict[str, Any]:
    return channel_object(channel, state.app.bot_user, shared=state.shared(channel))


def _within(messages: Sequence[Message], given: Arguments) -> list[Message]:
    """Between `oldest` and `latest`, the ends themselves only with `inclusive`."""
    oldest, latest = given.text("oldest"), given.text("latest")
    inclusive = given.flag("inclusive")

    def inside(ts: str) -> bool:
        moment = float(ts)
        low, high = _moment(oldest, "invalid_ts_oldest"), _moment(latest, "invalid_ts_latest")
        after = low is None or moment > low or (inclusive and moment == low)
        return after and (high is None or moment < high or (inclusive and moment == high))

    return [each for each in messages if inside(each.ts)]


def _moment(text: str, wrong: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise Failure(wrong) from None


def _page(state: State, given: Arguments, messages: Sequence[Message]) -> dict[str, Any]:
    """docs.slack.dev/apis/web-api/pagination: a cursor leads on, an empty one is the end."""
    limit = given.number("limit", USUAL, MOST)
    cursor = given.text("cursor")
    stamps = [each.ts for each in messages]
    if cursor and cursor not in stamps:
        raise Failure("invalid_cursor")
    start = stamps.index(cursor) if cursor else 0
    page, rest = messages[start : start + limit], messages[start + limit :]
    wanted = given.flag("include_all_metadata")
    return {
        "messages": [message_object(state, each, with_metadata=wanted) for each in page],
        "has_more": bool(rest),
        "response_metadata": {"next_cursor": rest[0].ts if rest else ""},
    }
