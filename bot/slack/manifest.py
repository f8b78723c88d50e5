"""The manifest of the desk's Slack app, made of the registry: what is pasted where an app is made."""

import json
from collections.abc import Iterable
from typing import Any

from bot.registry import Command
from bot.slack.scopes import EVENTS, needed

NAME = "Verbale"
USAGE = 40
"""Nouns in the usage hint, in characters: Slack shows some seventy of it."""


def manifest(commands: Iterable[Command], slash_command: str) -> dict[str, Any]:
    """https://docs.slack.dev/reference/app-manifest, version 1: Socket Mode, no address of ours, the least scopes."""
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": "The correspondence desk: mail in, letters out, what waits for whom.",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [
                {
                    "command": slash_command,
                    "description": "Work at the correspondence desk",
                    "usage_hint": usage_hint(commands),
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(needed())}},
        "settings": {
            "event_subscriptions": {"bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def usage_hint(commands: Iterable[Command]) -> str:
    """The first nouns of the language, and that help has the others."""
    hint = "help"
    for noun in dict.fromkeys(command.noun for command in commands if command.noun != "help"):
        if len(f"{hint} | {noun} | …") > USAGE:
            break
        hint = f"{hint} | {noun}"
    return f"{hint} | …"


def written(manifest_of: dict[str, Any]) -> str:
    return json.dumps(manifest_of, indent=2, ensure_ascii=False) + "\n"
