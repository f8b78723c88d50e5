"""files.*: an address to upload to, the upload made whole and shared, and what is known of a file."""

from typing import Any

from bot.local_slack import linter
from bot.local_slack.calls import Arguments
from bot.local_slack.errors import Failure
from bot.local_slack.into_channels import readable, written
from bot.local_slack.messages import Message
from bot.local_slack.shelf import file_object
from bot.local_slack.state import State


def get_upload_url(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/files.getUploadURLExternal."""
    name = given.required("filename")
    given.required("length")
    length = given.number("length", 1, 10**9)
    file, ticket = state.shelf.announce(state.app.bot_user, name, length, given.text("alt_txt"))
    return {"upload_url": f"{state.url}/upload/{ticket}", "file_id": file.id}


def complete_upload(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/files.completeUploadExternal: with a channel, the files are shared there in one message."""
    asked = given.data("files")
    if not isinstance(asked, list) or not all(isinstance(each, dict) for each in asked):
        raise Failure(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] files must be an array of objects"]}
        )
    named = given.text("channel_id") or given.text("channels")
    channel = (state.direct(named) if named in state.people else readable(state, named)) if named else None
    if channel and state.app.bot_user not in channel.members:
        raise Failure("not_in_channel")
    shared = frozenset({channel.id}) if channel else frozenset()
    done = [state.shelf.complete(str(each.get("id", "")), str(each.get("title", "")), shared) for each in asked]
    if channel:
        comment = given.text("initial_comment")
        if comment:
            linter.message(state.breaches, {"text": comment, "blocks": None})
        files = tuple(each.id for each in done)
        message = Message(channel.id, state.app.bot_user, comment, bot_id=state.app.bot_id, files=files)
        written(state, message, given.text("thread_ts"))
    return {"files": [file_object(each, state.url) for each in done]}


def info(state: State, given: Arguments) -> dict[str, Any]:
    """docs.slack.dev/reference/methods/files.info."""
    return {"file": file_object(state.shelf.get(given.required("file")), state.url), "comments": []}
