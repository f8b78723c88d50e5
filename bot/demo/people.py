"""The practice staff at their keyboards: what a program does as them in the local Slack, when nobody sits there."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.demo.secretariat import CHANNEL, USERS
from bot.local_slack import acts
from bot.local_slack.messages import Message, elements
from bot.local_slack.workspace import Workspace


class NotThere(Exception):
    """Something that a person would press does not stand there: the sentence names it."""


@dataclass(frozen=True, slots=True)
class AtKeyboard:
    """One person of the practice staff, by their key in the register."""

    workspace: Workspace
    key: str

    @property
    def user(self) -> str:
        return USERS[self.key]

    async def types(self, line: str) -> None:
        await acts.types(self.workspace, self.user, CHANNEL, line)

    async def presses(self, begins: str, about: str = "") -> None:
        """The newest button whose label begins so, on a message that speaks of `about`. `NotThere` where there is none."""
        message, action, block = self._button(begins, about)
        await acts.presses(self.workspace, self.user, message, action, block_id=block)

    def sees(self, begins: str, about: str = "") -> bool:
        return bool(next(self._buttons(begins, about), None))

    def _button(self, begins: str, about: str) -> tuple[Message, str, str]:
        found = next(self._buttons(begins, about), None)
        if found is None:
            raise NotThere(f"there is no button “{begins} …” for {self.workspace.people[self.user].real_name}")
        return found

    def _buttons(self, begins: str, about: str) -> Iterator[tuple[Message, str, str]]:
        for message in reversed(self.workspace.messages[CHANNEL].values()):
            if message.seen_by(self.user) and about in str(message.blocks):
                for block in message.blocks:
                    for element in elements(block):
                        if element.get("type") == "button" and element["text"]["text"].startswith(begins):
                            yield message, element["action_id"], block["block_id"]
