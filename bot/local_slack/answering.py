"""What an app says back to an act: in its acknowledgement, or later by the act's response_url.

docs.slack.dev/interactivity/handling-user-interaction and docs.slack.dev/interactivity/implementing-slash-commands: text and
blocks, shown to the person alone unless `response_type` is in_channel.
"""

from dataclasses import replace
from typing import Any

from bot.local_slack import linter
from bot.local_slack.hooks import Hook
from bot.local_slack.into_channels import told, written
from bot.local_slack.messages import Message
from bot.local_slack.state import State


def answer(state: State, hook: Hook, body: dict[str, Any]) -> None:
    """The original is replaced or deleted where that is asked for; else the answer is a message of its own."""
    original = state.messages[hook.channel].get(hook.original)
    if body.get("delete_original") is True:
        if original:
            state.drop(original)
        return
    message = _message(state, hook, body)
    if _replaces(state, hook, body) and original:
        edited = original.edited if message.blocks else state.next_ts()
        state.change(replace(original, text=message.text, blocks=message.blocks, edited=edited, trouble=""))
        return
    posted = written(state, message, _thread(hook, body))
    for event in told(state, posted):
        state.link.soon(state.link.deliver(event))


def _replaces(state: State, hook: Hook, body: dict[str, Any]) -> bool:
    """assumed: with a command's address nothing is replaced (github.com/slackapi/bolt-js/issues/2287), nor what is gone.

    assumed: an answer to a press that does not say whether it replaces is a message of its own; Slack's older pages say that it
    replaces, so it is a breach not to say it.
    """
    asked = body.get("replace_original")
    if hook.original and not isinstance(asked, bool):
        linter.breach(
            state.breaches, "an answer to a press says with replace_original, true or false, whether it replaces"
        )
    if asked is True and not hook.original:
        linter.breach(state.breaches, "replace_original with the response_url of a command replaces nothing")
    return asked is True


def _message(state: State, hook: Hook, body: dict[str, Any]) -> Message:
    linter.message(state.breaches, body)
    kind = body.get("response_type", "ephemeral")
    if kind not in ("ephemeral", "in_channel"):
        linter.breach(state.breaches, f"response_type is {kind!r}: it is ephemeral or in_channel")
    return Message(
        hook.channel, state.app.bot_user, body.get("text") or "", tuple(body.get("blocks") or ()), bot_id=state.app.bot_id,
        ephemeral_to="" if kind == "in_channel" else hook.user,
    )  # fmt: skip


def _thread(hook: Hook, body: dict[str, Any]) -> str:
    """assumed: an answer to a press in a thread stays in the thread."""
    return str(body.get("thread_ts") or hook.thread_ts)
