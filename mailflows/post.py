"""The way out, as the outbox sees it: an SMTP server or a Maildir that takes one copy at a time on each connection."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from mailflows.accepted import Accepted
from mailflows.message import Message

Ready = Callable[[], Awaitable[None]]


async def at_once() -> None:
    """Nothing has to be made durable before the text goes out."""


class Post(Protocol):
    """A way out; `send` may be called by as many tasks at once as there are `connections`."""

    @property
    def relay(self) -> str:
        """`HOST:PORT` or `maildir:PATH`: what is said of it in the breaker, the figures and the certificate."""

    @property
    def connections(self) -> int:
        """How many copies may be on their way at once."""

    async def send(  # noqa: PLR0913 - an envelope, a message, and what goes with them
        self,
        envelope_sender: str,
        recipient: str,
        message: Message,
        *,
        key: str,
        envelope_id: str = "",
        ready: Ready = at_once,
    ) -> Accepted:
        """Hand one copy over; `Deferred`, `Refused`, `Uncertain`, `NotLetIn` or `Unavailable` with the server's words else.

        `key` names the delivery; `envelope_id` comes back in a delivery status notification (ENVID, RFC 3461). `ready` is
        awaited once the server has agreed to take the text and before any of it goes out; when it raises, nothing of the
        message was sent, and what it raised is raised.
        """
