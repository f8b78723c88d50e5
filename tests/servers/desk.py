"""A practice desk among the tests' servers: its letters go through Postfix, and what comes back lies in its own mailbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import quote

from committee.contacts import Office
from committee.letters import Delivery
from mailflows import inbox, outbox
from mailflows.endpoints import SMTPServer, imap_endpoint, smtp_endpoint
from mailflows.imap import IMAPInbox
from mailflows.inbox import Round
from mailflows.outbox import Post, Tally
from mailflows.smtp import SMTPSender
from tests.conftest import PracticeDesk
from tests.servers.mailbox import Account
from tests.servers.postfix import Postfix


@dataclass(slots=True)
class ConnectedDesk(PracticeDesk):
    """The desk as its users meet it, with the mailbox `account` for its address."""

    account: Account = None  # type: ignore[assignment] # a dataclass that follows one with defaults must have one
    box: IMAPInbox = None  # type: ignore[assignment] # the same
    way_out: Post = None  # type: ignore[assignment] # the same

    async def sends(self, post: Post | None = None) -> Tally:
        """One round of the outbox."""
        return await outbox.deliver_due(self.desk, post or self.way_out)

    async def reads(self, number: int) -> Round:
        """Take in what lies in the mailbox, as soon as so many mails are there."""
        await asyncio.to_thread(self.account.came, number)
        return await inbox.watch(self.box, self.desk)

    async def moves(self, party: str, domain: str, office: Office = Office.PERMANENT_MISSION) -> str:
        """From now on a contact of `party` has its mailbox at `domain`; returns its address."""
        known = await self.contact(party, office)
        moved = replace(known, address=f"{known.address.partition('@')[0]}.{party.lower()}@{domain}")
        async with self.desk.store.transaction(by="test", doing="move", about=known.key, at=self.desk.now) as tx:
            await tx.contacts.put(moved)
        return moved.address

    async def deliveries(self, address: str) -> list[Delivery]:
        return await self.desk.store.deliveries.find(address=address)

    async def cards_of(self, kind: str) -> list[str]:
        """What the cards of a kind are about."""
        return [card.about for card in await self.desk.store.cards.find(kind=kind)]


def smtp_url(account: Account, postfix: Postfix) -> str:
    """Postfix's submission, as a setting names it."""
    who = f"{quote(account.user, safe='')}:{quote(account.password, safe='')}"
    return f"smtp://{who}@{postfix.host}:{postfix.ports['submission']}?tls=required"


@asynccontextmanager
async def connected(desk: PracticeDesk, account: Account, postfix: Postfix) -> AsyncIterator[ConnectedDesk]:
    """`desk` with the account's address and mailbox, and Postfix's submission as its way out."""
    server = smtp_endpoint(smtp_url(account, postfix))
    assert isinstance(server, SMTPServer)
    async with (
        IMAPInbox(imap_endpoint(account.url()), loopback_only=True) as box,
        SMTPSender(server, ca_file=postfix.certificates.authority, loopback_only=True) as post,
    ):
        at_home = replace(desk.desk, address=account.user)
        yield ConnectedDesk(desk.folder, at_home, account=account, box=box, way_out=post)
