"""What a post becomes: each party on the list its own letter with its own people; who gets none, and why; who had the first one."""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from committee.addressing import CAPITAL, MISSION, Addressing, in_force
from committee.contacts import Contact, Office, is_delegation, of_office, state_of
from committee.correspondents import Correspondent, to_organization, to_people
from committee.letters import (
    MOST_WITHOUT_A_SECOND_PERSON,
    Addressee,
    Delivery,
    DeliveryState,
    Draft,
    Letter,
    LetterKind,
)
from committee.list_entries import Listable
from committee.list_posts import ListPost
from committee.organizations import Organization  # noqa: TC001 - as every value is
from committee.parties import Party  # noqa: TC001 - as every value is
from committee.states import State
from mailflows import letters
from mailflows.correspondents import party_name, signed_languages
from mailflows.desk import Desk
from mailflows.lists import Known
from storage.tables import Tables

NEVER_HAD = frozenset(
    {DeliveryState.WITHDRAWN, DeliveryState.EXPIRED, DeliveryState.REFUSED, DeliveryState.BOUNCED}
)  # fmt: skip
"""What a copy is of which nobody has to be told that it was wrong: it did not arrive, or came back."""
NO_MISSION = "no address of its mission takes mail, and its capital is not written to without it"


@dataclass(frozen=True, slots=True)
class Left:
    """A party, or one person of it, that is on the list and gets no letter."""

    party: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The letters of a post as they would be queued, who gets none, and the digest of it all."""

    post: ListPost
    drafts: tuple[Draft, ...]
    gaps: tuple[Left, ...]
    digest: str
    names: Mapping[str, str]  # of every party that gets a letter

    @property
    def parties(self) -> int:
        return len({draft.party for draft in self.drafts})

    @property
    def takes_a_second_person(self) -> bool:
        """By all who are on the list: one person must not write to twenty today and to the rest tomorrow."""
        return (
            len({*(one.party for one in self.gaps), *(one.party for one in self.drafts)}) > MOST_WITHOUT_A_SECOND_PERSON
        )


async def planned(post: ListPost, tables: Tables, desk: Desk) -> Plan:
    """Worked out from the list as it is today; a correction from who has what it corrects, wherever they are today."""
    if post.corrects:
        return await _correction(post, tables, desk)
    known, signed, wishes = await Known.of(tables), await signed_languages(tables), await tables.addressings.all()
    return await asyncio.to_thread(lambda: _Writing(post, known, signed, wishes, desk).plan())


class _Writing:
    """One post over the registers of today, each read once: a list may have ten thousand addresses."""

    def __init__(
        self, post: ListPost, known: Known, signed: Sequence[str], wishes: Sequence[Addressing], desk: Desk
    ) -> None:
        rolls, registers = known.on(desk.today), known.registers
        self.post, self.desk, self.signed = post, desk, signed
        self.roll = rolls.roll(post.list)
        self.unsubscribes = rolls.offices(post.list) == [Office.SUBSCRIBER]
        self.contacts = {one.key: one for one in registers.contacts}
        self.named: dict[str, State | Organization | Party] = {one.key: one for one in registers.states}
        self.named |= {one.key: one for one in registers.organizations}
        self.named |= {one.key: one for one in registers.others}
        self.wishes = _by_party(wishes)
        self.of_party = defaultdict[str, list[Contact]](list)
        for one in registers.contacts:
            self.of_party[one.party].append(one)

    def plan(self) -> Plan:
        drafts = list[Draft]()
        gaps = [Left(one.party.key, _of(one.party, one.person), one.why) for one in self.roll.gaps]
        for addressee, party, people in self._addressees():
            to = self._to(party, people)
            if to is None:
                gaps.append(Left(party.key, party.name, NO_MISSION))
            else:
                drafts.append(
                    letters.list_letter(
                        self.post, to, key=f"list-letter/{self.post.key}/{addressee}", corrects=None,
                        unsubscribes=self.unsubscribes, desk=self.desk,
                    )
                )  # fmt: skip
        return _plan(self.post, drafts, gaps, {key: one.name for key, one in self.roll.parties.items()})

    def _addressees(self) -> Iterable[tuple[str, Listable, list[Contact]]]:
        """Each party that is reached, or each person who is written to alone, with the people whom the list names."""
        found: dict[str, tuple[Listable, list[Contact]]] = {}
        for member in self.roll.members:
            one = member.entry
            found.setdefault(one.addressee, (one.party, []))[1].append(self.contacts[one.key])
        return [(addressee, party, people) for addressee, (party, people) in found.items()]

    def _to(self, party: Listable, people: list[Contact]) -> Correspondent | None:
        """The first, or whom the party wishes, in To and the others in copy; None where its mission must be told and cannot be."""
        named, first = self.named[state_of(party.key)], self._first(party.key, people)
        copies = [one for one in people if one is not first]
        if not isinstance(named, State):
            return to_organization(named, [first], self.signed, copies=copies)
        if not is_delegation(party.key) and _capital_alone(people):
            missions = [one for office in MISSION for one in self._serving(named.key, office)]
            if not missions:
                return None
            copies = [missions[0], *copies]
        return to_people(
            named, self.desk.today, self.signed, to=[first], copies=copies, party=party.key
        )  # fmt: skip

    def _first(self, party: str, people: Sequence[Contact]) -> Contact:
        rule = in_force(self.wishes.get(party, ()), party, LetterKind.LIST_LETTER)
        wished = (one for office in (rule.to if rule else ()) for one in people if one.office is office)
        return next(wished, people[0])

    def _serving(self, party: str, office: Office) -> list[Contact]:
        return [one for one in of_office(self.of_party[party], office, self.desk.today) if one.confirmed]


def _capital_alone(people: Iterable[Contact]) -> bool:
    offices = {one.office for one in people}
    return bool(offices & CAPITAL) and not offices & {*MISSION}


def _by_party(wishes: Iterable[Addressing]) -> Mapping[str, list[Addressing]]:
    found = defaultdict[str, list[Addressing]](list)
    for one in wishes:
        found[one.party].append(one)
    return found


def _of(party: Listable, person: str) -> str:
    return f"{party.name}, {person}" if person else party.name


async def _correction(post: ListPost, tables: Tables, desk: Desk) -> Plan:
    first = await tables.list_posts.get(post.corrects)
    release = first.release if first else ""
    copies = defaultdict[str, list[Delivery]](list)
    for copy in await tables.deliveries.find(kind=LetterKind.LIST_LETTER, release=release) if release else []:
        copies[copy.letter].append(copy)
    drafts, gaps = list[Draft](), list[Left]()
    had = await tables.letters.find(kind=LetterKind.LIST_LETTER, release=release) if release else []
    names = {party: await party_name(tables, party, desk) for party in {one.party for one in had}}
    for letter in had:
        if people := _who_has(letter, copies[letter.key]):
            drafts.append(_corrected(post, letter, people, desk))
        else:
            why = f"nobody of it has {letter.reference}, so nothing is to be corrected"
            gaps.append(Left(letter.party, names[letter.party], why))
    return _plan(post, drafts, gaps, names)


def _who_has(letter: Letter, copies: Iterable[Delivery]) -> tuple[Addressee, ...]:
    """Whoever has the letter or may yet get it, also at an address that took the place of a dead one; somebody in To."""
    known = {one.address: one for one in letter.addressees}
    had = dict.fromkeys(copy.address for copy in copies if copy.state not in NEVER_HAD)
    people = [known.get(address) or Addressee(address, "") for address in had]
    in_to = [one for one in people if not one.copy] or people[:1]
    return tuple([Addressee(one.address, one.name) for one in in_to] + [one for one in people if one not in in_to])


def _corrected(post: ListPost, letter: Letter, people: tuple[Addressee, ...], desk: Desk) -> Draft:
    party, mission = letter.party, letter.words["mission"]
    to = Correspondent(party, letter.language, party, party, mission, people)
    key = f"list-letter/{post.key}/{letter.key.removeprefix(f'list-letter/{post.corrects}/')}"
    return letters.list_letter(post, to, key=key, unsubscribes=letter.unsubscribes, corrects=letter, desk=desk)


def _plan(post: ListPost, drafts: Sequence[Draft], gaps: Sequence[Left], names: Mapping[str, str]) -> Plan:
    bound = letters.digest(drafts) + repr(gaps)
    return Plan(post, tuple(drafts), tuple(gaps), hashlib.sha256(bound.encode()).hexdigest(), names)
