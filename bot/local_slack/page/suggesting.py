"""What the box below a channel suggests: the app's commands, and the words of each usage hint."""

from collections.abc import Mapping
from typing import Any


def suggestions(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """{"command": "/1540", "about": "…", "words": ["help", "due"]}: a hint names its words between bars."""
    commands = manifest.get("features", {}).get("slash_commands", [])
    return [
        {
            "command": each["command"],
            "about": each.get("description", ""),
            "words": [word for word in map(str.strip, each.get("usage_hint", "").split("|")) if word.strip("….")],
        }
        for each in commands
    ]
