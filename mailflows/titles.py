"""Before a letter goes: which people would be written to without a title."""

from collections.abc import Iterable

from committee.letters import Draft
from storage.tables import Tables

MOST_NAMED = 20


async def missing(drafts: Iterable[Draft], tables: Tables) -> tuple[str, ...]:
    """A sentence where people would be addressed whose title is not on record; offices and mailboxes have none."""
    written_to = {(one.address, draft.party) for draft in drafts for one in draft.addressees}
    if not written_to:
        return ()
    found = await tables.contacts.find(address=tuple({address for address, _ in written_to}))
    bare = [
        one for one in found
        if one.is_person and not one.title and {(one.address, one.party), (one.address, one.state)} & written_to
    ]  # fmt: skip
    if not bare:
        return ()
    named = ", ".join(f"{one.name} ({one.key})" for one in bare[:MOST_NAMED])
    more = f" and {len(bare) - MOST_NAMED} more" if len(bare) > MOST_NAMED else ""
    return (f"No title is on record of {named}{more}. To give one: contact KEY title TITLE",)
