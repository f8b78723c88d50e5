"""A form as a modal, and what stands in it: field by field, with what was filled in before, and with what is wrong."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from bot.plain import shortened
from bot.slack import blocks, drafts, limits, sentences
from bot.slack.blocks import Block
from bot.slack.chat import Acting, Chat
from bot.slack.drawing import Message
from bot.slack.forms import Begun, Field, Form
from bot.slack.replying import TROUBLES, Reply
from committee.calendar import written_moment
from mailflows.logs import log

FIELD: Final = "field:"
FORM, WORDS = "form:", "words:"
"""What a modal's callback_id begins with: a command's form, or the words that a button asks for."""
WAIT: Final = "wait"
MOST_FILES: Final = 10
WORD: Final = "words"
"""The one field of a modal that asks for a button's words."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a modal was opened, so that its answer comes there; kept in the modal itself, seen by nobody."""

    channel: str = ""
    thread: str = ""
    hook: str = ""
    alone: bool = False
    about: str = ""

    @property
    def written(self) -> str:
        """Slack keeps 3,000 characters of it; an address that would be longer than any is left out."""
        text = json.dumps(asdict(self))
        return text if len(text) <= limits.PRIVATE_METADATA else json.dumps(asdict(replace(self, hook="")))

    def reply(self, chat: Chat, user: str) -> Reply:
        return Reply(chat.client, user, self.channel, self.thread, self.hook, self.alone)


def origin_of(reply: Reply, about: str = "") -> Origin:
    return Origin(reply.channel, reply.thread, reply.hook, reply.alone, about)


def read_origin(view: Mapping[str, Any]) -> Origin:
    try:
        return Origin(**json.loads(view.get("private_metadata") or "{}"))
    except (ValueError, TypeError):
        return Origin()


def waiting(title: str, words: str = "One moment …") -> Block:
    """What stands there at once; a trigger lives for three seconds only."""
    return {"type": "modal", "callback_id": WAIT, "title": _short(title), "blocks": [_section(words)]}


def shown(title: str, message: Message) -> Block:
    """An answer in a modal."""
    drawn = [*message.blocks][: limits.VIEW_BLOCKS]
    return {"type": "modal", "callback_id": WAIT, "title": _short(title), "blocks": drawn, "close": _short("Close")}


def modal(form: Form, origin: Origin, values: Mapping[str, str], *, note: str = "") -> Block:
    """The form, filled in as far as is known; `note` says where that is from."""
    head = blocks.small([form.command.help, *filter(None, [note]), *_too_long(form.fields, values)], limits.FIELD)
    return _asking(
        f"{FORM}{form.name}", form.title, form.submit, origin, [*head, *(_input(one, values) for one in form.fields)]
    )


def words_asked(label: str, field: Field, origin: Origin, values: Mapping[str, str]) -> Block:
    """What a button asks for before it does anything."""
    head = blocks.small([label, *_too_long([field], values)], limits.FIELD)
    return _asking(f"{WORDS}{origin.about}", "Before it is done", "Do it", origin, [*head, _input(field, values)])


def values_in(view: Mapping[str, Any]) -> dict[str, str]:
    """What stands in each field, by its name; files are read otherwise."""
    found = {}
    for block_id, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            chosen = element.get("selected_option") or {}
            value = element.get("value") or chosen.get("value") or ""
            if block_id.startswith(FIELD) and isinstance(value, str) and value.strip():
                found[block_id.removeprefix(FIELD)] = value
    return found


