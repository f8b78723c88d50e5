"""Who came to a list and who left it between two days, and why each: by the facts that changed, not by the lists alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from committee.calendar import written
from committee.list_entries import Entry, Listable
from committee.list_reasons import because
from committee.list_rolls import Roll, Rolls
from committee.list_rules import What, questions


@dataclass(frozen=True, slots=True)
class Change:
    """A party that came or left with its addresses; or an address that did, of a party that `stays`."""

    party: Listable
    came: bool
    addresses: tuple[str, ...]
    why: str
    stays: bool = False


def changes(key: str, before: Rolls, after: Rolls) -> list[Change]:
    """Party by party in alphabetical order; of those that stay, address by address."""
    compared = _Compared(key, before, after)
    parties = dict.fromkeys(key for day in compared.parties for key in day)
    return [change for party in parties for change in compared.of(party)]


class _Compared:
    """One list on two days, each asked once."""

    def __init__(self, key: str, before: Rolls, after: Rolls) -> None:
        self.key, self.before, self.after = key, before, after
        rolls = (before.roll(key), after.roll(key))
        self.was, self.now = map(_by_party, rolls)
        # Whoever was put on it by hand is on it also where no register knows them on that day.
        self.parties = [
            {one.key: one for one in of.book.parties} | roll.parties
            for of, roll in zip((before, after), rolls, strict=True)
        ]
        self.entries = [{one.key: one for one in rolls.book.entries} for rolls in (before, after)]

    def of(self, party: str) -> Iterator[Change]:
        was, now = self.was.get(party), self.now.get(party)
        if was is None and now is not None:
            yield self._whole(party, now, came=True)
        elif now is None and was is not None:
            yield self._whole(party, was, came=False)
        elif was is not None and now is not None:
            yield from (self._address(party, one, came=False) for one in was if one.address not in _addresses(now))
            yield from (self._address(party, one, came=True) for one in now if one.address not in _addresses(was))

    def _whole(self, party: str, there: list[Entry], *, came: bool) -> Change:
        known = self.parties[came][party]
        shown = there[0] if there else Entry(f"imagined/{party}", known, None)
        return Change(known, came, tuple(one.address for one in there), self._why(shown, came=came))

    def _address(self, party: str, entry: Entry, *, came: bool) -> Change:
        return Change(self.parties[came][party], came, (entry.address,), self._why(entry, came=came), stays=True)

    def _why(self, entry: Entry, *, came: bool) -> str:
        """By whatever fact about the entry is another on the second day; `entry` is that of the day on which it is on the list."""
        said = [*self._by_hand(entry), *self._facts(entry), *self._term(entry, came=came)]
        return "; ".join(dict.fromkeys(said)) or "another address of the same person or party takes its place"

    def _by_hand(self, entry: Entry) -> Iterator[str]:
        for key in self.after.reached(self.key):
            of = "" if key == self.key else f"list {key}: "
            was, now = self.before.by_hand(key), self.after.by_hand(key)
            yield from (f"{of}{one.says}" for one in now if one not in was and one.is_about(entry))
            yield from (f"{of}no longer {one.says}" for one in was if one not in now and one.is_about(entry))

    def _facts(self, entry: Entry) -> Iterator[str]:
        was, now = (self._on(day, entry) for day in (0, 1))
        if was is None or now is None:
            return
        for key in self.after.reached(self.key):
            for asked in questions(self.after.rule(key)):
                differs = (self.before.found(asked, was) is None) != (self.after.found(asked, now) is None)
                if differs and asked.what is not What.LIST:
                    yield because(asked, now.party, now, self.after)

    def _on(self, day: int, entry: Entry) -> Entry | None:
        """The entry as it is, or would be, on one of the two days; None where its party is not known then."""
        if (party := self.parties[day].get(entry.party.key)) is None:
            return None
        return self.entries[day].get(entry.key) or replace(entry, party=party)

    def _term(self, entry: Entry, *, came: bool) -> Iterator[str]:
        known = self.entries[not came].get(entry.key)
        if known is None and entry.address:
            day = entry.start if came else entry.end
            since = "from" if came else "until"
            yield f"{entry.address} is in the address book {since} {written(day)}" if day else f"{entry.address} left"
        elif known is not None and known.barred != entry.barred:
            yield f"{entry.address}: {known.barred or 'it takes mail'}"


def _by_party(roll: Roll) -> dict[str, list[Entry]]:
    """What is written to, of every party that is on the list; nothing of one that no mail reaches."""
    found: dict[str, list[Entry]] = {key: [] for key in roll.parties}
    for one in roll.members:
        found[one.entry.party.key].append(one.entry)
    return found


def _addresses(entries: list[Entry]) -> set[str]:
    return {one.address for one in entries}
