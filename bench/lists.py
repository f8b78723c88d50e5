"""How long a list of 10,000 addresses takes: shown as `list KEY`, and written to; with and without ten years behind it."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

from bot import building, dispatch
from bot.settings import without_environment
from committee.contacts import Contact, Office
from committee.list_posts import PostState
from committee.lists import ByHand
from committee.parties import Party, PartyKind
from committee.submissions import Kind, Submission, SubmissionState
from mailflows import approvals, lists
from mailflows.desk import Desk
from mailflows.founding import found

PARTIES, ADDRESSES = 2_500, 10_000
YEARS, SUBMISSIONS, EXCEPTIONS = 10, 20_000, 500
MOVED_A_YEAR = 0.05
"""Of the addresses, how many give way to another one in a year: each stays in the register, with its last day."""
ROUNDS = 7
NOW = datetime(2022, 9, 6, 13, tzinfo=UTC)
LIST = "calendar-subscribers"


def run() -> dict[str, float]:
    """Measure everything in turn, round after round; `with_history` is a round with ten years over the same without.

    `seconds` is a list resolved, previewed with its first letter, and queued by the press that releases it; `shown` is
    `list KEY`. What lies between the two, the first person's press, is not counted.
    """
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        took = asyncio.run(_rounds(Path(folder)))
    for what, rounds in took.items():
        print(f"{what:34} {median(rounds) * 1000:9.1f} ms  (from {min(rounds) * 1000:.1f} to {max(rounds) * 1000:.1f})")
    old, new = took["written to, with history"], took["written to, new"]
    return {
        "seconds": median(new),
        "with_history": median(one / other for one, other in zip(old, new, strict=True)),
        "shown": median(took["shown, new"]),
    }


async def _rounds(folder: Path) -> dict[str, list[float]]:
    """Seconds for each thing, a list of rounds; the first round is not counted."""
    async with AsyncExitStack() as until_the_end:
        asked: dict[str, Callable[[], Awaitable[None]]] = {}
        desks: dict[str, Desk] = {}
        for name in ("new", "with history"):
            place = folder / name.replace(" ", "-")
            await found(place, practice=True, at=NOW, administrator="", account=None)
            desk = await until_the_end.enter_async_context(building.open_desk(place, without_environment()))
            await _fill(desk)
            if name != "new":
                await _age(desk)
            asked[f"followed, {name}"] = lambda desk=desk: _follow(desk)  # type: ignore[misc] # bound at once
            asked[f"shown, {name}"] = lambda desk=desk: _show(desk)  # type: ignore[misc] # bound at once
            desks[f"written to, {name}"] = desk
            asked[f"written to, {name}"] = lambda desk=desk: _write(desk)  # type: ignore[misc] # bound at once
        took: dict[str, list[float]] = {what: [] for what in asked}
        processor: dict[str, list[float]] = {what: [] for what in asked}
        for _ in range(1 + ROUNDS):
            for what, ask in asked.items():
                if what.startswith("written"):
                    await _prepare(desks[what])
                start, worked = time.perf_counter(), time.process_time()
                await ask()
                took[what].append(time.perf_counter() - start)
                processor[what].append(time.process_time() - worked)
        for what, rounds in processor.items():
            print(f"{what:24} {median(rounds[1:]) * 1000:7.1f} ms of a processor, whatever else the machine does")
        return {what: rounds[1:] for what, rounds in took.items()}


async def _follow(desk: Desk) -> None:
    _, roll = await lists.on(LIST, desk.today, desk)
    assert len(roll.members) == ADDRESSES


async def _show(desk: Desk) -> None:
    """As it is typed: followed, and made a card of."""
    person = await desk.store.staff.get("officer-1")
    assert person
    card, _ = await dispatch.run(desk, person, f"list {LIST}")
    assert len(card.rows) == ADDRESSES


async def _write(desk: Desk) -> None:
    """Previewed as it is typed, and queued by whoever releases it."""
    approver = await desk.store.staff.get("approver-1")
    assert approver
    card, _ = await dispatch.run(desk, approver, f"post {await _waiting(desk)} send")
    assert card.fields["addresses"] == ADDRESSES
    [waiting] = await approvals.all_waiting(desk.store, desk)
    sent, status = await dispatch.press(desk, approver, waiting.card.actions[0])
    assert status == 0, sent.text
    assert sent.fields["letters"] == PARTIES


async def _prepare(desk: Desk) -> None:
    """One person writes it and asks for a second one: done before the clock starts."""
    officer = await desk.store.staff.get("officer-1")
    assert officer
    card, _ = await dispatch.run(desk, officer, f'list {LIST} post "A visit" "The experts come on 1 October."')
    _, status = await dispatch.press(desk, officer, card.actions[0].key)
    assert status == 0


async def _waiting(desk: Desk) -> str:
    [post] = await desk.store.list_posts.find(state=PostState.PREPARED)
    return post.key


async def _fill(desk: Desk) -> None:
    async with desk.store.transaction(by="bench", doing="fill", at=NOW) as tx:
        await tx.parties.put(*(Party(_firm(n), PartyKind.INDUSTRY, f"Firm {n}") for n in range(PARTIES)))
        await tx.contacts.put(*_contacts())


async def _age(desk: Desk) -> None:
    """Ten years: addresses that were given up, what the States sent, exceptions that are over."""
    async with desk.store.transaction(by="bench", doing="age", at=NOW) as tx:
        for year in range(YEARS):
            last = date(2012 + year, 12, 31)
            moved = [one for one in _contacts() if one.order % round(1 / MOVED_A_YEAR) == year]
            await tx.contacts.put(
                *(replace(one, key=f"{one.key}-{year}", address=f"old-{year}-{one.address}", end=last) for one in moved)
            )
        await tx.submissions.add(*_submissions())
        ended = NOW.date() - timedelta(days=1)
        await tx.list_exceptions.put(
            *(
                ByHand(f"{LIST}/{_firm(n)}", LIST, _firm(n), adds=False, reason="moved", start=ended, end=ended, by="x", party=_firm(n))
                for n in range(EXCEPTIONS)
            )
        )  # fmt: skip


def _submissions() -> Iterator[Submission]:
    for number in range(SUBMISSIONS):
        received = NOW - timedelta(hours=4 * number)
        yield Submission(
            f"S-{received.year}-{number:06}", Kind.ADDITIONAL_INFORMATION, "MWI", SubmissionState.ACCEPTED, received
        )


def _contacts() -> Iterator[Contact]:
    for number in range(ADDRESSES):
        firm = _firm(number % PARTIES)
        yield Contact(
            f"{firm}/subscriber/{number}", firm, Office.SUBSCRIBER, f"Subscriber {number}", f"s{number}@{firm}.example",
            order=number, start=date(2012, 9, 4), confirmed=True,
        )  # fmt: skip


def _firm(number: int) -> str:
    return f"firm-{number:05}"
