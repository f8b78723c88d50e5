"""The mailboxes of those who write to the desk: what stands in each, and a mail from one of them."""

from dataclasses import dataclass
from email.utils import formataddr
from typing import Final

from bot.demo import reading
from bot.demo.mails import Letterbox, pdf, written
from bot.demo.post_office import PostOffice
from committee.errors import Refused
from committee.names import fold
from mailflows.desk import Desk

UNKNOWN: Final = (
    "desk.officer@mofa-gambia.test",
    "Ministry of Foreign Affairs of the Gambia (an address that the desk does not know)",
)
"""Who writes for a State from an address that stands in no address book."""
SUBJECT, TEXT = 200, 20_000


@dataclass(frozen=True, slots=True)
class Mailbox:
    address: str
    name: str
    party: str


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody at a mailbox writes; `answers` is the number of a letter that stands in it, or 0."""

    sender: str
    subject: str
    text: str
    answers: int = 0
    report: bool = False
    """With a report of one page as a PDF file."""


@dataclass(frozen=True, slots=True)
class Missions:
    office: PostOffice
    letterbox: Letterbox

    async def mailboxes(self, desk: Desk) -> list[Mailbox]:
        """Everybody in the address book, by name, and one who is not in it."""
        known = [Mailbox(one.address, one.name, one.party) for one in await desk.store.contacts.find()]
        others = [one for one in known if one.address != UNKNOWN[0]]
        return [*sorted(others, key=lambda one: fold(one.name)), Mailbox(*UNKNOWN, "")]

    async def writes(self, mail: Written, desk: Desk) -> None:
        """The mail lies where the desk's mail comes in, as a mail server would have put it there. `Refused` for what is no mail."""
        sender = next((one for one in await self.mailboxes(desk) if one.address == mail.sender), None)
        if sender is None:
            raise Refused("There is no such mailbox. Nothing was sent.")
        _hold_written(mail)
        answered = self._answered(mail, sender)
        files = {"report.pdf": pdf("A report (illustrative)")} if mail.report else {}
        name, _, _ = sender.name.partition(" (")
        message = written(
            formataddr((name, sender.address)), desk.address, mail.subject, mail.text, at=desk.now, files=files, answers=answered,
        )  # fmt: skip
        self.letterbox.brings(message, desk.now)

    def _answered(self, mail: Written, sender: Mailbox) -> str:
        """The Message-ID of the letter that is answered: one that stands in this mailbox."""
        if not mail.answers:
            return ""
        letter = self.office.letter(mail.answers)
        if letter is None or letter.address != sender.address:
            raise Refused("This letter does not stand in that mailbox. Nothing was sent.")
        return reading.field(letter, "Message-ID")


def _hold_written(mail: Written) -> None:
    """A subject is one line; neither is without end, and what cannot be encoded is no text."""
    if not mail.subject.strip() or not mail.subject.isprintable() or len(mail.subject) > SUBJECT:
        raise Refused(f"A subject is one line of up to {SUBJECT} letters. Nothing was sent.")
    if len(mail.text) > TEXT:
        raise Refused(f"A mail has up to {TEXT} letters here. Nothing was sent.")
    try:
        (mail.subject + mail.text).encode()
    except UnicodeEncodeError as error:
        raise Refused("This text cannot be written into a mail. Nothing was sent.") from error
