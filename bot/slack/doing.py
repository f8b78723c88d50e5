"""What a person of the staff does in chat, by words, by a button or by a form; one dispatch, as from the terminal."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from bot import dispatch
from bot.commands import COMMANDS
from bot.dispatch import DONE, understood
from bot.grammar import NotUnderstood
from bot.slack.chat import Acting, Chat
from bot.slack.drawing import Message, draw
from bot.slack.forms import Begun, Form, begun_by, forms
from bot.slack.once import AlreadyDone, once
from bot.slack.people import stranger
from bot.slack.sentences import already_done
from committee.cards import Card
from committee.errors import Refused
from committee.staff import Person
from mailflows import joining
from mailflows.desk import Desk
from mailflows.permissions import require

JOIN: Final = "join"
FORMS = forms(COMMANDS)


@dataclass(frozen=True, slots=True)
class Done:
    """The answer; `instead` says that it may stand in place of what was pressed."""

    message: Message
    instead: bool = True


async def typed(chat: Chat, who: Acting, line: str, event: str = "") -> Message:
    """Do what was typed; `event` is the id under which chat may bring it again, and then nothing is done twice."""
    desk = who.moment.reading if reads(line) else who.moment.desk
    if who.person is None:
        return draw(await _of_a_stranger(chat, who, line, desk))
    person = who.person
    if reads(line) and not event:
        return await who.moment.said.answer((person.key, line), lambda: _read(chat, person, line, desk))
    card = await _once(event, desk, person, lambda now: dispatch.run(now, person, line))
    return card if isinstance(card, Message) else chat.answers.draw(card[0], person)


async def _read(chat: Chat, person: Person, line: str, desk: Desk) -> Message:
    card, _ = await dispatch.run(desk, person, line)
    await chat.turns.place()
    return chat.answers.draw(card, person)


async def _of_a_stranger(chat: Chat, who: Acting, line: str, desk: Desk) -> Card:
    """Whoever is not known may say one thing: the code with which they join."""
    words = line.split(maxsplit=1)
    if not words or words[0].casefold() != JOIN or not await chat.people.is_of_ours(who.user):
        return await stranger(desk.store)
    try:
        person = await joining.join(desk, who.user.identity, words[1] if len(words) > 1 else "")
    except Refused as refusal:
        return Card("Not joined", str(refusal), ok=False)
    return Card(
        f"You are {person.name}", "From now on the desk knows you here. What waits for you: desk. All else: help."
    )


async def pressed(who: Acting, key: str, words: str = "") -> tuple[Card, int]:
    """Press a button that was shown; its own id is used once, in the commit of what it does."""
    desk = who.moment.desk
    if who.person is None:
        return await stranger(desk.store), dispatch.REFUSED
    return await dispatch.press(desk, who.person, key, words)


def answer_to_press(chat: Chat, who: Acting, card: Card, status: int) -> Done:
    """Done, or stale with a new preview, it takes the place of what was pressed; a refusal stands beside it."""
    return Done(chat.answers.draw(card, who.person), instead=status == DONE or bool(card.actions))


def form_begun(line: str) -> Begun | None:
    """The form that unfinished words are the beginning of."""
    return begun_by(line, FORMS) if isinstance(understood(line), NotUnderstood) else None


def require_for(form: Form, person: Person) -> None:
    """`Refused` where this person may not do what the form does: nobody fills in what will not be done."""
    require(person, form.command.role, f"do that ({form.command.form})")


def reads(line: str) -> bool:
    """Whether it is a command that only reads."""
    parsed = understood(line)
    return not isinstance(parsed, NotUnderstood) and parsed.command.reads


async def _once(
    event: str, desk: Desk, person: Person, work: Callable[[Desk], Awaitable[tuple[Card, int]]]
) -> tuple[Card, int] | Message:
    if not event:
        return await work(desk)
    wrapped, only = once(desk, event, person)
    try:
        answer: Any = await work(wrapped)
        await only.remember(desk.now)
    except AlreadyDone as repeated:
        return already_done(repeated.heard)
    return answer[0], answer[1]
