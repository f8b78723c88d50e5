"""Before a letter goes: which people would be written to without a title."""

from collections.abc import Collection, Iterable

from committee.contacts import Contact
from committee.letters import Addressee, Draft
from storage.tables import Tables

MOST_NAMED = 20


async def missing(drafts: Iterable[Draft], tables: Tables) -> tuple[str, ...]:
    """A sentence, for whoever is shown the letter, where people in it have no title."""
    bare = await untitled([(draft.party, draft.addressees) for draft in drafts], tables)
    return (
        (f"{said([f'{one.name} ({one.key})' for one in bare])} To give one: contact KEY title TITLE",) if bare else ()
    )


async def untitled(written_to: Iterable[tuple[str, Iterable[Addressee]]], tables: Tables) -> list[Contact]:
    """The people among the addressees of each party whose title is not on record; offices and mailboxes have none."""
    places = {(person.address, party) for party, people in written_to for person in people}
    found = await tables.contacts.find(address=tuple({address for address, _ in places})) if places else []
    return [
        one for one in found
        if one.is_person and not one.title and {(one.address, one.party), (one.address, one.state)} & places
    ]  # fmt: skip


def said(names: Collection[str]) -> str:
    """The first of them by name, and how many more there are."""
    first = [*names][:MOST_NAMED]
    more = f" and {len(names) - len(first)} more" if len(names) > len(first) else ""
    return f"No title is on record of {', '.join(first)}{more}."
