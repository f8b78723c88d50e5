"""What a desk's administrator does beside its work: run it, ask how it is, back it up, restore it, bring it forward."""

import asyncio
import os
import shlex
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot import building, doctor, running
from bot.door import DONE, REFUSED, Door, NotTyped, folder_of, opened, run, settings_now, shown
from bot.leads import EVERYTHING, ONLY
from bot.printing import print_text
from committee.calendar import written_moment
from committee.cards import Card
from committee.counting import counted
from mailflows import backups
from mailflows.desk import Desk
from storage.backup import BackedUp, back_up
from storage.described import DESK
from storage.folder import add_key, keys_of, work_lock
from storage.migrating import before
from storage.opening import opened as store_opened
from storage.port import Store as AnyStore
from storage.restore import Unpacked, unpacked
from storage.store import Store


def run_desk(door: Door, only: str | None = None) -> int:
    """Run the desk, or only one of its parts, until it is told to end."""

    async def errand() -> int:
        async with opened(door) as (folder, desk, settings):
            await running.run(folder, desk, settings, ONLY[only] if only else EVERYTHING)
        return DONE

    if only and only not in ONLY:
        said = f"--only is {only!r} and must be {' or '.join(ONLY)}, for example: verbale run --only mail"
        return run(partial(_not_typed, said), door)
    return run(errand, door, fast=True)


async def _not_typed(said: str) -> int:
    raise NotTyped(said)


def examine(door: Door) -> int:
    """Print how everything is; 0 where nothing is wrong."""

    async def errand() -> int:
        card = await doctor.examine(door)
        shown(card, door, everything=True)
        return DONE if card.ok else REFUSED

    return run(errand, door)


def backup(file: Path, door: Door) -> int:
    """Make a backup, and say where the audit trail ended; 1 where what it holds does not fit the trail."""

    async def errand() -> int:
        async with opened(door) as (_, desk, _settings):
            person = await building.who_acts(desk, door.person)
            made = await backups.back_up(file, datetime.now(UTC), person, desk)
        card = _made(made)
        shown(card, door)
        return DONE if card.ok else REFUSED

    return run(errand, door)


def restore(file: Path, folder: Path, door: Door, *, administrator: str | None) -> int:
    """Make a desk of a backup, held until an administrator lets it go."""

    async def errand() -> int:
        with unpacked(file, folder) as there:
            card = await _held(there, folder, administrator)
        shown(card, door)
        return DONE

    return run(errand, door)


def migrate(door: Door) -> int:
    """Bring an older desk forward, after a backup beside it."""

    async def errand() -> int:
        settings = settings_now()
        folder = folder_of(door, settings)
        if settings.database:
            card = await _of_this_version(folder, settings.database)
        else:
            card = await _brought_forward(folder, door)
        shown(card, door)
        return DONE

    return run(errand, door)


def keys(door: Door, *, new: bool) -> int:
    """Which keys are valid, the newest first; `new` makes another one."""

    async def errand() -> int:
        async with opened(door) as (folder, desk, settings):
            person = await building.who_acts(desk, door.person)
            if new:
                backups.require_administrator(person, "make a key", practice=desk.facts.practice)
                with work_lock(folder, "verbale keys"):  # a desk that runs would not know it
                    add_key(folder)
                    async with await store_opened(
                        folder, settings.database
                    ) as store:  # whose seal is made with the new one
                        await backups.rekeyed(datetime.now(UTC), person, await _as_it_is(store))
        rows = tuple({"key": key.id, "made_with": place == 0} for place, key in enumerate(keys_of(folder)))
        said = "Tokens and seals are made with the first; what was made with the other is still known."
        shown(Card("Keys", said, rows), door)
        return DONE

    return run(errand, door)


def copy(to: str, door: Door) -> int:
    """Move the desk to a database, or from its database to a folder; then only the copy opens."""

    async def errand() -> int:
        from bot import copying  # noqa: PLC0415 - PostgreSQL's driver need not be loaded for the others

        shown(await copying.moved(to, door), door)
        return DONE

    return run(errand, door)


