"""What an acknowledgement does, and what the person is shown where none comes.

docs.slack.dev/surfaces/modals: response_action errors, update, push and clear; nothing closes the view.
docs.slack.dev/interactivity/implementing-slash-commands: text and blocks are shown.
"""

from dataclasses import replace
from typing import Any, Final

from bot.local_slack import linter
from bot.local_slack.answering import answer
from bot.local_slack.errors import Failure
from bot.local_slack.hooks import Hook
from bot.local_slack.messages import Message
from bot.local_slack.modals import View
from bot.local_slack.state import State

NOT_PRESSED: Final = "This app did not respond. Nothing may have happened; try again."
"""assumed: beside a button that was not answered Slack shows a sign; the words are our own."""
NOT_SUBMITTED: Final = "We had some trouble connecting. Try again?"
"""docs.slack.dev/surfaces/modals."""


def command(state: State, user: str, channel: str, payload: dict[str, Any]) -> None:
    if payload:
        try:
            answer(state, Hook(user, channel, state.clock.now()), payload)
        except Failure as failure:
            state.slackbot_says(user, channel, f"The app answered in a way that cannot be shown ({failure.code}).")


def press(state: State, payload: dict[str, Any]) -> None:
    """assumed: what the acknowledgement of a press carries is not shown; an app that counts on it says nothing."""
    if payload:
        linter.breach(state.breaches, "the acknowledgement of a press carries a payload, which nobody is shown")


def not_pressed(state: State, place: Message | View) -> None:
    if isinstance(place, View):
        return not_submitted(state, place, NOT_PRESSED)
    current = state.messages[place.channel].get(place.ts)
    if current:
        state.change(replace(current, trouble=NOT_PRESSED))
    return None


def not_submitted(state: State, view: View, words: str = NOT_SUBMITTED) -> None:
    """The view stays open with what was entered, and says that it did not work."""
    state.modals.put(replace(_current(state, view), trouble=words))
    _drawn(state, view)


def errors(state: State, view: View, wrong: dict[str, str]) -> None:
    state.modals.put(replace(_current(state, view), errors=wrong, trouble=""))
    _drawn(state, view)


def submission(state: State, view: View, payload: dict[str, Any]) -> None:
    action = payload.get("response_action")
    if not payload:
        _closed(state, view)
    elif action == "errors":
        _refused(state, view, payload.get("errors"))
    elif action == "clear":
        state.modals.close(view.user, all_of_them=True)
    elif action in ("update", "push") and isinstance(payload.get("view"), dict):
        _replaced(state, view, payload["view"], pushed=action == "push")
    else:
        linter.breach(
            state.breaches, f"a submission was acknowledged with {sorted(payload)}: no response_action of Slack's"
        )
        not_submitted(state, view)
    _drawn(state, view)


def _closed(state: State, view: View) -> None:
    top = state.modals.top(view.user)
    if top and top.id == view.id:
        state.modals.close(view.user)


def _refused(state: State, view: View, wrong: Any) -> None:
    """docs.slack.dev/surfaces/modals: by block_id, of input blocks of this view."""
    inputs = {block["block_id"] for block in view.body["blocks"] if block.get("type") == "input"}
    if not isinstance(wrong, dict) or not wrong or not set(wrong) <= inputs:
        linter.breach(state.breaches, "response_action errors names a block that is no input block of the view")
        return not_submitted(state, view)
    return errors(state, view, {block: str(words) for block, words in wrong.items()})


def _replaced(state: State, view: View, body: dict[str, Any], *, pushed: bool) -> None:
    try:
        linter.view(state.breaches, body, "modal")
        if pushed:
            state.modals.push(view.user, body)
        else:
            state.modals.update(_current(state, view), body)
    except Failure:
        not_submitted(state, view)


def _current(state: State, view: View) -> View:
    """The view as it is by now; the app may have changed it before it acknowledged."""
    try:
        return state.modals.found(view.id)
    except Failure:
        return view


def _drawn(state: State, view: View) -> None:
    state.log.add("home" if view.body.get("type") == "home" else "modal", user=view.user)
