"""Who may see what others wrote: it binds subjects, words and files; never the fact that something came."""

import re
from enum import StrEnum

from committee.names import fold


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

_ASKED = re.compile(
    r"\b(restricted|confidential|not for (circulation|distribution|publication)|strictly private"
    r"|diffusion restreinte|confidentiel(le)?s?|ne pas (diffuser|distribuer)"
    r"|distribucion (restringida|reservada)|confidencial(es)?|конфиденциально|для служебного пользования)\b|"
    + "|".join(map(fold, ("سري للغاية", "محدود التوزيع", "保密", "机密")))
)
"""Folded, in the six languages; the Arabic word for secret alone is the beginning of a State's name."""
_IN_A_TEXT = 300
"""Characters at the beginning of a text in which a marking stands; further down it may be anybody's word."""


def asks_restriction(subject: str, words: str) -> bool:
    """Whether subject or the first lines, folded, mark it as restricted: so it is until an officer says otherwise."""
    return bool(_ASKED.search(subject) or _ASKED.search(words[:_IN_A_TEXT]))
