"""Where an answer to a press is shown: in place of a private message, beside a card, in a modal, or over Home."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack import modals
from bot.slack.chat import Acting, Chat
from bot.slack.drawing import Message
from bot.slack.replying import TROUBLES
from mailflows.logs import log


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pressed button stands; a private message is the person's own, so it may give way to its answer."""

    chat: Chat
    acting: Acting
    view: Mapping[str, Any] | None = None
    private: bool = False

    async def show(self, message: Message, *, instead: bool = True) -> None:
        """`instead`: of what was pressed, where that is this person's alone."""
        if self.view is None:
            await self.acting.reply.privately(message, replace_original=instead and self.private)
        elif not await self._in_a_modal(message):
            await self.acting.reply.privately(message)

    async def _in_a_modal(self, message: Message) -> bool:
        """In place of the modal that was pressed, if nobody has changed it meanwhile; over Home, in one of its own."""
        assert self.view is not None  # noqa: S101 - asked by whoever calls
        body = modals.shown("Verbale", message)
        try:
            if self.view.get("type") == "modal":
                known = {"view_id": str(self.view["id"]), "hash": str(self.view["hash"])}
                await self.chat.client.views_update(view=body, **known)
            else:
                await self.chat.client.views_open(trigger_id=self.acting.trigger, view=body)
        except TROUBLES as error:  # a hash_conflict, a trigger that is too old: it is said directly
            log.info("not shown in a modal", error=type(error).__name__)
            return False
        return True


def place_of_press(chat: Chat, acting: Acting, body: Mapping[str, Any]) -> Place:
    container = body.get("container") or {}
    view = body.get("view") if container.get("type") == "view" else None
    return Place(chat, acting, view, private=bool(container.get("is_ephemeral")))
