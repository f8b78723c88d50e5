"""What every flow is given: the store, the moment, and how this desk signs and is reached."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from committee.calendar import new_york
from committee.desk import DeskFacts
from mailflows.reader import Reader
from storage.port import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk at one moment; `now` is an argument, only loops ask a clock."""

    store: Store
    facts: DeskFacts
    now: datetime
    address: str  # what stands in From, and where replies come back; empty: not set, so no letter is queued
    filing: str = ""  # where the staff's own mail comes in copy, to be filed; empty: nowhere
    authserv_id: str | None = None  # our own server's name in Authentication-Results; None: not configured
    max_enclosures: int = 10_000_000  # bytes, said in each letter
    max_mail: int = 50_000_000  # bytes; of a larger message in a mailbox only the headers are fetched
    public_url: str = (
        ""  # where the pages behind links are reached, without a slash at the end; empty: no link goes out
    )
    in_chat: bool = False  # what is answered goes to somebody's cloud, and files of this computer are none of chat's
    reader: Reader = field(default_factory=Reader, repr=False, compare=False)  # whoever opens the desk closes it

    @property
    def today(self) -> date:
        return new_york(self.now).date()

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def at(self, now: datetime) -> "Desk":
        return replace(self, now=now)
