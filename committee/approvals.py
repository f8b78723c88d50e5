"""What takes two people: who prepared it, who may release it, and on whose word it left."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from committee.calendar import written_moment
from committee.delegations import Delegation, stands_for
from committee.staff import LetIn, Person, Role

NOBODY_BOTH = "Nobody releases what they prepared: another approver does. Nothing was sent."


@dataclass(frozen=True, slots=True)
class Approval:
    """On whose word letters left; a key of the staff register each. `emergency` is the reason, where it was one."""

    prepared_by: str
    released_by: str
    delegate_of: str = ""
    emergency: str = ""


@dataclass(frozen=True, slots=True)
class Preparer:
    """Who prepared it, with everything by which they were known then and are known now."""

    key: str
    name: str
    identities: frozenset[str]


@dataclass(frozen=True, slots=True)
class Staff:
    """The staff register as it is now, and the delegations that hold today."""

    people: Mapping[str, Person]
    now: datetime
    running: Collection[Delegation] = ()

    def standing_for(self, person: Person) -> list[Person]:
        return stands_for(person, self.running, self.people)


def has_the_right(person: Person, staff: Staff) -> bool:
    """Whether this person releases what others prepared: as an approver, or today as the delegate of one."""
    return person.may(Role.APPROVER) or bool(staff.standing_for(person))


def why_not(person: Person, preparer: Preparer, staff: Staff) -> str:
    """Why this person is no second one for what `preparer` prepared, whatever their role; empty where they are."""
    if person.identities & preparer.identities:
        return NOBODY_BOTH
    if any(one.identities & preparer.identities for one in staff.standing_for(person)):
        return (
            f"{person.name} is the delegate of {preparer.name}, who prepared it: nobody releases what they prepared, "
            "nor does their delegate. Another approver does. Nothing was sent."
        )
    return _one_hand(person, preparer, staff)


def _one_hand(person: Person, preparer: Preparer, staff: Staff) -> str:
    """Why these two may be one: one of them has lately said who the other is. Empty where neither has."""
    prepared = staff.people.get(preparer.key)
    for let_in in person.lately_let_in(staff.now):
        if _identities(let_in, staff) & preparer.identities:
            return _not_yet(person.name, preparer.name, let_in)
    for let_in in prepared.lately_let_in(staff.now) if prepared else ():
        if _identities(let_in, staff) & person.identities:
            return _not_yet(preparer.name, person.name, let_in)
    return ""


def _identities(let_in: LetIn, staff: Staff) -> frozenset[str]:
    known = staff.people.get(let_in.by)
    return known.identities if known else frozenset({f"entry {let_in.by}"})


def _not_yet(who: str, by: str, let_in: LetIn) -> str:
    return (
        f"{who} was let in by {by}, {written_moment(let_in.at)}; until {written_moment(let_in.settles())} the desk does not "
        "count them as two people. Another approver releases it, or it waits until then. Nothing was sent."
    )


def released(person: Person, preparer: Preparer, staff: Staff, emergency: str = "") -> Approval:
    """The record of a release that `why_not` has nothing against."""
    own = person.may(Role.APPROVER) or emergency
    stood_for = "" if own else next((one.key for one in staff.standing_for(person)), "")
    return Approval(preparer.key, person.key, stood_for, emergency)


def said(approval: Approval, named: Callable[[str], str]) -> str:
    """On whose word letters left, in a sentence; `named` gives each key its name."""
    prepared, by = named(approval.prepared_by), named(approval.released_by)
    if approval.emergency:
        return (
            f"{prepared} prepared it, and {by}, an administrator, released it in an emergency, in the place of an approver: "
            f"“{approval.emergency.rstrip('.')}”."
        )
    stood = f", as the delegate of {named(approval.delegate_of)}" if approval.delegate_of else ""
    return f"Two people let it go: {prepared} prepared it, and {by} released it{stood}."


def may_release(preparer: Preparer, staff: Staff) -> list[Person]:
    """Everybody who may, by name."""
    people = [one for one in staff.people.values() if has_the_right(one, staff) and not why_not(one, preparer, staff)]
    return sorted(people, key=lambda one: one.name)
