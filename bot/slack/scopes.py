"""Which methods of Slack's the desk calls, which events it hears, and the least scopes that both take."""

from collections.abc import Mapping
from typing import Final

METHODS: Final[Mapping[str, frozenset[str]]] = {
    "auth_test": frozenset(),
    "chat_delete": frozenset({"chat:write"}),
    "chat_postEphemeral": frozenset({"chat:write"}),
    "chat_postMessage": frozenset({"chat:write"}),
    "chat_update": frozenset({"chat:write"}),
    "conversations_history": frozenset({"channels:history", "groups:history"}),
    "conversations_open": frozenset({"im:write"}),
    "conversations_replies": frozenset({"channels:history", "groups:history"}),
    "files_upload_v2": frozenset({"files:write"}),
    "users_info": frozenset({"users:read"}),
    "views_open": frozenset(),
    "views_publish": frozenset(),
    "views_update": frozenset(),
}
"""By their names in the SDK; https://docs.slack.dev/reference/methods says which scopes each takes."""

BY_APP_TOKEN: Final[Mapping[str, frozenset[str]]] = {"apps_connections_open": frozenset({"connections:write"})}
"""Called with the app-level token, whose scopes are not in the manifest: they are ticked where it is made."""

EVENTS: Final[Mapping[str, frozenset[str]]] = {
    "app_home_opened": frozenset(),
    "app_mention": frozenset({"app_mentions:read"}),
    "message.im": frozenset({"im:history"}),
}
"""https://docs.slack.dev/reference/events."""

BESIDE: Final = frozenset({"commands", "files:read"})
"""The slash command, and the files that a modal's `file_input` brings: each is fetched by its address."""


def needed() -> frozenset[str]:
    """All that the bot token must have."""
    return BESIDE.union(*METHODS.values(), *EVENTS.values())
