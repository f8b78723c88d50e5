"""Whether a letter may be repeated: how it stands, whether its words still hold, and to whom they would go today."""

from collections.abc import Iterable

from committee.calendar import written_moment
from committee.errors import Refused
from committee.handling import Handling
from committee.letters import OPEN, Addressee, Delivery, DeliveryState, Letter, state_of
from mailflows import correspondents, standing
from mailflows.desk import Desk
from storage.tables import Tables

D = DeliveryState
REPEATED = frozenset({D.SENT, D.BOUNCED, D.REFUSED, D.EXPIRED, D.UNCERTAIN})
"""How a letter stands of which a second copy makes sense; what still waits goes by itself, what was withdrawn was not to go."""


def stands(deliveries: Iterable[Delivery]) -> DeliveryState:
    """A party that has it may ask for it once more, also while another of its addresses is being tried."""
    copies = [*deliveries]
    return D.SENT if any(copy.state is D.SENT for copy in copies) else state_of(copies)


async def ended(earlier: list[Letter], tables: Tables) -> None:
    """One second copy after the other: two that wait at the same time are one too many."""
    for copy in earlier[-1:]:
        deliveries = await tables.deliveries.find(letter=copy.key)
        if any(one.state in OPEN for one in deliveries):
            raise Refused(
                f"A second copy of {copy.second_copy_of} is {state_of(deliveries)} already: letter {copy.key}. "
                "Nothing was changed."
            )


async def still_holds(first: Letter, tables: Tables, desk: Desk) -> None:
    """The same words once more must be true and allowed today."""
    if first.not_after and first.not_after < desk.now:
        moment = written_moment(first.not_after)
        raise Refused(f"The last useful moment of {first.key} was {moment}: a second copy would come too late.")
    if why := (await standing.why_not_any_more([first], tables, desk)).get(first.key):
        raise Refused(f"{first.key} is not sent a second time: {why.removeprefix('not sent: ')}. Nothing was changed.")
    about = await tables.submissions.get(first.conversation) if first.conversation else None
    if about and about.handling is Handling.RESTRICTED and first.handling is not Handling.RESTRICTED:
        raise Refused(
            f"{about.key} is restricted now and was not when {first.reference} was written: the same words would say "
            "more than may be said today. Nothing was changed."
        )


async def addressees(first: Letter, tables: Tables, desk: Desk) -> tuple[Addressee, ...]:
    """Whoever is written to today: an answer goes to the address that wrote, if it still serves; else the party's people."""
    to = {person.address for person in first.addressees if not person.copy} if first.answers else set()
    known = [one for one in await tables.contacts.find(party=first.party) if one.address in to]
    writer = next((one for one in known if one.confirmed and one.serves_on(desk.today)), None)
    correspondent = (
        await correspondents.answering(tables, first.party, writer, desk)
        if writer
        else await correspondents.of_party(tables, first.party, desk, first.kind)
    )
    if not correspondent.addressees:
        name = await correspondents.party_name(tables, first.party, desk)
        raise Refused(
            f"No confirmed address of {name} takes mail today: it is for paper or the telephone (call-list {first.key}). "
            "Nothing was changed."
        )
    return correspondent.addressees
