"""The desk writes to itself with a token in the address: where that comes back, envelope senders carry tokens too."""

import base64
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

from committee.desk import RoundTrip
from committee.errors import Refused
from mailflows import headers
from mailflows.accepted import Accepted
from mailflows.composing import DESK_HEADER
from mailflows.desk import Desk
from mailflows.envelopes import ROUND_TRIP, details, with_detail
from mailflows.holding import ALL
from mailflows.message import Message
from mailflows.post import Post
from mailflows.reading import Reading
from storage.port import Transaction

_MARK = "t-"
_TOKEN_BYTES = 10


async def send(desk: Desk, post: Post) -> Accepted:
    """Write a test letter to `desk+t-TOKEN@`, with that as its sender: noted before it leaves, so that it is known again.

    It shows both that the relay takes such a sender, and that what is sent to it finds its way.

    Raises what `Post.send` raises, and `Refused` where the desk has no address that takes a token, or is stopped.
    """
    token = base64.b32encode(secrets.token_bytes(_TOKEN_BYTES)).decode("ascii").lower()
    to = with_detail(desk.address, _MARK + token) if desk.address else ""
    if not to:
        raise Refused(f"{desk.address or 'a desk without an address'} takes no token: its local part is too long")
    now = datetime.now(UTC)
    async with desk.store.transaction(by="rule: doctor", doing="test letter", about=ROUND_TRIP, at=now) as tx:
        if await tx.stops.get(ALL):
            raise Refused("everything is stopped, so no test letter goes either")
        earlier = await tx.round_trips.get(ROUND_TRIP)
        came_at = earlier.came_at if earlier and earlier.address == desk.address else None
        await tx.round_trips.put(RoundTrip(ROUND_TRIP, desk.address, token, now, came_at))
    return await post.send(to, to, _composed(desk, to, token, now), key=f"test-letter-{token}")


async def came_back(reading: Reading, tx: Transaction, desk: Desk) -> bool:
    """Whether this is the test letter that is on its way; if so, it is noted that it came back."""
    trip = await tx.round_trips.get(ROUND_TRIP)
    if trip is None or not is_it(reading, trip, desk):
        return False
    if trip.came_at is None or trip.came_at < trip.sent_at:
        await tx.round_trips.put(replace(trip, came_at=max(datetime.now(UTC), trip.sent_at)))
    return True


def is_it(reading: Reading, trip: RoundTrip, desk: Desk) -> bool:
    """By its token, which stood in no other letter."""
    return any(detail.casefold() == _MARK + trip.token for detail in details(reading, desk))


def _composed(desk: Desk, to: str, token: str, now: datetime) -> Message:
    domain = headers.ascii_address(desk.address).rpartition("@")[2]
    text = (
        "A test letter of this desk to itself. It shows that what comes back finds its way; nothing is to be done.\r\n"
    )
    written = "".join(
        (
            f"Date: {format_datetime(now.replace(microsecond=0))}\r\n",
            headers.mailboxes("From", [("", desk.address)]),
            headers.mailboxes("To", [("", to)]),
            headers.text("Subject", "Test letter of this desk"),
            headers.message_ids("Message-ID", [f"<test-letter-{token}@{domain}>"]),
            "Auto-Submitted: auto-generated\r\n",
            headers.text(DESK_HEADER, domain),
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n",
            text,
        )
    )
    return Message((written.encode("ascii"),))
