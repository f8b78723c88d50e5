"""What the clock would do about yearly confirmations: a pure function of registers, ledgers and the moment."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from committee.announcements import Announcement, Timing, announcing, goes_at, released_at
from committee.calendar import new_york
from committee.confirmations import AGAIN_AFTER, REMINDERS, Asking, Rung, asked_on
from committee.schedule import Scheduled

NOT_REACHED: Final = "no confirmed address of it takes mail"


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that the clock looks at."""

    groups: Mapping[str, str]  # of each party that may be asked: its regional group, or nothing
    timing: Timing
    opened: date  # the desk's opening day: what fell due by then is listed, not sent
    addressed: Collection[str] = ()  # parties that a letter can reach
    answered: Collection[str] = ()  # keys of askings
    sent: Mapping[str, date] = field(default_factory=dict)  # of each letter that has gone, by its key: the day
    last_reminded: Mapping[str, date] = field(default_factory=dict)  # of something else: one reminder a party and month
    announcements: Mapping[str, Announcement] = field(default_factory=dict)
    unconfirmed_years: Collection[int] = ()  # whose holidays nobody has confirmed


def schedule(known: Known, now: datetime, until: date) -> list[Scheduled]:
    """The next letter of every asking that is open or opens until `until`, by day and then by key.

    One that was answered has none; neither has one whose last reminder has gone: that is a person's task.
    """
    today = new_york(now).date()
    askings = [Asking(party, year) for party in known.groups for year in range(today.year - 1, until.year + 1)]
    listed = [one for asking in askings for one in _next(asking, known, now) if one.due <= until]
    return sorted((one for one in listed if today <= one.until), key=lambda one: (one.due, one.reminder.key))


def to_be_looked_for(known: Known, now: datetime, until: date) -> set[str]:
    """The parties whose letter depends on whether one of their addresses takes mail; of the others nobody has to ask."""
    listed = schedule(replace(known, addressed=()), now, until)
    return {one.reminder.state for one in listed if one.why_not == NOT_REACHED}


def unanswered(known: Known, now: datetime) -> list[Asking]:
    """The askings that were reminded in vain: somebody telephones, or writes to somebody else of the party."""
    today = new_york(now).date()
    askings = [Asking(party, year) for party in sorted(known.groups) for year in (today.year - 1, today.year)]
    last = [(asking, known.sent.get(Rung(asking, REMINDERS).key)) for asking in askings]
    return [
        asking for asking, sent in last if sent and sent + AGAIN_AFTER <= today and asking.key not in known.answered
    ]


def _next(asking: Asking, known: Known, now: datetime) -> Iterator[Scheduled]:
    if asking.key in known.answered:
        return
    rungs = [Rung(asking, nth) for nth in range(REMINDERS + 1)]
    gone = [nth for nth, rung in enumerate(rungs) if rung.key in known.sent]
    if not gone:
        first = asked_on(asking.party, known.groups[asking.party], asking.year)
        yield _timed(rungs[0], first, known, now)
    elif max(gone) < REMINDERS:
        # What a restored desk has forgotten may have gone: so long after it was restored, nothing goes twice in a month.
        last = max(known.sent[rungs[max(gone)].key], known.opened)
        yield _timed(rungs[max(gone) + 1], last + AGAIN_AFTER, known, now)


def _timed(rung: Rung, earliest: date, known: Known, now: datetime) -> Scheduled:
    until = earliest + AGAIN_AFTER * REMINDERS
    reminded = known.last_reminded.get(rung.asking.party)
    waits = max(earliest, reminded + known.timing.apart) if reminded else earliest
    due = known.timing.first_allowed(waits, until) or earliest
    announcement = known.announcements.get(rung.key)
    one = Scheduled(rung, due, until, announcing(due, known.timing), announced=announcement is not None)
    if why_not := _why_not(one, rung, known, announcement):
        return replace(one, why_not=why_not)
    counts_from = announcement.counts_from if announcement else max(now, one.announce_at)
    at = goes_at(due, counts_from, known.timing, until)
    if at and announcement and announcement.released_at:
        at = released_at(max(at, announcement.released_at), known.timing, until)
    return replace(one, at=at, why_not="" if at else "its weeks are over")


def _why_not(one: Scheduled, rung: Rung, known: Known, announcement: Announcement | None) -> str:
    if one.due <= known.opened and not rung.nth:
        return "its turn came before this desk opened or was restored; it is asked next year"
    if announcement and announcement.stays:
        return announcement.stays
    if rung.asking.party not in known.addressed:
        return NOT_REACHED
    if one.due.year in known.unconfirmed_years:
        return f"nobody has confirmed the holidays of {one.due.year}: holidays {one.due.year} confirm"
    return ""
