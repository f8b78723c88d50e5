"""How often the desk answers by itself: headers do not end every loop, so the ledger counts (RFC 3834, section 2)."""

A_DAY = 3
A_THREAD = 2


def why_not_again(today: int, in_thread: int) -> str | None:
    """The reason why an address gets no further automatic answer, or None if it may have one."""
    if today >= A_DAY:
        return f"it has had {today} automatic answers within a day"
    if in_thread >= A_THREAD:
        return f"it has had {in_thread} automatic answers in this conversation"
    return None
