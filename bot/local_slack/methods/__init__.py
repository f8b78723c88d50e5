"""The methods of the Web API that the local Slack has, each with the scope it needs; the others are unknown_method."""

from collections.abc import Callable
from typing import Any, Final

from bot.local_slack.calls import Arguments
from bot.local_slack.methods import apps, chat, conversations, files, people, views
from bot.local_slack.state import State

Method = Callable[[State, Arguments], dict[str, Any]]
METHODS: Final[dict[str, tuple[Method, str]]] = {
    "apps.connections.open": (apps.connections_open, "connections:write"),
    "auth.test": (people.auth_test, ""),
    "chat.delete": (chat.delete, "chat:write"),
    "chat.getPermalink": (chat.get_permalink, ""),
    "chat.postEphemeral": (chat.post_ephemeral, "chat:write"),
    "chat.postMessage": (chat.post_message, "chat:write"),
    "chat.update": (chat.update, "chat:write"),
    "conversations.history": (conversations.history, ""),
    "conversations.info": (conversations.info, ""),
    "conversations.join": (conversations.join, "channels:join"),
    "conversations.list": (conversations.list_channels, ""),
    "conversations.members": (conversations.members, ""),
    "conversations.open": (conversations.open_direct, "im:write"),
    "conversations.replies": (conversations.replies, ""),
    "files.completeUploadExternal": (files.complete_upload, "files:write"),
    "files.getUploadURLExternal": (files.get_upload_url, "files:write"),
    "files.info": (files.info, "files:read"),
    "team.info": (people.team_info, "team:read"),
    "users.info": (people.users_info, "users:read"),
    "views.open": (views.open_view, ""),
    "views.publish": (views.publish, ""),
    "views.push": (views.push, ""),
    "views.update": (views.update, ""),
}
"""Scopes as each method's page names them (docs.slack.dev/reference/methods). Where the scope depends on the kind of channel, the
method asks for it itself."""
