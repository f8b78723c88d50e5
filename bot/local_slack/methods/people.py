"""auth.test, users.info and team.info: who the app is, and who its people are."""

from typing import Any

from bot.local_slack.calls import Arguments
from bot.local_slack.errors import Failure
from bot.local_slack.people import user_object
from bot.local_slack.state import State


def auth_test(state: State, _: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/auth.test."""
    return {
        "url": f"{state.url}/", "team": state.team.name, "user": state.people[state.app.bot_user].name,
        "team_id": state.team.id, "user_id": state.app.bot_user, "bot_id": state.app.bot_id, "is_enterprise_install": False,
    }  # fmt: skip


def users_info(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/users.info."""
    user = state.people.get(given.required("user"))
    if user is None:
        raise Failure("user_not_found")
    return {"user": user_object(user, state.team.id)}


def team_info(state: State, _: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/team.info."""
    return {"team": {"id": state.team.id, "name": state.team.name, "domain": state.team.domain, "icon": {}}}
