"""To whom a letter to a party goes, looked up in the registers of the day."""

from committee.addressing import in_force, of_a_state, picked
from committee.contacts import NOT_BY_ITSELF, Contact, Office, is_delegation, state_of
from committee.correspondents import Correspondent, back_to_writer, to_delegation, to_organization, to_state
from committee.errors import Refused
from committee.letters import LetterKind
from committee.organizations import Organization
from committee.parties import STANDING, Party
from mailflows.desk import Desk
from storage.tables import Tables


async def signed_languages(tables: Tables) -> list[str]:
    return [language.key for language in await tables.languages.all() if language.signed_by]


async def of_state(tables: Tables, key: str, desk: Desk, kind: LetterKind | None = None) -> Correspondent:
    """A State's people as it wishes to be addressed in this kind of letter; empty where nothing confirmed is on record."""
    state = await tables.states.get(key)
    if state is None:
        raise Refused(f"There is no State {key} in the register.")
    rule = in_force(await tables.addressings.find(party=key), key, kind) or of_a_state(key)
    contacts = await tables.contacts.find(party=key)
    return to_state(state, contacts, desk.today, await signed_languages(tables), rule)


async def of_party(tables: Tables, key: str, desk: Desk, kind: LetterKind | None = None) -> Correspondent:
    """Any party by its own people: a State's as it wishes, a delegation, the first of an organization or of another party."""
    if is_delegation(key):
        return await _of_delegation(tables, key, desk, kind)
    if named := await of_no_state(tables, key):
        to, copies = await _wished(tables, key, desk, kind) or ((await in_order(tables, key, desk))[:1], [])
        return to_organization(named, to, await signed_languages(tables), copies=copies)
    return await of_state(tables, key, desk, kind)


async def _wished(
    tables: Tables, key: str, desk: Desk, kind: LetterKind | None
) -> tuple[list[Contact], list[Contact]] | None:
    """To and Cc as a party that is no State wishes; None where it has said nothing, or nobody of its To serves."""
    rule = in_force(await tables.addressings.find(party=key), key, kind)
    to, copies = picked(await tables.contacts.find(party=key), rule, desk.today) if rule else ([], [])
    return (to, copies) if to else None


async def of_no_state(tables: Tables, key: str) -> Organization | Party | None:
    """The organization, or the party of another kind, that has this key: what gets letters, never notes verbales."""
    return (
        await tables.organizations.get(key)
        or await tables.parties.get(key)
        or next((one for one in STANDING if one.key == key), None)
    )


async def _of_delegation(tables: Tables, key: str, desk: Desk, kind: LetterKind | None) -> Correspondent:
    state = await tables.states.get(state_of(key))
    if state is None:
        raise Refused(f"There is no State {state_of(key)} in the register.")
    wished = await _wished(tables, key, desk, kind)
    people = [one for part in wished for one in part] if wished else await in_order(tables, key, desk)
    return to_delegation(state, people, desk.today, await signed_languages(tables))


async def of_sender(tables: Tables, party: str, sender: str, desk: Desk) -> Correspondent:
    """Whoever sent something for `party`, by the address book: its registered address, else an address accepted for once.

    One that is held, that has left, or that stands under another party is not written to: the party's own people are.
    """
    known = await tables.contacts.find(address=sender)
    if serving := [one for one in known if one.state == party and one.serves_on(desk.today)]:
        return await answering(tables, party, serving[0], desk)
    if "@" in sender and not known:
        return await answering(tables, party, writer_once(party, sender, ""), desk)
    return await of_party(tables, party, desk)


async def answering(tables: Tables, party: str, writer: Contact, desk: Desk) -> Correspondent:
    """Whoever wrote for `party`, by its registered address; in copy the mission where a capital wrote."""
    if state := await tables.states.get(party):
        contacts = await tables.contacts.find(party=party)
        return back_to_writer(state, writer, contacts, desk.today, await signed_languages(tables))
    named = await of_no_state(tables, party)
    if named is None:
        raise Refused(f"There is no party {party} in the registers.")
    return to_organization(named, [writer], await signed_languages(tables))


async def in_order(tables: Tables, party: str, desk: Desk) -> list[Contact]:
    """A party's people who may be written to today, in the order in which they are: a State's mission first."""
    offices = list(Office)
    known = [one for one in await tables.contacts.find(party=party) if one.office not in NOT_BY_ITSELF]
    serving = [one for one in known if one.confirmed and one.serves_on(desk.today)]
    return sorted(serving, key=lambda one: (offices.index(one.office), one.order, one.key))


def writer_once(party: str, address: str, name: str) -> Contact:
    """An address that an officer accepts for one message: it is answered, and not kept."""
    return Contact(f"once/{address}", party, Office.NATIONAL_CONTACT_POINT, name or address, address, confirmed=True)


async def party_name(tables: Tables, key: str, desk: Desk) -> str:
    """A party's name of the day as lists write it; its key where no register has it."""
    if is_delegation(key):
        return f"{await party_name(tables, state_of(key), desk)} (delegation)"
    if state := await tables.states.get(key):
        return state.named_on(desk.today).listed
    named = await of_no_state(tables, key)
    return named.name if named else key
