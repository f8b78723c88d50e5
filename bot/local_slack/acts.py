"""What a person does, and what the app is told of it: types, presses, fills in, closes, opens Home.

Each act is over when the app has acknowledged it, or when Slack has given up; what it says later arrives by itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.local_slack import acknowledged, filling, linter
from bot.local_slack.channels import Kind
from bot.local_slack.errors import Failure
from bot.local_slack.into_channels import event_payload, told, written
from bot.local_slack.link import Unreachable
from bot.local_slack.messages import Message, elements
from bot.local_slack.modals import View
from bot.local_slack.payloads import block_actions, command, home_opened, suggestion, view_closed, view_submission
from bot.local_slack.state import State


async def types(state: State, user: str, channel: str, text: str, thread_ts: str = "") -> None:
    """What stands in the box below a channel: a command where it begins with a slash, else a message."""
    if text.startswith("/") and not text.startswith("//"):
        await commands(state, user, channel, text)
    else:
        await says(state, user, channel, text, thread_ts=thread_ts)


async def commands(state: State, user: str, channel: str, text: str) -> None:
    """docs.slack.dev/interactivity/implementing-slash-commands: three seconds to acknowledge; never repeated.

    assumed: the words that the person is shown, operation_timeout and dispatch_failed, are seen in life and not documented.
    """
    _member(state, user, channel)
    name, _, words = text.partition(" ")
    if name not in state.app.commands or "commands" not in state.app.scopes:
        return state.slackbot_says(user, channel, f"`{name}` is not a valid command.")
    hook = state.hooks.give(user, channel)
    payload = command(state, user, channel, (name, words.strip()), state.url + hook)
    try:
        answer = await state.link.ask("slash_commands", payload, accepts=True)
    except Unreachable:
        return state.slackbot_says(user, channel, f"`{name}` failed with the error `dispatch_failed`")
    if answer is None:
        return state.slackbot_says(user, channel, f"`{name}` failed with the error `operation_timeout`")
    return acknowledged.command(state, user, channel, answer)


async def says(state: State, user: str, channel: str, text: str, *, thread_ts: str = "") -> bool:
    """A message; true when every event of it has been acknowledged."""
    return await tells(state, writes(state, user, channel, text, thread_ts=thread_ts))


def writes(  # noqa: PLR0913 - a message's parts
    state: State, user: str, channel: str, text: str, *, thread_ts: str = "", files: tuple[str, ...] = ()
) -> Message:  # fmt: skip
    """The message stands, before the app is told of it."""
    _member(state, user, channel)
    posted = written(state, Message(channel, user, text, files=files), thread_ts)
    state.reads(user, channel)
    return posted


async def tells(state: State, message: Message) -> bool:
    """The app is told of it, where it has asked for that; true when every event has been acknowledged."""
    done = [await state.link.deliver(event) for event in told(state, message)]
    return all(done)


async def presses(  # noqa: PLR0913 - a press's parts
    state: State, user: str, place: Message | View, action_id: str, *, chosen: Any = None, block_id: str = "",
    entries: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """A button, a menu, a date: docs.slack.dev/reference/interaction-payloads/block_actions-payload.

    `chosen` is what is chosen in it (of an option its value); `entries` what else is filled in beside it, by action_id.
    """
    block, element = _element(place, action_id, block_id)
    action = filling.action((block, element), chosen, state, user)
    payload = block_actions(state, user, place, action, filling.values(place, entries or {}, state, user))
    _clear_trouble(state, place)
    try:
        answer = await state.link.ask("interactive", payload)
    except Unreachable:
        answer = None
    if answer is None:
        acknowledged.not_pressed(state, place)
    else:
        acknowledged.press(state, answer)


async def submits(state: State, user: str, view: View, entries: Mapping[str, Any]) -> None:
    """docs.slack.dev/reference/interaction-payloads/view-interactions-payload; what the browser refuses never reaches the app."""
    if wrong := filling.refused(view, entries, state):
        return acknowledged.errors(state, view, wrong)
    payload = view_submission(state, user, view, filling.values(view, entries, state, user))
    try:
        answer = await state.link.ask("interactive", payload, accepts=True)
    except Unreachable:
        answer = None
    if answer is None:
        return acknowledged.not_submitted(state, view)
    return acknowledged.submission(state, view, answer)


async def looks_for(state: State, user: str, place: Message | View, action_id: str, typed: str) -> list[dict[str, Any]]:
    """What the app offers in an external menu for what is typed: docs.slack.dev/reference/interaction-payloads/block_suggestion-payload.

    assumed: an external menu stays empty where the app does not answer in time, or answers with no options.
    """
    block, element = _element(place, action_id, "")
    try:
        answer = await state.link.ask(
            "interactive", suggestion(state, user, place, (block, element), typed), accepts=True
        )
    except Unreachable:
        answer = None
    offered = filling.options(answer or {})
    linter.offered(state.breaches, answer or {})
    state.offered[user, action_id] = offered
    return offered


async def closes(state: State, user: str, *, all_of_them: bool = False) -> None:
    """The topmost modal, or the whole stack; the app hears of those with notify_on_close."""
    closed = state.modals.close(user, all_of_them=all_of_them)
    state.log.add("modal", user=user)
    for view in closed:
        if view.body.get("notify_on_close"):
            try:
                await state.link.ask("interactive", view_closed(state, user, view, cleared=all_of_them))
            except Unreachable:
                return


async def opens_home(state: State, user: str, tab: str = "home") -> bool:
    """docs.slack.dev/reference/events/app_home_opened; true when it has been acknowledged, or nobody asked for it."""
    if "app_home_opened" not in state.app.events:
        return True
    return await state.link.deliver(event_payload(state, home_opened(state, user, tab), user))


def _member(state: State, user: str, channel: str) -> None:
    known = state.channels.get(channel)
    if known is None or user not in known.members:
        raise Failure("not_in_channel" if known and known.kind is Kind.PUBLIC else "channel_not_found")


def _element(place: Message | View, action_id: str, block_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    blocks = place.body["blocks"] if isinstance(place, View) else place.blocks
    for block in blocks:
        for element in elements(block):
            if element.get("action_id") == action_id and block_id in ("", block["block_id"]):
                return block, element
    raise Failure("action_not_found")


def _clear_trouble(state: State, place: Message | View) -> None:
    """What stood beside the button goes when it is pressed again; nothing else about the message changes."""
    current = state.messages[place.channel].get(place.ts) if isinstance(place, Message) else None
    if current and current.trouble:
        state.messages[current.channel][current.ts] = replace(current, trouble="")
        state.log.add("cleared", channel=current.channel, ts=current.ts, user=current.ephemeral_to)
