"""Deliveries as they stand after a day's work, put into the ledger as the outbox leaves them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from committee.letters import Copy, Delivery, DeliveryState, Letter
from mailflows import composed
from tests.conftest import PracticeDesk

TLS = "TLSv1.3 TLS_AES_256_GCM_SHA384"


async def reminded(desk: PracticeDesk, states: str = "MWI,ZMB") -> list[Letter]:
    """The States are reminded of their first report, as one release that nobody has accepted yet."""
    card = await desk.types(f"remind first-report --to {states}")
    await desk.presses(card.actions[0].key)
    return sorted(await desk.outbox(), key=lambda letter: letter.key)


async def copies(desk: PracticeDesk, letter: Letter | str) -> list[Delivery]:
    key = letter if isinstance(letter, str) else letter.key
    return await desk.desk.store.deliveries.find(letter=key)


async def stands(desk: PracticeDesk, deliveries: Iterable[Delivery], state: DeliveryState, **facts: Any) -> None:
    """They are in this state now, however they came into it."""
    async with desk.desk.store.transaction(by="test", doing=f"delivery {state}", about="x", at=desk.desk.now) as tx:
        await tx.deliveries.put(*(replace(one, state=state, **{"since": desk.desk.now} | facts) for one in deliveries))


async def accept(  # noqa: PLR0913 - one acceptance, each fact by its name
    desk: PracticeDesk,
    letter: Letter | str,
    *,
    at: datetime | None = None,
    server: str = "relay.test:25",
    tls: str = TLS,
    reply: str = "250 2.0.0 queued as 4XyZ",
    apart: timedelta = timedelta(seconds=7),
) -> list[Delivery]:
    """Every copy of the letter is accepted, one after the other, each with its proof."""
    found = await desk.desk.store.letters.get(letter if isinstance(letter, str) else letter.key)
    assert found
    first = at or desk.desk.now
    dated = replace(found, date=found.date or first)
    raw = await composed.message(dated, desk.desk)
    for place, delivery in enumerate(await copies(desk, found)):
        copy = Copy(first + place * apart, reply, server, tls, raw.sha256)
        proven = replace(
            delivery, state=DeliveryState.SENT, since=copy.at, tries=1, reply=reply, server=server, tls=tls,
            sha256=copy.sha256, copies=(*delivery.copies, copy),
        )  # fmt: skip
        async with desk.desk.store.transaction(
            by="rule: outbox", doing="delivery sent", about=delivery.key, at=copy.at, words={"reply": reply}
        ) as tx:
            await tx.letters.put(dated)
            await tx.deliveries.put(proven)
    return await copies(desk, found)
