"""apps.connections.open: an address for Socket Mode, good for one connection."""

from typing import Any

from bot.local_slack.calls import Arguments
from bot.local_slack.state import State


def connections_open(state: State, _: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/apps.connections.open."""
    address = state.url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link?ticket={state.link.ticket()}&app_id={state.app.id}"}
