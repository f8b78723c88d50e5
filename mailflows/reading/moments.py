"""When it was written and when it arrived: Date and Received become moments with a zone."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

PLAUSIBLE = range(1970, 2200)


def moment(value: str | None) -> datetime | None:
    """The moment of a Date field, in the zone it was written in; None if it holds none that could be."""
    try:
        found = parsedate_to_datetime((value or "")[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if found.year not in PLAUSIBLE:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)  # RFC 5322 3.3: -0000 is UTC of an unknown zone


def arrival(received: str | None) -> datetime | None:
    """The moment of a Received field, which stands after its last semicolon."""
    return moment(received.rpartition(";")[2]) if received else None
