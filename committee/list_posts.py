"""A post to a distribution list: words and enclosures that are prepared once, released once, and kept with what became of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from committee.letters import Enclosure


class PostState(StrEnum):
    PREPARED = "prepared"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ListPost:
    """What an officer writes to a list; `parties`, `letters` and `gaps` are as they were when it was released."""

    key: str  # P-2012-0001
    list: str
    state: PostState
    subject: str
    text: str
    by: str  # the key of whoever prepared it
    at: datetime
    enclosures: tuple[Enclosure, ...] = ()  # what every party gets
    files: tuple[Enclosure, ...] = ()  # what one party alone gets
    keyed: tuple[str, ...] = ()  # that party, for each of `files`
    corrects: str = ""  # the key of the post of which it is a correction
    mail: str = ""  # the key of the mail in which it came
    release: str = ""
    released_by: str = ""
    released_at: datetime | None = None
    parties: int = 0
    letters: int = 0
    gaps: tuple[str, ...] = ()  # the keys of the parties on the list that no letter reached

    def own_of(self, party: str) -> tuple[Enclosure, ...]:
        """What this party alone gets."""
        return tuple(file for file, keyed in zip(self.files, self.keyed, strict=True) if keyed == party)

    def says_the_same(self, other: "ListPost") -> bool:
        """Whether the two would say the same to the same list: who prepares the same words again has one post."""
        return all(getattr(self, name) == getattr(other, name) for name in _SAID)


_SAID = ("list", "subject", "text", "by", "enclosures", "files", "keyed", "corrects")