def files_in(view: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Slack's own words on each file that was chosen in this field."""
    elements = ((view.get("state") or {}).get("values") or {}).get(f"{FIELD}{name}") or {}
    return [file for element in elements.values() for file in element.get("files") or ()]


def errors(wrong: Mapping[str, str]) -> dict[str, str]:
    """By block, as Slack takes them: what is wrong stands at its field."""
    return {f"{FIELD}{name}": shortened(words, limits.FIELD) for name, words in wrong.items()}


async def opened(chat: Chat, who: Acting, title: str) -> Mapping[str, Any] | None:
    """A modal that is there at once, to be filled in; None where Slack no longer lets one be opened, which is said."""
    try:
        return (await chat.client.views_open(trigger_id=who.trigger, view=waiting(title)))["view"]  # type: ignore[no-any-return] # JSON
    except TROUBLES as error:
        log.info("no modal", error=type(error).__name__)
        await who.reply.privately(sentences.TOO_LATE)
        return None


async def filled(
    chat: Chat, who: Acting, view: Mapping[str, Any], body: Block, values: Mapping[str, str] | None = None
) -> None:
    """What the modal shows now, unless somebody has changed it meanwhile: then it stays as it is, and the way back is said.

    `values` stand in its fields: they are noted, since a form that is closed tells nothing of what nobody touched.
    """
    try:
        await chat.client.views_update(view_id=str(view["id"]), hash=str(view["hash"]), view=body)
    except TROUBLES as error:  # a hash_conflict, or it was closed
        log.info("modal not filled in", error=type(error).__name__)
        await who.reply.privately(sentences.TOO_LATE)
    else:
        if values is not None:
            chat.note(str(view["id"]), dict(values))


async def opened_form(chat: Chat, who: Acting, begun: Begun) -> None:
    """The form, with what was typed of it already, else with what this person had filled in when they closed it."""
    view = await opened(chat, who, begun.form.title)
    if view is None or who.person is None:
        return
    about = _digest(begun.values) if begun.values else ""
    try:
        draft = await drafts.drafted(await chat.desk(), who.person, begun.form.name, about)
    except Exception as error:  # noqa: BLE001 - whatever it was, no modal says for ever that it takes a moment
        await filled(chat, who, view, shown("Not opened", sentences.trouble(error)))
        return
    note = f"As you had filled it in {written_moment(draft.at)}; files are chosen anew." if draft else ""
    values = {**begun.values, **(draft.values if draft else {})}
    await filled(chat, who, view, modal(begun.form, origin_of(who.reply, about), values, note=note), values)
    for one in begun.form.fields:
        if len(value := values.get(one.name, "")) > limits.TYPED:
            await who.reply.privately(sentences.too_long(one.label, value))


def words_for(action: str) -> str:
    """The name of the form that asks for a button's words."""
    return f"words/{action}"


def _digest(values: Mapping[str, str]) -> str:
    """A mark of what was typed, which may be longer than a modal keeps."""
    return hashlib.sha256(json.dumps(dict(values), sort_keys=True).encode()).hexdigest()


def _asking(callback_id: str, title: str, submit: str, origin: Origin, parts: list[Block]) -> Block:
    return {
        "type": "modal", "callback_id": callback_id, "title": _short(title), "submit": _short(submit),
        "close": _short("Close"), "notify_on_close": True, "private_metadata": origin.written, "blocks": parts,
    }  # fmt: skip


def _input(field: Field, values: Mapping[str, str]) -> Block:
    """`dispatch_action`: what is filled in is told as it is, since a form that is closed tells nothing."""
    return {
        "type": "input", "block_id": f"{FIELD}{field.name}", "optional": field.optional,
        "dispatch_action": not field.brings_files, "label": blocks.plain_text(field.label, limits.FIELD),
        "element": _element(field, values.get(field.name, "")),
        "hint": blocks.plain_text(_hint(field), limits.FIELD),
    }  # fmt: skip


def _too_long(fields: Iterable[Field], values: Mapping[str, str]) -> list[str]:
    """What does not stand in the form whole, said where it is seen before anything is sent."""
    long = [(one.label, len(values.get(one.name, ""))) for one in fields]
    return [
        f"{label}: this has {length:,} characters, and a form holds {limits.TYPED:,}. Its end does not stand here; the whole "
        "comes in a message of your own."
        for label, length in long
        if length > limits.TYPED
    ]


def _hint(field: Field) -> str:
    if field.brings_files:
        return "from this computer"
    says = field.slot.placeholder.says
    return f"{says}; at most {limits.TYPED:,} characters in a form" if field.is_long else says


def _element(field: Field, value: str) -> Block:
    action_id = f"{FIELD}{field.name}"
    if field.brings_files:
        return {"type": "file_input", "action_id": action_id, "max_files": MOST_FILES}
    if field.choices:
        options = [{"text": blocks.plain_text(one, limits.OPTION), "value": one} for one in field.choices]
        chosen = [option for option in options if option["value"] == value]
        made: Block = {"type": "static_select", "action_id": action_id, "options": options[: limits.OPTIONS]}
        return made | ({"initial_option": chosen[0]} if chosen else {})
    first = {"initial_value": value[: limits.TYPED]} if value.strip() else {}
    return {
        "type": "plain_text_input", "action_id": action_id, "multiline": field.is_long, "max_length": limits.TYPED, **first,
        "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
    }  # fmt: skip


def _short(text: str) -> Block:
    return blocks.plain_text(text, limits.VIEW_TITLE)


def _section(text: str) -> Block:
    return {"type": "section", "text": blocks.plain_text(text, limits.SECTION)}
