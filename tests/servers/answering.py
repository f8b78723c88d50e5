"""An SMTP server of aiosmtpd's, in a thread of its own: it answers as it is told, and remembers what it took."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from mailflows.endpoints import SMTPServer
from tests.servers.packages import free_port


@dataclass  # no slots: aiosmtpd looks at every member, which Python 3.11.2 does not survive
class Answers:
    """`rcpt` is what it answers to each recipient instead of a yes."""

    rcpt: str = ""
    data: str = "250 2.0.0 queued as 7F3"
    took: list[Envelope] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.took.append(envelope)
        self.sessions.add(id(session))
        return self.data


@contextmanager
def answering(handler: Answers, **options: Any) -> Iterator[SMTPServer]:
    """While the block runs; `options` are aiosmtpd's."""
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield SMTPServer("127.0.0.1", controller.port)
    finally:
        controller.stop()
