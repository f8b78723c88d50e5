"""Every party of the registers as one kind of value; an officer adds those that have no register of their own."""

from committee.contacts import is_delegation, state_of
from committee.errors import Refused
from committee.parties import STANDING, Party, PartyKind, of_delegations, of_organization, of_state
from committee.policies import observing
from committee.staff import Role
from mailflows.correspondents import of_no_state
from mailflows.desk import Desk
from mailflows.lengths import whole
from mailflows.markdown import one_line
from mailflows.permissions import require
from mailflows.presses import Act
from mailflows.staff import key_for
from storage.tables import Tables

LONGEST_NAME = 200
RESERVED = frozenset({"add", "of", "to", "delegation", "desk", "once", "party"})
"""Words of the language, which name no party."""


async def all_on(tables: Tables, desk: Desk) -> list[Party]:
    """States, the delegations that sit or observe today, organizations, and the others; each by its key."""
    states = await tables.states.all()
    observe = observing(await tables.policies.all(), desk.today)
    return [
        *(of_state(state, desk.today) for state in states),
        *of_delegations(states, await tables.terms.all(), desk.today, observe),
        *map(of_organization, await tables.organizations.all()),
        *await others(tables),
    ]


async def others(tables: Tables) -> list[Party]:
    """The parties that are neither a State, a delegation nor an organization."""
    return [*STANDING, *await tables.parties.all()]


async def one(tables: Tables, key: str, desk: Desk) -> Party:
    """The party that has this key; a delegation also where it does not sit today, for its people stay in the book."""
    state = await tables.states.get(state_of(key))
    if state and not is_delegation(key):
        return of_state(state, desk.today)
    if state:
        observe = observing(await tables.policies.all(), desk.today)
        sitting = of_delegations([state], await tables.terms.find(state=state.key), desk.today, observe)
        return (*sitting, Party(key, PartyKind.DELEGATION, f"{state.named_on(desk.today).listed} (delegation)"))[0]
    named = await of_no_state(tables, key)
    if named is None:
        raise Refused(f"There is no party {key} in the registers. To see them: states, organizations, parties.")
    return named if isinstance(named, Party) else of_organization(named)


async def add(kind: PartyKind, name: str, who: Act) -> Party:
    """A subscriber's organization, a university, a firm, a parliament or a newspaper: it gets letters, never notes verbales."""
    require(who.person, Role.OFFICER, "add a party")
    desk, name = who.desk, whole("name", one_line(name), LONGEST_NAME)
    key = key_for(name)
    async with desk.store.transaction(by=who.person.key, doing="party add", about=key, at=desk.now) as tx:
        taken = (
            await tx.states.get(key.upper()) or await tx.organizations.get(key.upper()) or await of_no_state(tx, key)
        )
        if taken or key in RESERVED:
            raise Refused(
                f"{key} names a party already, or is a word of ours; give it a longer name. Nothing was changed."
            )
        party = Party(key, kind, name, source=f"added by {who.person.name}")
        await tx.parties.put(party)
    return party
