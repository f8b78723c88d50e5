"""A desk with a filing address, an officer who has a mailbox of their own, and mail that their server has confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.message import EmailMessage

from committee.mail import Mail
from tests.conftest import PracticeDesk

FILING, SERVER = "secretariat+file@1540.example", "mx.test"
SAM = "sam.ledger@un.example"
QUESTION = "May we send the report in French?"


def confirmed(domain: str) -> tuple[str, str]:
    """What our server writes above a mail whose sender it could confirm."""
    return "Authentication-Results", f"{SERVER}; dmarc=pass header.from={domain}"


async def with_filing(desk: PracticeDesk, person: str = "officer-2", address: str = SAM) -> None:
    """From now on what this person sends by hand may be filed."""
    desk.desk = replace(desk.desk, filing=FILING, authserv_id=SERVER)
    known = await desk.person(person)
    async with desk.desk.store.transaction(by="test", doing="address", about=person, at=desk.desk.now) as tx:
        await tx.staff.put(replace(known, address=address))


async def asks(desk: PracticeDesk, party: str = "MWI", subject: str = "A question", text: str = QUESTION) -> Mail:
    """A capital asks something, and our server confirms that it did."""
    capital = await desk.capital_of(party)
    raw = capital.writes(subject, text, headers=[confirmed(capital.address.rpartition("@")[2])])
    [mail] = await desk.takes_in(raw)
    return mail


@dataclass(slots=True)
class ByHand:
    """A mail that an officer writes in a mail program of their own; Bcc is seen in the envelope alone."""

    to: str
    subject: str = "Re: A question"
    text: str = "Yes, in French too."
    sender: str = SAM
    answers: str = ""
    message_id: str = "<by-hand-1@un.example>"
    bcc: str = FILING
    headers: Iterable[tuple[str, str]] = (confirmed("un.example"),)
    cc: str = ""
    attach: str = ""

    @property
    def raw(self) -> bytes:
        message = EmailMessage()
        if self.bcc:
            message["Delivered-To"] = self.bcc
        for name, value in self.headers:
            message[name] = value
        message["From"], message["To"], message["Subject"] = self.sender, self.to, self.subject
        if self.cc:
            message["Cc"] = self.cc
        if self.message_id:
            message["Message-ID"] = self.message_id
        if self.answers:
            message["In-Reply-To"] = message["References"] = self.answers
        message.set_content(self.text)
        if self.attach:
            message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=self.attach)
        return message.as_bytes()


async def sends_by_hand(desk: PracticeDesk, by_hand: ByHand) -> Mail:
    [mail] = await desk.takes_in(by_hand.raw)
    return mail
