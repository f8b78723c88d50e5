"""Who is in the workspace, and the app that is installed in it."""

import secrets
from dataclasses import dataclass, field
from typing import Any, Final

HOME: Final = "T01DESK"
"""The workspace that the app is installed in."""
SLACKBOT: Final = "USLACKBOT"
"""Who tells a person that something has failed."""
EVERY_SCOPE: Final = frozenset({
    "app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "chat:write.public", "commands",
    "files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write", "team:read", "users:read",
})  # fmt: skip
EVERY_EVENT: Final = frozenset({"app_home_opened", "app_mention", "message.im"})


@dataclass(frozen=True, slots=True)
class Team:
    id: str = HOME
    name: str = "Secretariat"
    domain: str = "secretariat"


@dataclass(frozen=True, slots=True)
class User:
    """A person, or a bot. One of another workspace is here through Slack Connect; a guest is restricted."""

    id: str
    name: str
    real_name: str
    team_id: str = HOME
    title: str = ""
    is_bot: bool = False
    is_restricted: bool = False
    """A guest (docs.slack.dev/reference/objects/user-object)."""
    is_ultra_restricted: bool = False
    """A guest of a single channel."""
    deleted: bool = False
    tz: str = "America/New_York"


@dataclass(frozen=True, slots=True)
class App:
    """What is installed: its bot, its tokens, and what they may. Tokens are drawn for each workspace."""

    id: str = "A01VERBALE"
    bot_user: str = "U01VERBALE"
    bot_id: str = "B01VERBALE"
    name: str = "Verbale"
    scopes: frozenset[str] = EVERY_SCOPE
    app_scopes: frozenset[str] = frozenset({"connections:write"})
    events: frozenset[str] = EVERY_EVENT
    """The bot events it has subscribed to, by their names in the manifest."""
    commands: frozenset[str] = frozenset({"/1540"})
    bot_token: str = field(default_factory=lambda: f"xoxb-1540-{secrets.token_hex(12)}")
    app_token: str = field(default_factory=lambda: f"xapp-1-A01VERBALE-1540-{secrets.token_hex(12)}")


def as_installed(manifest: dict[str, Any]) -> App:
    """The app that a manifest describes (docs.slack.dev/reference/app-manifest): its name, commands, scopes and events."""
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    return App(
        name=features.get("bot_user", {}).get("display_name")
        or manifest.get("display_information", {}).get("name", ""),
        scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        commands=frozenset(each["command"] for each in features.get("slash_commands", [])),
    )


def user_object(user: User, team: str) -> dict[str, Any]:
    """As users.info has it (docs.slack.dev/reference/objects/user-object), without the fields that nobody here has."""
    return {
        "id": user.id, "team_id": user.team_id, "name": user.name, "real_name": user.real_name, "deleted": user.deleted,
        "is_bot": user.is_bot, "is_restricted": user.is_restricted, "is_ultra_restricted": user.is_ultra_restricted,
        "is_stranger": user.team_id != team, "is_app_user": False, "is_admin": False, "is_owner": False,
        "tz": user.tz, "updated": 0,
        "profile": {"real_name": user.real_name, "display_name": user.name, "title": user.title, "team": user.team_id},
    }  # fmt: skip
