"""The link to a page: an HMAC names one party's asking and a last day, and nobody else can make it."""

import base64
import hmac
import re
from datetime import date
from typing import Final, NamedTuple

from committee.confirmations import Asking
from storage.folder import Key

LONGEST: Final = 400
_MAC_BYTES: Final = 20
_TOKEN: Final = re.compile(r"(?P<id>[A-Za-z0-9]{1,32})\.(?P<said>[A-Za-z0-9_-]{1,300})\.(?P<mac>[A-Za-z0-9_-]{27})")


class Opened(NamedTuple):
    """What a token of ours says: whose answer it is for, and the last day on which it is good."""

    asking: Asking
    last_day: date


def made(asking: Asking, last_day: date, key: Key) -> str:
    """The word in the address: the id of the key, what is asked and until when, and the HMAC of both."""
    said = _letters(f"{asking.key}|{last_day.isoformat()}".encode())
    mac = hmac.digest(key.secret, f"page\0{key.id}.{said}".encode(), "sha256")[:_MAC_BYTES]
    return f"{key.id}.{said}.{_letters(mac)}"


def opened(token: str, keys: tuple[Key, ...]) -> Opened | None:
    """What the token says, whether or not its day has passed; None for everything that is not ours, letter for letter.

    It is compared whole with the one that we would make, in constant time: there are no two ways to write one.
    """
    found = _TOKEN.fullmatch(token) if len(token) <= LONGEST else None
    key = next((one for one in keys if found and one.id == found["id"]), None)
    said = _read(found["said"]) if found and key else None
    if said is None or key is None:
        return None
    return said if hmac.compare_digest(made(said.asking, said.last_day, key), token) else None


def _read(said: str) -> Opened | None:
    try:
        named, _, day = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode().rpartition("|")
        asking = Asking.named(named)
        return Opened(asking, date.fromisoformat(day)) if asking else None
    except ValueError:
        return None


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")
