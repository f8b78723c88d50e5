"""chat.*: messages posted, changed, taken away, and shown to one person."""

from dataclasses import replace
from typing import Any, Final

from bot.local_slack import linter
from bot.local_slack.calls import Arguments, scoped
from bot.local_slack.channels import Channel, Kind
from bot.local_slack.errors import Failure
from bot.local_slack.into_channels import message_object, readable, told, written
from bot.local_slack.messages import Message
from bot.local_slack.state import State

LONGEST_UPDATE: Final = 4000
"""docs.slack.dev/reference/methods/chat.update: msg_too_long; chat.postMessage takes more."""


def post_message(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/chat.postMessage: a person's id as `channel` is their direct messages."""
    channel = _writable(state, given.required("channel"))
    message = _message(state, given, channel)
    posted = written(state, replace(message, broadcast=given.flag("reply_broadcast")), given.text("thread_ts"))
    for event in told(state, posted):
        state.link.soon(state.link.deliver(event))
    return {
        "channel": channel.id,
        "ts": posted.ts,
        "message": message_object(state, posted, with_metadata=True),
    }


def post_ephemeral(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/chat.postEphemeral: the person must be in the channel; delivery is not promised."""
    channel = _writable(state, given.required("channel"))
    user = given.required("user")
    if user not in channel.members:
        raise Failure("user_not_in_channel")
    message = replace(_message(state, given, channel), ephemeral_to=user)
    return {"message_ts": written(state, message, given.text("thread_ts")).ts}


def update(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/chat.update: the app's own messages alone.

    Blocks that are left out stay only where no text is given either, and metadata stays; a message with blocks does not say
    that it was edited.
    """
    channel = readable(state, given.required("channel"))
    old = _own(state, channel, given.required("ts"), "cant_update_message")
    if len(given.text("text")) > LONGEST_UPDATE:
        raise Failure("msg_too_long")
    kept = given.data("blocks", "invalid_blocks") is None and not given.text("text")
    new = replace(old, metadata=None) if kept else _message(state, given, channel)
    if kept and not given.data("metadata", "invalid_metadata_format"):
        raise Failure("no_text")
    metadata = _metadata(given.data("metadata", "invalid_metadata_format"))
    changed = state.change(
        replace(
            old,
            text=new.text,
            blocks=new.blocks,
            edited=old.edited if new.blocks else state.next_ts(),
            metadata=old.metadata if metadata is None else metadata,
            trouble="",
        )
    )
    return {"channel": channel.id, "ts": old.ts, "text": changed.text, "message": message_object(state, changed)}


def delete(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/chat.delete."""
    channel = readable(state, given.required("channel"))
    old = _own(state, channel, given.required("ts"), "cant_delete_message")
    state.drop(old)
    return {"channel": channel.id, "ts": old.ts}


def get_permalink(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/chat.getPermalink."""
    channel = readable(state, given.required("channel"))
    ts = given.required("message_ts")
    if ts not in state.messages[channel.id]:
        raise Failure("message_not_found")
    return {"channel": channel.id, "permalink": f"{state.url}/archives/{channel.id}/p{ts.replace('.', '')}"}


def _writable(state: State, named: str) -> Channel:
    """docs.slack.dev/reference/scopes/chat.write.public: a public channel that it is not in needs more; others it must be in."""
    if named in state.people:
        return state.direct(named)
    channel = readable(state, named)
    if channel.is_archived:
        raise Failure("is_archived")
    if state.app.bot_user not in channel.members:
        if channel.kind is not Kind.PUBLIC or "chat:write.public" not in state.app.scopes:
            raise Failure("not_in_channel")
        scoped(state, "chat:write.public")
    return channel


def _own(state: State, channel: Channel, ts: str, refused: str) -> Message:
    """An ephemeral message is found by no ts (docs.slack.dev/messaging/modifying-messages)."""
    message = state.messages[channel.id].get(ts)
    if message is None or message.ephemeral_to:
        raise Failure("message_not_found")
    if message.bot_id != state.app.bot_id:
        raise Failure(refused)
    return message


def _message(state: State, given: Arguments, channel: Channel) -> Message:
    blocks = given.data("blocks", "invalid_blocks")
    text = given.text("text")
    linter.message(state.breaches, {"text": text, "blocks": blocks})
    return Message(
        channel.id,
        state.app.bot_user,
        text,
        tuple(blocks or ()),
        bot_id=state.app.bot_id,
        metadata=_metadata(given.data("metadata", "invalid_metadata_format")),
    )


def _metadata(given: Any) -> dict[str, Any] | None:
    """docs.slack.dev/messaging/message-metadata: an event_type and a payload."""
    if given is None:
        return None
    if not isinstance(given, dict):
        raise Failure("invalid_metadata_format")
    if given and not (isinstance(given.get("event_type"), str) and isinstance(given.get("event_payload"), dict)):
        raise Failure("invalid_metadata_schema")
    return given
