"""Message-IDs as RFC 5322 3.6.4 writes them, with their angle brackets."""

import re

ID = re.compile(r"<([^<>\s]{1,900})>")
MOST = 100  # of References


def message_id(value: str | None) -> str | None:
    """The first Message-ID of a field, `<left@right>`; a bare one gets its brackets."""
    found = next(iter(message_ids(value)), None)
    bare = (value or "").strip(" <>")
    return found or (f"<{bare}>" if bare and not re.search(r"[\s<>]", bare) and len(bare) <= 900 else None)  # noqa: PLR2004 - RFC 5322 2.1.1


def message_ids(value: str | None) -> tuple[str, ...]:
    """Every Message-ID of a field in order; of very many the first and the last."""
    found = [f"<{inner}>" for inner in ID.findall(value or "")]
    return tuple(found if len(found) <= MOST else [found[0], *found[1 - MOST :]])
