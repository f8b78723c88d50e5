"""The payloads of acts, as Slack sends them (docs.slack.dev/reference/interaction-payloads)."""

from typing import Any

from bot.local_slack.channels import Kind
from bot.local_slack.into_channels import message_object, view_payload
from bot.local_slack.messages import Message
from bot.local_slack.modals import View
from bot.local_slack.state import State

Payload = dict[str, Any]


def command(state: State, user: str, channel: str, typed: tuple[str, str], response_url: str) -> Payload:
    """docs.slack.dev/interactivity/implementing-slash-commands.

    assumed: one of another workspace, in a shared channel, may use the command, and is named with their own team_id.
    """
    person = state.people[user]
    name, words = typed
    return {
        "token": "local", "team_id": person.team_id, "team_domain": state.team.domain, "channel_id": channel,
        "channel_name": _channel_name(state, channel), "user_id": user, "user_name": person.name, "command": name,
        "text": words, "api_app_id": state.app.id, "is_enterprise_install": "false", "response_url": response_url,
        "trigger_id": state.triggers.give(user),
    }  # fmt: skip


def block_actions(state: State, user: str, place: Message | View, action: Payload, values: Payload) -> Payload:
    """assumed: of an ephemeral message the payload carries no `message`; docs.slack.dev lets an app count on its container."""
    acted = {"actions": [action | {"action_ts": state.next_ts()}]}
    if isinstance(place, View):
        trigger = state.triggers.give(user, place.id if place.body.get("type") == "modal" else "")
        view = view_payload(state, place) | {"state": {"values": values}}
        about: Payload = {"container": {"type": "view", "view_id": place.id}, "view": view}
        return _interaction(state, user, "block_actions") | about | {"trigger_id": trigger} | acted
    hook = state.hooks.give(user, place.channel, original=place.ts, thread_ts=place.thread_ts)
    container = {
        "type": "message", "message_ts": place.ts, "channel_id": place.channel, "is_ephemeral": bool(place.ephemeral_to),
    }  # fmt: skip
    if place.thread_ts:
        container["thread_ts"] = place.thread_ts
    about = {
        "container": container, "channel": {"id": place.channel, "name": _channel_name(state, place.channel)},
        "state": {"values": values}, "response_url": state.url + hook, "trigger_id": state.triggers.give(user),
    }  # fmt: skip
    if not place.ephemeral_to:
        about["message"] = message_object(state, place, with_metadata=True)
    return _interaction(state, user, "block_actions") | about | acted


def suggestion(
    state: State, user: str, place: Message | View, at: tuple[dict[str, Any], dict[str, Any]], typed: str
) -> Payload:
    block, element = at
    about: Payload = {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
    if isinstance(place, View):
        about |= {"container": {"type": "view", "view_id": place.id}, "view": view_payload(state, place)}
    else:
        about |= {
            "container": {"type": "message", "message_ts": place.ts, "channel_id": place.channel},
            "channel": {"id": place.channel, "name": _channel_name(state, place.channel)},
        }
    return _interaction(state, user, "block_suggestion") | about


def view_submission(state: State, user: str, view: View, values: Payload) -> Payload:
    return _interaction(state, user, "view_submission") | {
        "trigger_id": state.triggers.give(user, view.id), "view": view_payload(state, view) | {"state": {"values": values}},
        "response_urls": [],
    }  # fmt: skip


def view_closed(state: State, user: str, view: View, *, cleared: bool) -> Payload:
    about = {"view": view_payload(state, view), "is_cleared": cleared}
    return _interaction(state, user, "view_closed") | about


def home_opened(state: State, user: str, tab: str) -> Payload:
    """docs.slack.dev/reference/events/app_home_opened: with the view that stands there, if there is one."""
    event = {
        "type": "app_home_opened", "user": user, "channel": state.direct(user).id, "tab": tab, "event_ts": state.next_ts(),
    }  # fmt: skip
    home = state.modals.homes.get(user)
    return event | ({"view": view_payload(state, home)} if home and tab == "home" else {})


def _interaction(state: State, user: str, kind: str) -> Payload:
    person = state.people[user]
    return {
        "type": kind, "team": {"id": state.team.id, "domain": state.team.domain}, "api_app_id": state.app.id, "token": "local",
        "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team_id},
        "enterprise": None, "is_enterprise_install": False,
    }  # fmt: skip


def _channel_name(state: State, channel: str) -> str:
    """docs.slack.dev/interactivity/implementing-slash-commands: private places are not named."""
    known = state.channels[channel]
    return {Kind.DIRECT: "directmessage", Kind.PRIVATE: "privategroup"}.get(known.kind, known.name)
