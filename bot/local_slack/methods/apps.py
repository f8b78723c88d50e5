"""apps.connections.open: an address for Socket Mode, good for one connection."""

from typing import Any

from bot.local_slack.calls import Arguments
from bot.local_slack.errors import Failure
from bot.local_slack.state import State


def connections_open(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/apps.connections.open: with the token in the header, nowhere else.

    assumed: an app-level token in the body is answered with not_authed; its page names no error.
    """
    if not given.in_header:
        raise Failure("not_authed")
    address = state.url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link?ticket={state.link.ticket()}&app_id={state.app.id}"}
