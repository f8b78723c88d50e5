"""Who of a party stands in To and who in Cc, as the party wishes it, for one kind of letter or for all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from committee.contacts import Contact, Office, each_once, of_office
from committee.letters import LetterKind

MISSION: Final = (Office.PERMANENT_MISSION, Office.PERMANENT_REPRESENTATIVE, Office.DEPUTY)
CAPITAL: Final = frozenset({Office.NATIONAL_CONTACT_POINT, Office.MINISTRY, Office.CORRESPONDENT})

ADDRESSED: Final = (
    LetterKind.FIRST_REPORT_REMINDER, LetterKind.CLOSURE_NOTICE, LetterKind.LETTER, LetterKind.LIST_LETTER,
    LetterKind.CONFIRMATION, LetterKind.MEMBER_WELCOME, LetterKind.MEMBER_NETWORK,
)  # fmt: skip
"""Kinds that are written to a party; the others answer whoever wrote, and the mission is copied where a capital did."""


@dataclass(frozen=True, slots=True)
class Addressing:
    """The offices in To, of which the first that serves is written to, and those in Cc, all of whom are copied.

    An office in To that has nobody gives way to the next one. `kind` None: for every kind of letter that has no addressing
    of its own.
    """

    key: str  # MWI, or MWI/first-report-reminder
    party: str
    to: tuple[Office, ...]
    copies: tuple[Office, ...] = ()
    kind: LetterKind | None = None
    by: str = ""


def key_of(party: str, kind: LetterKind | None) -> str:
    return f"{party}/{kind}" if kind else party


def of_a_state(party: str) -> Addressing:
    """Where a State has said nothing: its Permanent Mission, its national contact points in copy."""
    return Addressing(party, party, (Office.PERMANENT_MISSION,), (Office.NATIONAL_CONTACT_POINT,))


def in_force(addressings: Iterable[Addressing], party: str, kind: LetterKind | None) -> Addressing | None:
    """The party's for this kind of letter, else its own for all; None where it has said nothing."""
    known = {one.key: one for one in addressings if one.party == party}
    return known.get(key_of(party, kind)) or known.get(party)


def picked(contacts: Iterable[Contact], rule: Addressing, day: date) -> tuple[list[Contact], list[Contact]]:
    """Whom a letter has in To and in Cc on `day`, as the rule names their offices; nobody where nobody of To serves."""
    known = [contact for contact in contacts if contact.confirmed]
    to = next((found for office in rule.to if (found := of_office(known, office, day))), [])[:1]
    copies = each_once(one for office in rule.copies for one in of_office(known, office, day))
    return to, [one for one in copies if to and one.whose != to[0].whose]


def placed(contacts: Iterable[Contact], rule: Addressing, day: date) -> tuple[list[Contact], list[Contact]]:
    """Whom a State's letter has in To and in Cc on `day`; nobody where no confirmed address of its mission takes mail.

    A capital is never written to without its mission, whatever the State wishes: where neither To nor Cc has anybody of
    the mission, the mission is copied.
    """
    known = [contact for contact in contacts if contact.confirmed]
    missions = [one for office in MISSION for one in of_office(known, office, day)]
    if not missions:
        return [], []
    to, copies = picked(known, rule, day)
    if not to:
        to, copies = missions[:1], picked(known, replace(rule, to=(missions[0].office,)), day)[1]
    offices = {one.office for one in (*to, *copies)}
    return to, copies if offices & {*MISSION} or not offices & CAPITAL else [missions[0], *copies]
