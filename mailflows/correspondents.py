"""To whom a letter to a party goes, looked up in the registers of the day."""

from committee.contacts import Contact, Office
from committee.correspondents import Correspondent, back_to_writer, to_organization, to_state
from committee.errors import Refused
from mailflows.desk import Desk
from storage.tables import Tables


async def signed_languages(tables: Tables) -> list[str]:
    return [language.key for language in await tables.languages.all() if language.signed_by]


async def of_state(tables: Tables, key: str, desk: Desk) -> Correspondent:
    """A State's mission and contact points; addressees are empty where nothing confirmed is on record."""
    state = await tables.states.get(key)
    if state is None:
        raise Refused(f"There is no State {key} in the register.")
    return to_state(state, await tables.contacts.find(party=key), desk.today, await signed_languages(tables))


async def of_party(tables: Tables, key: str, desk: Desk) -> Correspondent:
    """Any party by its own people: a State's mission and contact points, an organization's office."""
    organization = await tables.organizations.get(key)
    if organization is None:
        return await of_state(tables, key, desk)
    return to_organization(organization, *(await in_order(tables, key, desk))[:1])


async def answering(tables: Tables, party: str, writer: Contact, desk: Desk) -> Correspondent:
    """Whoever wrote for `party`, by its registered address; in copy the mission where a capital wrote."""
    if state := await tables.states.get(party):
        contacts = await tables.contacts.find(party=party)
        return back_to_writer(state, writer, contacts, desk.today, await signed_languages(tables))
    organization = await tables.organizations.get(party)
    if organization is None:
        raise Refused(f"There is no party {party} in the registers.")
    return to_organization(organization, writer)


async def in_order(tables: Tables, party: str, desk: Desk) -> list[Contact]:
    """A party's people who may be written to today, in the order in which they are: a State's mission first."""
    offices = list(Office)
    known = [one for one in await tables.contacts.find(party=party) if one.office is not Office.CORRESPONDENT]
    serving = [one for one in known if one.confirmed and one.serves_on(desk.today)]
    return sorted(serving, key=lambda one: (offices.index(one.office), one.order, one.key))


def writer_once(party: str, address: str, name: str) -> Contact:
    """An address that an officer accepts for one message: it is answered, and not kept."""
    return Contact(f"once/{address}", party, Office.NATIONAL_CONTACT_POINT, name or address, address, confirmed=True)


async def party_name(tables: Tables, key: str, desk: Desk) -> str:
    """A party's name of the day as lists write it; its key where no register has it."""
    if state := await tables.states.get(key):
        return state.named_on(desk.today).listed
    organization = await tables.organizations.get(key)
    return organization.name if organization else key
