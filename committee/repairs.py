"""Which refusals mean a dead address, and what is to be mended (RFC 3463, section 3.2)."""

import re
from dataclasses import dataclass
from datetime import datetime

_DEAD = re.compile(r"(?<![\d.])5\.1\.(?![78](?![\d]))\d{1,3}(?![\d.])")  # 5.1.7 and 5.1.8 are about the sender's


@dataclass(frozen=True, slots=True)
class Repair:
    """A contact whose address takes no mail any more, until somebody mends it or a letter gets through after all."""

    key: str  # the contact's
    party: str
    address: str
    since: datetime
    said: str
    letter: str


def is_dead(said: str) -> bool:
    """Whether a server's words say that the address is dead (5.1.x); a full mailbox (5.2.2) or a policy (5.7.x) does not."""
    return _DEAD.search(said) is not None
