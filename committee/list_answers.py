"""What a rule says of one entry of the address book, or of one that is only imagined; each question is answered once."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from committee.contacts import NOT_BY_ITSELF, Office
from committee.errors import Refused
from committee.list_entries import Book, Entry
from committee.list_rules import And, ButNot, Is, Or, Rule, What, lists_in, questions, written
from committee.lists import ByHand, DistributionList


class Found(NamedTuple):
    """By which part of a rule an entry is on a list; `named`: its office is one that the rule asks for."""

    through: str
    named: bool


class Answers:
    """Every list, and its exceptions, over the address book of one day."""

    def __init__(self, lists: Iterable[DistributionList], by_hand: Iterable[ByHand], book: Book) -> None:
        self.book = book
        self._addresses = {one.key: one.address for one in book.entries}
        self.lists = {one.key: one for one in lists}
        self._rules: dict[str, Rule] = {}
        self._by_hand = defaultdict[str, list[ByHand]](list)
        self._known: dict[tuple[str | None, ...], str | None] = {}
        self._exceptional: dict[str, bool] = {}
        self._asked_for: dict[str, list[Office]] = {}
        for one in sorted(by_hand, key=lambda one: (one.adds, one.key)):
            if one.holds_on(book.day):
                self._by_hand[one.list].append(one)

    def by_hand(self, key: str) -> tuple[ByHand, ...]:
        """The exceptions that hold on that day; who is left out stands first, since leaving out counts more."""
        return tuple(self._by_hand.get(key, ()))

    def called(self, one: ByHand) -> str:
        """Whom an exception is about, as a person knows them: the address, as long as it stands in the book."""
        return self._addresses.get(one.who, one.who) if one.is_one_address else one.who

    def rule(self, key: str) -> Rule:
        if key not in self._rules:
            if key not in self.lists:
                raise Refused(f"There is no list {key}. To see them: lists.")
            self._rules[key] = self.lists[key].asks
        return self._rules[key]

    def through(self, key: str, entry: Entry) -> str | None:
        """By which part of the rule, or by whose hand, the entry is on the list; None where it is not."""
        # A rule asks for party and office alone: addresses differ where somebody was put there or left out by hand.
        asked = (key, entry.key) if self._by_address(key) else (key, entry.party.key, entry.office)
        if asked not in self._known:
            self._known[asked] = self._through(key, entry)
        return self._known[asked]

    def found(self, rule: Rule, entry: Entry) -> Found | None:
        """By which part of this rule alone."""
        match rule:
            case Is():
                return self._answer(rule, entry)
            case And(parts):
                return _joined([self.found(part, entry) for part in parts])
            case Or(parts):
                holding = [found for part in parts if (found := self.found(part, entry))]
                return next((found for found in holding if found.named), holding[0] if holding else None)
            case ButNot(those, without):
                found = self.found(those, entry)
                return None if found is None or self.found(without, entry) else found

    def reached(self, key: str) -> list[str]:
        """The list, and every list that its rule leads to."""
        found, waiting = {key: None}, [key]
        while waiting:
            new = [named for named in lists_in(self.rule(waiting.pop())) if named not in found]
            found |= dict.fromkeys(new)
            waiting += new
        return [*found]

    def offices(self, key: str) -> list[Office]:
        """Those for which the rule, or a list that it names, asks."""
        if key not in self._asked_for:
            asked = (one for named in self.reached(key) for one in questions(self.rule(named)))
            offices = (Office(one.value) for one in asked if one.what is What.OFFICE)
            self._asked_for[key] = [*dict.fromkeys(offices)]
        return self._asked_for[key]

    def _through(self, key: str, entry: Entry) -> str | None:
        if exception := next((one for one in self._by_hand.get(key, ()) if one.is_about(entry)), None):
            return exception.says if exception.adds else None
        found = self.found(self.rule(key), entry)
        return found.through if found and (found.named or entry.office not in NOT_BY_ITSELF) else None

    def _answer(self, asked: Is, entry: Entry) -> Found | None:  # noqa: PLR0911 - one line for each question
        party, value = entry.party, asked.value
        match asked.what:
            case What.KIND:
                return _if(party.kind == value, asked)
            case What.MEMBERSHIP:
                return _if(value in party.membership, asked)
            case What.GROUP:
                return _if(party.group == value, asked)
            case What.STATUS:
                return _if(party.status == value, asked)
            case What.OFFICE:
                return _if(entry.office == value, asked, named=True)
            case What.WITH:
                return _if((party.key, value) in self.book.served, asked)
            case What.PARTY:
                return _if(value in {party.key, party.speaks_for}, asked)
            case What.LIST:
                through = self.through(value, entry)
                return None if through is None else Found(f"{written(asked)}: {through}", named=True)

    def _by_address(self, key: str) -> bool:
        """Whether an exception holds on that day for the list, or for one to which its rule leads."""
        if key not in self._exceptional:
            self._exceptional[key] = any(one in self._by_hand for one in self.reached(key))
        return self._exceptional[key]


def _if(holds: bool, asked: Is, *, named: bool = False) -> Found | None:  # noqa: FBT001 - the answer itself
    return Found(written(asked), named) if holds else None


def _joined(found: list[Found | None]) -> Found | None:
    holding = [one for one in found if one]
    if len(holding) < len(found):
        return None
    return Found(" and ".join(one.through for one in holding), any(one.named for one in holding))
