"""The word behind the `+` of Reply-To: the number of the letter that is answered, and an HMAC that nobody else can make."""

import base64
import hmac
import re
from itertools import islice

from committee.letters import Letter
from mailflows.desk import Desk
from mailflows.envelopes import MOST_DETAILS, details, with_detail
from mailflows.reading import Reading
from storage.tables import Tables

_NAMED = re.compile(r"(?P<reference>l-\d{4}-\d{1,8})-[a-z2-7]{16}")
_MAC_BYTES = 10


def token(letter: Letter, secret: bytes) -> str:
    """`l-2012-0017-…`, of at most 32 characters, whatever the letter is about; any case of it is the same.

    The letter's Message-ID is in the HMAC: a number that a restored desk gives again does not name the other letter.
    """
    named = letter.reference.lower()
    mac = hmac.digest(secret, f"reply\0{named}\0{letter.message_id}".encode(), "sha256")[:_MAC_BYTES]
    return f"{named}-{base64.b32encode(mac).decode('ascii').lower()}"


def reply_to(letter: Letter, desk: Desk) -> str:
    """Where a reply comes back to its conversation; empty where there is none, or the desk's own name is too long for it."""
    return with_detail(desk.address, token(letter, desk.store.secret)) if letter.conversation else ""


async def conversations_named(reading: Reading, tables: Tables, desk: Desk) -> list[str]:
    """The conversations of the letters whose tokens stand in its recipients: made with any key that the desk still has."""
    found: list[str] = []
    for said in islice(dict.fromkeys(details(reading, desk)), MOST_DETAILS):
        found += [letter.conversation for letter in await _letters(said.casefold(), tables, desk)]
    return found


async def _letters(said: str, tables: Tables, desk: Desk) -> list[Letter]:
    named = _NAMED.fullmatch(said)
    known = await tables.letters.find(reference=named["reference"].upper()) if named else []
    secrets = [key.secret for key in desk.store.keys]  # a token outlives the key it was made with by one rotation
    return [one for one in known if any(hmac.compare_digest(token(one, secret), said) for secret in secrets)]
