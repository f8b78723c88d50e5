"""views.*: modals opened by a trigger, put upon one another, changed by their id and hash; and Home."""

from typing import Any

from bot.local_slack import linter
from bot.local_slack.calls import Arguments, scoped
from bot.local_slack.errors import Failure
from bot.local_slack.into_channels import view_payload
from bot.local_slack.messages import elements
from bot.local_slack.modals import View
from bot.local_slack.state import State


def open_view(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/views.open."""
    body = _body(state, given, "modal")
    trigger = state.triggers.exchange(given.required("trigger_id"))
    return _shown(state, state.modals.open(trigger.user, body))


def push(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/views.push: the trigger is one from a modal."""
    body = _body(state, given, "modal")
    trigger = state.triggers.exchange(given.required("trigger_id"))
    if not trigger.view:
        raise Failure("not_found")
    return _shown(state, state.modals.push(trigger.user, body))


def update(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/views.update: by view_id or external_id; with `hash`, only what the app has seen."""
    body = _body(state, given, "modal")
    view = state.modals.found(given.text("view_id"), given.text("external_id"))
    if given.text("hash") and given.text("hash") != view.hash:
        raise Failure("hash_conflict")
    return _shown(state, state.modals.update(view, body))


def publish(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/views.publish."""
    body = _body(state, given, "home")
    user = given.required("user_id")
    if user not in state.people:
        raise Failure("user_not_found")
    return _shown(state, state.modals.publish(user, body, given.text("hash")))


def _body(state: State, given: Arguments, kind: str) -> dict[str, Any]:
    body = given.data("view")
    if not isinstance(body, dict):
        given.required("view")
        raise Failure("invalid_arguments", response_metadata={"messages": ["[ERROR] view must be an object"]})
    linter.view(state.breaches, body, kind)
    if any(each.get("type") == "file_input" for block in body["blocks"] for each in elements(block)):
        # docs.slack.dev/reference/block-kit/block-elements/file-input-element asks for it.
        # assumed: a view with a file_input is answered with missing_scope where files:read is missing.
        scoped(state, "files:read")
    return body


def _shown(state: State, view: View) -> dict[str, Any]:
    state.log.add("home" if view.body["type"] == "home" else "modal", user=view.user)
    return {"view": view_payload(state, view)}
