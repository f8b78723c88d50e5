"""The envelope of each copy: a sender of its own, so that what comes back names its delivery without being read (VERP)."""

import base64
import hmac
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from committee.letters import Delivery, Letter
from mailflows.desk import Desk
from mailflows.headers import ascii_address
from mailflows.reading import Reading
from storage.tables import Tables

MOST_DETAILS = 20
"""Different ones that are looked up of one message."""
ROUND_TRIP = "round-trip"
_MARK = "b-"
_NAMED = re.compile(r"(?P<reference>l-\d{4}-\d{1,8})-(?P<place>\d{1,4})-(?P<mac>[a-z2-7]{16})")
_MAC_BYTES = 10
_LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1


def token(letter: Letter, delivery: Delivery, secret: bytes) -> str:
    """`l-2012-0017-1-…`: the number that stands on the letter, which of its copies, and an HMAC that nobody else can make.

    The letter's Message-ID is in the HMAC: a number that a restored desk gives again does not name the other letter.
    """
    place = delivery.key.rpartition("#")[2]
    named = f"{letter.reference}-{place}".lower()
    mac = hmac.digest(secret, f"bounce\0{named}\0{letter.message_id}".encode(), "sha256")[:_MAC_BYTES]
    return f"{named}-{base64.b32encode(mac).decode('ascii').lower()}"


async def senders(desk: Desk) -> Callable[[Letter, Delivery], str]:
    """The envelope sender of each copy: `desk+b-TOKEN@…` where a test letter has come back to `desk+…@`, else the desk's address."""
    trip = await desk.store.round_trips.get(ROUND_TRIP)
    works = trip is not None and trip.works(desk.address, desk.now)

    def sender(letter: Letter, delivery: Delivery) -> str:
        named = with_detail(desk.address, _MARK + token(letter, delivery, desk.store.secret)) if works else ""
        return named or desk.address

    return sender


def with_detail(address: str, detail: str) -> str:
    """`desk+DETAIL@…`, or nothing where that would be longer than an address may be."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{detail}@{domain}" if len(local) + 1 + len(detail) <= _LONGEST_LOCAL_PART else ""


async def delivery_named(reading: Reading, tables: Tables, desk: Desk) -> tuple[Letter, Delivery] | None:
    """The delivery that a message came back about: by the token in its recipient, else by the one in ENVID (RFC 3461).

    A bounce has it, and so has an automatic reply, which goes to the envelope sender (RFC 3834, section 4).
    """
    envelope_id = reading.bounce.envelope_id if reading.bounce else None
    found_there = islice(dict.fromkeys(details(reading, desk)), MOST_DETAILS)
    for said in dict.fromkeys([*found_there, *filter(None, (envelope_id,))]):
        if found := await _named(said.casefold().removeprefix(_MARK), tables, desk):
            return found
    return None


def details(reading: Reading, desk: Desk) -> Iterator[str]:
    """What stands behind the `+` of the desk's own address, wherever a message says that it was addressed to it."""
    local, _, domain = ascii_address(desk.address).casefold().rpartition("@") if desk.address else ("", "", "")
    addressed = [*reading.delivered_to, *(mailbox.address for mailbox in (*reading.to, *reading.cc))]
    for address in addressed:
        own, _, there = address.rpartition("@")
        if there.casefold() == domain and own.casefold().startswith(f"{local}+"):
            yield own[len(local) + 1 :]


async def _named(said: str, tables: Tables, desk: Desk) -> tuple[Letter, Delivery] | None:
    found = _NAMED.fullmatch(said)
    if found is None:
        return None
    for letter in await tables.letters.find(reference=found["reference"].upper()):
        delivery = await tables.deliveries.get(f"{letter.key}#{found['place']}")
        if delivery and _is(said, letter, delivery, (key.secret for key in desk.store.keys)):
            return letter, delivery
    return None


def _is(said: str, letter: Letter, delivery: Delivery, secrets: Iterable[bytes]) -> bool:
    return any(hmac.compare_digest(token(letter, delivery, secret), said) for secret in secrets)
