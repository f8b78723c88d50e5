"""A button is pressed in Slack: it does something, asks for words first, turns a page, or opens a form."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.slack import doing, drafts, filling, modals, sentences
from bot.slack.blocks import ASK, PRESS
from bot.slack.chat import Acting, Chat, acting
from bot.slack.doing import FORMS
from bot.slack.drawing import SHEET, WHOLE, Message, draw
from bot.slack.forms import Begun
from bot.slack.home import SHOW
from bot.slack.modals import FIELD, FORM
from bot.slack.people import stranger
from bot.slack.replying import direct_channel
from bot.slack.showing import Place, place_of_press
from bot.slack.under_way import UnderWay
from bot.slack.whole import whole
from committee.cards import Card
from committee.staff import Person

Body = dict[str, Any]


@dataclass(slots=True)
class Pressing:
    chat: Chat
    under_way: UnderWay

    def listeners(self) -> dict[str, Callable[..., Awaitable[Any]]]:
        """By what the id of the button begins with."""
        return {
            PRESS: self.press, ASK: self.ask, SHEET: self.sheet, WHOLE: self.as_file, SHOW: self.show, FORM: self.form,
            FIELD: self.filled_in,
        }  # fmt: skip

    async def press(self, ack: AsyncAck, body: Body) -> None:
        """It does something at once; acknowledged when that is committed, and answered right after."""
        who = await acting(self.chat, body)
        place = place_of_press(self.chat, who, body)

        async def show(card: Card, status: int) -> None:
            done = doing.answer_to_press(self.chat, who, card, status)
            await place.show(done.message, instead=done.instead)

        async def later(task: asyncio.Task[tuple[Card, int]]) -> None:
            if error := task.exception():
                await place.show(sentences.trouble(error), instead=False)
            else:
                await show(*task.result())

        answer = await self.under_way.at_once(doing.pressed(who, _value(body)), later)
        self.under_way.begin(show(*answer) if answer else place.show(sentences.WORKING, instead=False))
        await ack()

    async def ask(self, ack: AsyncAck, body: Body) -> None:
        """It asks for words first: a modal opens at once, and shows what is asked as soon as that is known."""
        who = await acting(self.chat, body)
        if who.person is None:
            await self._not_for(who, body)
        elif view := await modals.opened(self.chat, who, "Before it is done"):
            try:
                shown, values = await self._asked(who, who.person, _value(body))
            except Exception as error:  # noqa: BLE001 - whatever it was, the modal does not wait for ever
                shown, values = modals.shown("Not done", sentences.trouble(error)), None
            await modals.filled(self.chat, who, view, shown, values)
        await ack()

    async def _asked(self, who: Acting, person: Person, key: str) -> tuple[Body, Mapping[str, str] | None]:
        """The modal, and what stands in its field."""
        desk = await self.chat.desk()
        action = await desk.store.actions.get(key)
        if action is None or action.used_at or action.person not in {None, person.key}:
            card, _ = await doing.pressed(who, key)  # which says why not
            return modals.shown("Not done", self.chat.answers.draw(card, person)), None
        draft = await drafts.drafted(desk, person, modals.words_for(key), "")
        origin, values = modals.origin_of(who.reply, key), draft.values if draft else {}
        return modals.words_asked(action.label, filling.field_asked(action), origin, values), values

    async def sheet(self, ack: AsyncAck, body: Body) -> None:
        """Another page of an answer."""
        who = await acting(self.chat, body)
        card = self.chat.answers.find(_value(body), who.person) if who.person else None
        number = _number(str(_pressed(body)["action_id"]).removeprefix(SHEET))
        message = draw(card, number=number, kept=_value(body)) if card else sentences.GONE
        self.under_way.begin(place_of_press(self.chat, who, body).show(message, instead=card is not None))
        await ack()

    async def as_file(self, ack: AsyncAck, body: Body) -> None:
        """The whole of an answer, into the person's own messages with the desk."""
        who = await acting(self.chat, body)
        place = place_of_press(self.chat, who, body)
        card = self.chat.answers.find(_value(body), who.person) if who.person else None
        self.under_way.begin(self._sent_as_file(place, who, card))
        await ack()

    async def _sent_as_file(self, place: Place, who: Acting, card: Card | None) -> None:
        if card is None:
            await place.show(sentences.GONE, instead=False)
            return
        file = whole(card)
        try:
            channel = await direct_channel(self.chat.client, who.user.id)
            await self.chat.client.files_upload_v2(
                channel=channel, filename=file.name, content=file.data, title=file.name, initial_comment=draw(card).text
            )
        except Exception as error:  # noqa: BLE001 - whatever it was, the person is told
            await place.show(sentences.not_sent(error), instead=False)
            return
        await place.show(sentences.SENT_AS_FILE, instead=False)

    async def show(self, ack: AsyncAck, body: Body) -> None:
        """What a command shows that only reads; another one is not done by a button that says so."""
        who = await acting(self.chat, body)
        line = _value(body)
        message = await doing.typed(self.chat, who, line) if doing.reads(line) else sentences.OLD
        self.under_way.begin(place_of_press(self.chat, who, body).show(message, instead=False))
        await ack()

    async def form(self, ack: AsyncAck, body: Body) -> None:
        """A form, with nothing in it yet but what was left there."""
        who = await acting(self.chat, body)
        form = FORMS.get(_value(body))
        if who.person is None or form is None:
            await self._not_for(who, body)
        else:
            doing.require_for(form, who.person)
            await modals.opened_form(self.chat, who, Begun(form))
        await ack()

    async def filled_in(self, ack: AsyncAck, body: Body) -> None:
        """Something was filled in: noted, for a form that is closed says nothing of it."""
        if view := body.get("view"):
            self.chat.note(str(view["id"]), modals.values_in(view))
        await ack()

    async def old(self, ack: AsyncAck, body: Body) -> None:
        who = await acting(self.chat, body)
        self.under_way.begin(place_of_press(self.chat, who, body).show(sentences.OLD, instead=False))
        await ack()

    async def _not_for(self, who: Acting, body: Body) -> None:
        message: Message = sentences.OLD if who.person else draw(await stranger((await self.chat.desk()).store))
        await place_of_press(self.chat, who, body).show(message, instead=False)


def _pressed(body: Body) -> Body:
    pressed: Body = body["actions"][0]
    return pressed


def _number(written: str) -> int:
    """Of a page; the first where a button of another version names none."""
    return int(written) if re.fullmatch(r"[0-9]{1,4}", written) else 1


def _value(body: Body) -> str:
    return str(_pressed(body).get("value") or "")
