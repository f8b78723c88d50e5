"""A form is sent or closed: what is wrong stands at its field, and what stood in it is never lost."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.plain import shortened
from bot.slack import doing, drafts, filling, limits, modals, sentences
from bot.slack.chat import Acting, Chat, acting
from bot.slack.doing import FORMS
from bot.slack.drawing import Message, draw
from bot.slack.filling import Wrong
from bot.slack.modals import FORM, WORDS
from bot.slack.people import stranger, user_of
from bot.slack.replying import TROUBLES, Reply
from bot.slack.under_way import UnderWay
from mailflows.logs import log

Body = dict[str, Any]
Outcome = Message | Wrong


@dataclass(slots=True)
class Submitting:
    chat: Chat
    under_way: UnderWay

    async def form(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """A command's form."""
        who = await acting(self.chat, body)
        form = FORMS.get(_name(view, FORM))
        if who.person is None or form is None:
            await self._refused(ack, view, await self._not_for(who))
            return

        async def work() -> Outcome:
            outcome = await filling.sent(self.chat, who, form, view)
            return outcome if isinstance(outcome, Wrong) else self.chat.answers.draw(outcome, who.person)

        await self._sent(ack, who, view, work())

    async def words(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """What a button had asked for."""
        who = await acting(self.chat, body)
        action = await (await self.chat.desk()).store.actions.get(modals.read_origin(view).about)
        if who.person is None or action is None:
            await self._refused(ack, view, await self._not_for(who))
            return

        async def work() -> Outcome:
            outcome = await filling.words_sent(self.chat, who, action, view)
            return outcome if isinstance(outcome, Wrong) else doing.answer_to_press(self.chat, who, *outcome).message

        await self._sent(ack, who, view, work())

    async def old(self, ack: AsyncAck, view: Body) -> None:
        """A form of before, of which nothing is known any more: what was written in it is the person's all the same."""
        await self._refused(ack, view, sentences.OLD)

    async def closed(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """Perhaps by mistake: what stood there is kept for the person."""
        values = modals.values_in(view) or self.chat.filled_in.get(str(view["id"]))
        desk = await self.chat.desk()
        # Of the register alone: what somebody wrote is kept also while Slack does not say whether they are a guest by now.
        person = await self.chat.people.registered(user_of(body), desk.store)
        name, about = _draft_of(view)
        if person and name and values is not None:  # of a form that was opened by an earlier process nothing is known
            await drafts.keep_draft(desk, person, name, about, values)
        self._over(view)
        await ack()

    @staticmethod
    def said_in(view: Mapping[str, Any], words: str) -> dict[str, str]:
        """A sentence at the form's first field, so that the form stays open with all that stands in it."""
        fields = [str(block["block_id"]) for block in view.get("blocks") or () if block.get("type") == "input"]
        return {fields[0]: shortened(words, limits.FIELD)} if fields else {}

    async def _sent(self, ack: AsyncAck, who: Acting, view: Body, work: Coroutine[Any, Any, Outcome]) -> None:
        """Wrong, it stays as it is; done, it closes and its answer comes where it was opened, or stands in its place."""
        self.chat.note(str(view["id"]), modals.values_in(view))
        origin = modals.read_origin(view)
        reply = origin.reply(self.chat, who.user.id)

        async def later(task: asyncio.Task[Outcome]) -> None:
            await self._late(task, who, view, reply)

        outcome = await self.under_way.at_once(work, later)
        if outcome is None:
            await ack(response_action="update", view=modals.waiting("Working on it", "The answer follows."))
        elif isinstance(outcome, Wrong):
            await ack(response_action="errors", errors=modals.errors(outcome.fields))
        elif origin.channel or origin.hook:
            self._over(view)
            self.under_way.begin(reply.privately(outcome))
            await ack()
        else:
            self._over(view)
            await self._instead(ack, outcome)

    async def _late(self, task: asyncio.Task[Outcome], who: Acting, view: Body, reply: Reply) -> None:
        """It took long; a form that was wrong after all is said to be, and stays for the person as a draft."""
        error = task.exception()
        outcome = sentences.trouble(error) if error else task.result()
        if isinstance(outcome, Wrong) or error:
            name, about = _draft_of(view)
            if who.person:
                await drafts.keep_draft(await self.chat.desk(), who.person, name, about, modals.values_in(view))
        message = sentences.wrong(outcome.fields) if isinstance(outcome, Wrong) else outcome
        self._over(view)
        try:
            await self.chat.client.views_update(view_id=str(view["id"]), view=modals.shown("Answer", message))
        except TROUBLES as trouble:
            log.info("answer not shown in its modal", error=type(trouble).__name__)
            await reply.privately(message)

    def _over(self, view: Body) -> None:
        self.chat.filled_in.pop(str(view["id"]), None)

    async def _refused(self, ack: AsyncAck, view: Body, message: Message) -> None:
        """It cannot be done; what stands in the form stays there, to be copied."""
        if at_a_field := self.said_in(view, message.text):
            await ack(response_action="errors", errors=at_a_field)
        else:
            await self._instead(ack, message)

    async def _instead(self, ack: AsyncAck, message: Message) -> None:
        await ack(response_action="update", view=modals.shown("Answer", message))

    async def _not_for(self, who: Acting) -> Message:
        return sentences.OLD if who.person else draw(await stranger((await self.chat.desk()).store))


def _draft_of(view: Mapping[str, Any]) -> tuple[str, str]:
    """The form's name, and what it was opened for, as its draft has them."""
    about = modals.read_origin(view).about
    if _name(view, WORDS):
        return modals.words_for(about), ""
    return _name(view, FORM), about


def _name(view: Mapping[str, Any], begins: str) -> str:
    """The form's or the button's name, if the modal is of this kind."""
    callback_id = str(view.get("callback_id") or "")
    return callback_id.removeprefix(begins) if callback_id.startswith(begins) else ""
