"""Who may see what others wrote: it binds subjects, words and files; never the fact that something came."""

from enum import StrEnum


class Handling(StrEnum):
    OPEN = "open"
    MEMBERS = "members"
    RESTRICTED = "restricted"
