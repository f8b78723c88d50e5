"""A local post office on loopback: it takes the desk's letters by SMTP, refuses one State's, and puts another's off once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"
NAME = "post-office.test"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One copy of a letter in one mailbox; `number` counts what came through the counter."""

    number: int
    address: str
    raw: bytes


@dataclass  # no slots: aiosmtpd looks at every member, which Python 3.11.2 does not survive
class PostOffice:
    """What came through the counter, in its order; `gone` are refused for good, `full` is put off once."""

    gone: Collection[str]
    full: str
    arrived: list[Arrived] = field(default_factory=list)
    put_off: bool = False
    arrives: Callable[[], None] = lambda: None
    """Called when something has arrived."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.gone:
            return "550 5.1.1 No such user at this mission"
        if address == self.full and not self.put_off:
            self.put_off = True
            return "450 4.2.1 Try again in 300 seconds"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        for address in envelope.rcpt_tos:
            self.arrived.append(Arrived(len(self.arrived) + 1, address, content))
        self.arrives()
        return f"250 2.0.0 Accepted by the mission's mail server as {len(self.arrived):04}"

    def letter(self, number: int) -> Arrived | None:
        return self.arrived[number - 1] if 0 < number <= len(self.arrived) else None


@asynccontextmanager
async def opened(office: PostOffice) -> AsyncIterator[str]:
    """The post office at its counter on a free port; yields its SMTP_URL."""
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(office, hostname=NAME), LOOPBACK, 0)
    try:
        yield f"smtp://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()