def manifest() -> int:
    """Print the manifest of the Slack app, under the slash command's name of the settings."""

    async def errand() -> int:
        from bot.commands import COMMANDS  # noqa: PLC0415 - the registry need not be loaded for the others
        from bot.slack import manifest as slack  # noqa: PLC0415 - and this knows the registry

        print_text(slack.written(slack.manifest(COMMANDS, settings_now().slack_command)).strip())
        return DONE

    return run(errand, Door())


HELD_NEXT = ("verbale verify", "verbale do 'outbox uncertain'", "verbale do resume")


async def _held(there: Unpacked, folder: Path, administrator: str | None) -> Card:
    async with Store.open(there.aside, bring_forward=True) as store:
        desk = await _as_it_is(store)
        if administrator and not desk.facts.practice:
            await backups.take_over(administrator, os.getuid(), desk)
        person = await building.who_acts(desk, None)
        unsent = await backups.hold_restored(there.manifest, person, desk)
    return Card(
        f"Restored to {folder}",
        f"It is as it was on {written_moment(there.manifest.made_at)}, and held: nothing leaves until an administrator "
        f"resumes. {counted(len(unsent), 'delivery', 'deliveries')} may have left since and wait for a person.",
        fields={"made_at": there.manifest.made_at, "trail": there.manifest.count, "uncertain": len(unsent)},
        notes=tuple(f"{line} --desk {shlex.quote(str(folder))}" for line in HELD_NEXT),
    )


async def _brought_forward(folder: Path, door: Door) -> Card:
    old = await asyncio.to_thread(before, folder)
    if old.version >= old.newest or old.facts is None:
        async with Store.open(folder):  # a newer one, and one that was never finished, say so
            return Card(f"Version {old.version}", "This desk is of this version already; nothing was changed.")
    person = building.who_is([*old.people], door.person, practice=old.facts.practice)
    backups.require_administrator(person, "bring a desk forward", practice=old.facts.practice)
    at = datetime.now(UTC)
    with work_lock(folder, "verbale migrate"):
        made = await asyncio.to_thread(back_up, folder, _beside(folder, old.version, at), DESK, at)
        async with Store.open(folder, bring_forward=True) as store:
            await backups.brought_forward(made, person, await _as_it_is(store))
    said = f"From version {old.version} to {old.newest}. The desk as it was is in {made.path}."
    return Card(f"Version {old.newest}", said, fields={"backup": str(made.path), "trail": made.manifest.count})


async def _of_this_version(folder: Path, database: str) -> Card:
    """In PostgreSQL there is one version so far; a newer one says so."""
    async with await store_opened(folder, database):
        return Card("This version", "This desk is of this version already; nothing was changed.")


def _beside(folder: Path, version: int, at: datetime) -> Path:
    whole = folder.resolve()
    return whole.with_name(f"{whole.name}-version-{version}-{at:%Y%m%dT%H%M%SZ}.tar")


async def _as_it_is(store: AnyStore) -> Desk:
    """The desk at this moment, without any setting: what is done here sends nothing."""
    facts = await building.facts_of(store)
    return Desk(store, facts, now=facts.clock or datetime.now(UTC), address="")


def _made(made: BackedUp) -> Card:
    said = f"{made.path}, {counted(made.size, 'byte')}: the database and {counted(made.kept, 'kept file')}, read back."
    faults = tuple(" ".join(filter(None, (one.ledger, one.key, one.what))) for one in made.found)
    wrong = (
        (f"{counted(len(faults), 'thing')} of this desk does not fit its audit trail:", *faults[:5]) if faults else ()
    )
    fields = {
        "file": str(made.path), "made_at": made.manifest.made_at, "size": made.size, "kept": made.kept,
        "trail": made.manifest.count, "last": made.manifest.last, "seal": made.manifest.seal,
    }  # fmt: skip
    return Card("Backed up", said, fields=fields, notes=wrong, ok=not faults)
