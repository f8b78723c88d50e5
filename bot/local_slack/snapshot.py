"""What one person sees: channels with their messages, the modal that stands open, Home, and files. Pure, as JSON.

{"seq": 17, "team": {…}, "me": {…}, "people": [{…}], "commands": ["/1540"],
 "channels": [{"id", "name", "kind": "public|private|im", "topic", "with": "U…"|null, "member": true, "shared": false,
               "unread": 3, "last_read": "ts", "messages": [MESSAGE …]}],
 "modal": VIEW|null, "depth": 2, "home": VIEW|null}

MESSAGE {"ts", "user", "bot", "text", "blocks", "files": [FILE], "edited", "ephemeral", "unread", "trouble", "thread_ts",
         "broadcast", "replies": [MESSAGE …]}
VIEW    {"id", "hash", "type", "callback_id", "title", "submit", "close", "blocks", "private_metadata", "errors", "trouble"}
FILE    {"id", "name", "title", "mimetype", "size", "alt_txt", "user", "url"}
"""

from typing import Any

from bot.local_slack.channels import Channel, Kind
from bot.local_slack.messages import Message
from bot.local_slack.modals import View
from bot.local_slack.people import User
from bot.local_slack.state import State


def snapshot(state: State, user: str) -> dict[str, Any]:
    stack = state.modals.stacks.get(user, [])
    home = state.modals.homes.get(user)
    return {
        "seq": state.log.seq,
        "team": {"id": state.team.id, "name": state.team.name, "domain": state.team.domain},
        "me": _person(state.people[user]),
        "bot": state.app.bot_user,
        "people": [_person(each) for each in state.people.values()],
        "commands": sorted(state.app.commands),
        "channels": [_channel(state, each, user) for each in state.channels.values() if user in each.members],
        "modal": view_seen(stack[-1]) if stack else None,
        "depth": len(stack),
        "home": view_seen(home) if home else None,
    }


def message_seen(state: State, message: Message, user: str) -> dict[str, Any]:
    """One message as this person sees it, with the replies of its thread."""
    read = state.read.get((user, message.channel), "")
    return {
        "ts": message.ts,
        "user": message.user,
        "bot": bool(message.bot_id),
        "text": message.text,
        "blocks": list(message.blocks),
        "files": [file_seen(state, each) for each in message.files],
        "edited": bool(message.edited),
        "ephemeral": bool(message.ephemeral_to),
        "unread": message.ts > read and message.user != user,
        "trouble": message.trouble,
        "thread_ts": message.thread_ts,
        "broadcast": message.broadcast,
        "replies": [message_seen(state, each, user) for each in _replies(state, message, user)],
    }


def channel_seen(state: State, channel: Channel, user: str) -> dict[str, Any]:
    """A channel without its messages."""
    seen = [each for each in state.messages[channel.id].values() if each.seen_by(user)]
    read = state.read.get((user, channel.id), "")
    others = next(iter(channel.members - {user}), user) if channel.kind is Kind.DIRECT else None
    return {
        "id": channel.id,
        "name": state.people[others].real_name if others in state.people else channel.name,
        "kind": channel.kind.value,
        "topic": channel.topic,
        "with": others,
        "shared": state.shared(channel),
        "members": sorted(channel.members),
        "unread": sum(each.ts > read and each.user != user for each in seen),
        "last_read": read,
    }


def _channel(state: State, channel: Channel, user: str) -> dict[str, Any]:
    seen = [each for each in state.messages[channel.id].values() if each.seen_by(user) and each.in_channel()]
    return channel_seen(state, channel, user) | {"messages": [message_seen(state, each, user) for each in seen]}


def _replies(state: State, message: Message, user: str) -> list[Message]:
    if message.thread_ts != message.ts:
        return []
    every = state.messages[message.channel].values()
    return [each for each in every if each.thread_ts == message.ts != each.ts and each.seen_by(user)]


def _person(user: User) -> dict[str, Any]:
    return {
        "id": user.id, "name": user.name, "real_name": user.real_name, "title": user.title, "team_id": user.team_id,
        "tz": user.tz, "bot": user.is_bot, "guest": user.is_restricted or user.is_ultra_restricted,
    }  # fmt: skip


def view_seen(view: View) -> dict[str, Any]:
    names = ("type", "callback_id", "title", "submit", "close", "blocks", "private_metadata")
    return {name: view.body.get(name) for name in names} | {
        "id": view.id, "hash": view.hash, "errors": view.errors, "trouble": view.trouble,
    }  # fmt: skip


def file_seen(state: State, file_id: str) -> dict[str, Any]:
    file = state.shelf.get(file_id)
    return {
        "id": file.id, "name": file.name, "title": file.title, "mimetype": file.mimetype, "size": len(file.data),
        "alt_txt": file.alt_txt, "user": file.user, "url": f"/files/{file.id}",
    }  # fmt: skip
