"""A form is filled in and sent: each field means something or says what is wrong with it, and the whole is one command."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot import dispatch
from bot.asking import AskBack
from bot.patterns import Slot
from bot.registry import Command
from bot.slack import modals
from bot.slack.chat import Acting, Chat
from bot.slack.drafts import draft_key
from bot.slack.fetching import fetched
from bot.slack.forms import Field, Form
from bot.slack.once import AlreadyDone, once
from bot.slack.sentences import already_done
from bot.suggestions import NotUnderstood
from bot.words import Words, meant_by
from committee.cards import Action, Card
from committee.errors import Refused
from mailflows.desk import Desk

EMPTY: Final = "Nothing stands here yet, and it is needed. Nothing was changed."
_ASKED: Final[Mapping[str, str]] = {"kind": "KIND", "party": "PARTY", "text": "TEXT", "date": "DATE"}
"""What a button asks for, as a placeholder of the language."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, by the name of the field; nothing was done, and what was filled in still stands there."""

    fields: Mapping[str, str]


async def sent(chat: Chat, who: Acting, form: Form, view: Mapping[str, Any]) -> Card | Wrong:
    """Do what the form says, once, whatever Slack or the person repeats."""
    desk, person = await chat.desk(), who.person
    assert person is not None  # noqa: S101 - a stranger has no form
    meant = await _meant(form, view, desk, chat)
    if isinstance(meant, Wrong):
        return meant
    wrapped, only = once(
        desk, f"view/{view['id']}", person, draft_key(person, form.name, modals.read_origin(view).about)
    )
    try:
        card, _ = await dispatch.fill_in(wrapped, person, form.command, meant)
        if not card.ok:
            return Wrong({_at_fault(card, form, view): card.text})
        await only.remember(desk.now)
    except AlreadyDone as repeated:
        return Card("Done already", already_done(repeated.heard).text, ok=False)
    return card


async def words_sent(chat: Chat, who: Acting, action: Action, view: Mapping[str, Any]) -> tuple[Card, int] | Wrong:
    """The button that had asked for words is pressed with them."""
    words = modals.values_in(view).get(modals.WORD, "").strip()
    if not words:
        return Wrong({modals.WORD: EMPTY})
    desk, person = await chat.desk(), who.person
    assert person is not None  # noqa: S101 - a stranger has no button
    wrapped, _ = once(desk, f"view/{view['id']}", person, draft_key(person, modals.words_for(action.key), ""))
    try:
        card, status = await dispatch.press(wrapped, person, action.key, words)
    except AlreadyDone as repeated:
        return Card("Done already", already_done(repeated.heard).text, ok=False), dispatch.REFUSED
    asks_back = not card.ok and (status == dispatch.NOT_UNDERSTOOD or card.title.startswith(("Which ", "Unknown")))
    return Wrong({modals.WORD: card.text}) if asks_back else (card, status)


def field_asked(action: Action) -> Field:
    """What a button asks for, as the one field of a form."""
    return Field(modals.WORD, action.asks.capitalize(), Slot(modals.WORD, _ASKED.get(action.asks, "TEXT")))


async def _meant(form: Form, view: Mapping[str, Any], desk: Desk, chat: Chat) -> dict[str, object] | Wrong:
    """The command's arguments as values."""
    given, words = modals.values_in(view), await Words.of(desk)
    arguments: dict[str, object] = {}
    wrong: dict[str, str] = {}
    for one in form.fields:
        try:
            value = await _value(one, given.get(one.name, "").strip(), view, form.command, words, chat, desk)
        except Refused as refusal:
            wrong[one.name] = str(refusal)
        else:
            if value is not None:
                arguments[one.name] = value
    return Wrong(wrong) if wrong else arguments


async def _value(  # noqa: PLR0913, PLR0917 - a field, what stands in it, and what it is understood by
    one: Field, typed: str, view: Mapping[str, Any], command: Command, words: Words, chat: Chat, desk: Desk
) -> object:
    if one.brings_files:
        chosen = modals.files_in(view, one.name)
        return await fetched(chosen, chat.client, most=desk.max_mail) if chosen else None
    if not typed:
        if one.optional:
            return None
        raise Refused(EMPTY)
    meant = await meant_by(one.slot, typed, words, command)
    if isinstance(meant, AskBack):
        raise Refused(_which(meant, words))
    if isinstance(meant, NotUnderstood):
        raise Refused(meant.text)
    return meant


def _which(ask: AskBack, words: Words) -> str:
    if not ask.keys:
        return f"There is no {ask.noun} of this name in the register. Nothing was changed."
    named = " or ".join(f"{words.names.get(key, key)} ({key})" for key in ask.keys)
    return f"This may mean {named}: use the code or the formal name. Nothing was changed."


def _at_fault(card: Card, form: Form, view: Mapping[str, Any]) -> str:
    """The field whose words the refusal repeats, else the first: there it is read."""
    given = modals.values_in(view)
    named = (one.name for one in form.fields if given.get(one.name) and given[one.name].strip() in card.text)
    return next(named, form.fields[0].name)
