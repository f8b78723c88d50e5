"""A message comes into a channel, or changes: it stands, and the app hears of it where it has subscribed."""

import secrets
from dataclasses import replace
from typing import Any

from bot.local_slack.channels import Channel, Kind
from bot.local_slack.errors import Failure
from bot.local_slack.messages import Message
from bot.local_slack.modals import View, view_object
from bot.local_slack.people import SLACKBOT
from bot.local_slack.shelf import file_object
from bot.local_slack.state import State


def readable(state: State, channel_id: str) -> Channel:
    """The channel, as far as the bot knows of it: a private one that it is not in is not found (docs.slack.dev)."""
    channel = state.channels.get(channel_id)
    if channel is None or not channel.seen_by(state.app.bot_user):
        raise Failure("channel_not_found")
    return channel


def written(state: State, message: Message, thread_ts: str = "") -> Message:
    """The message, posted; a reply joins the thread of the message it names, or of that one's parent.

    assumed: a thread_ts that names no message is answered with invalid_thread_ts.
    """
    parent = state.messages[message.channel].get(thread_ts) if thread_ts else None
    if thread_ts and (parent is None or parent.ephemeral_to):
        raise Failure("invalid_thread_ts")
    thread = parent and (parent.thread_ts or parent.ts)
    posted = state.post(replace(message, thread_ts=thread or ""))
    if parent and not parent.thread_ts:
        state.change(replace(parent, thread_ts=parent.ts))
    return posted


def told(state: State, message: Message) -> list[dict[str, Any]]:
    """The events of a new message, whatever of them the app has subscribed to.

    docs.slack.dev/reference/events/message.im, …/message.channels, …/message.groups and …/app_mention. Ephemeral messages and
    what Slackbot says are nobody's events.
    """
    channel = state.channels[message.channel]
    if message.ephemeral_to or message.user == SLACKBOT or state.app.bot_user not in channel.members:
        return []
    kind = {Kind.PUBLIC: "channel", Kind.PRIVATE: "group", Kind.DIRECT: "im"}[channel.kind]
    subscription = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}[kind]
    events: list[dict[str, Any]] = []
    about = message_object(state, message) | {"channel": channel.id, "event_ts": message.ts}
    if channel.kind is not Kind.DIRECT and f"<@{state.app.bot_user}>" in message.text and not message.bot_id:
        events.append(about | {"type": "app_mention"})
    events.append(about | {"channel_type": kind})
    wanted = [
        event for event in events if (subscription if event["type"] == "message" else event["type"]) in state.app.events
    ]
    return [event_payload(state, event, message.user) for event in wanted]


def event_payload(state: State, event: dict[str, Any], user: str) -> dict[str, Any]:
    """docs.slack.dev/apis/events-api: the envelope that surrounds each event; event_id is the same in each retry.

    assumed: team_id is the workspace of who did it, context_team_id the one that the app is installed in.
    """
    team = state.people[user].team_id if user in state.people else state.team.id
    authorization = {
        "enterprise_id": None, "team_id": state.team.id, "user_id": state.app.bot_user, "is_bot": True,
        "is_enterprise_install": False,
    }  # fmt: skip
    channel = state.channels.get(event.get("channel", ""))
    return {
        "token": "local", "team_id": team, "context_team_id": state.team.id, "api_app_id": state.app.id, "event": event,
        "type": "event_callback", "event_id": f"Ev{secrets.token_hex(5).upper()}", "event_time": int(state.clock.now()),
        "authorizations": [authorization], "is_ext_shared_channel": bool(channel and state.shared(channel)),
    }  # fmt: skip


def message_object(state: State, message: Message, *, with_metadata: bool = False) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/conversations.history: metadata only where it is asked for."""
    about: dict[str, Any] = {
        "type": "message", "user": message.user, "text": message.text, "ts": message.ts, "team": team_of(state, message.user),
    }  # fmt: skip
    if message.blocks:
        about["blocks"] = list(message.blocks)
    if message.bot_id:
        about |= {"bot_id": message.bot_id, "app_id": state.app.id}
    if message.thread_ts:
        about["thread_ts"] = message.thread_ts
    if message.thread_ts == message.ts:
        replies = [each for each in state.messages[message.channel].values() if each.thread_ts == message.ts != each.ts]
        about |= {
            "reply_count": len(replies), "reply_users": sorted({each.user for each in replies}),
            "latest_reply": max((each.ts for each in replies), default=message.ts),
        }  # fmt: skip
    if message.edited:
        about["edited"] = {"user": message.user, "ts": message.edited}
    if message.files:
        about |= {} if message.bot_id else {"subtype": "file_share"}
        about["files"] = [file_object(state.shelf.get(each), state.url) for each in message.files]
    if with_metadata and message.metadata:
        about["metadata"] = message.metadata
    return about


def team_of(state: State, user: str) -> str:
    return state.people[user].team_id if user in state.people else state.team.id


def view_payload(state: State, view: View) -> dict[str, Any]:
    return view_object(view, state.team.id, state.app.id, state.app.bot_id)
