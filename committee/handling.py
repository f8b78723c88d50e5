"""Who may see what others wrote: it binds subjects, words and files; never the fact that something came."""

from enum import StrEnum


class Handling(StrEnum):
    OPEN = "open"
    MEMBERS = "members"
    RESTRICTED = "restricted"

    @property
    def follows(self) -> str:
        """What is shown and said from now on of what is handled so."""
        return _FOLLOWS[self]


_FOLLOWS = {
    Handling.OPEN: "Subject and file names are shown on cards from now on; receipts from now on carry no marking.",
    Handling.MEMBERS: (
        "Cards show neither subject nor file names from now on; receipts from now on are marked for the members of the Committee."
    ),
    Handling.RESTRICTED: (
        "Cards show neither subject nor file names from now on; receipts from now on are marked restricted and name no file."
    ),
}
