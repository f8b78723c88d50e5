"""An administrator fills a desk's registers from another desk's export: shown first, one press, one commit, exactly as it was."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from committee.audit import canonical, sha256
from committee.errors import Refused
from committee.staff import Role
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reminders import Stale
from storage.exporting import BEGINS, EXPORTED, Values, exported, read
from storage.tables import Tables

MOST_BYTES: Final = 100_000_000
DOING: Final = "import the registers"


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of one register: the keys of what is new, what is another, and what the export does not have."""

    register: str
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


@dataclass(frozen=True, slots=True)
class Plan:
    file: str
    changes: tuple[Change, ...]

    @property
    def digest(self) -> str:
        said = [[one.register, one.new, one.changed, one.gone] for one in self.changes]
        return sha256(canonical([self.file, said]))


def is_export(raw: bytes) -> bool:
    return raw.startswith(BEGINS)


async def export(who: Act) -> bytes:
    require(who.person, Role.ADMINISTRATOR, "export the registers")
    return await exported(who.desk.store, practice=who.desk.facts.practice)


async def preview(raw: bytes, who: Act) -> Plan:
    """What the registers would be after it; the file is kept, and nothing else is written."""
    require(who.person, Role.ADMINISTRATOR, DOING)
    values = await _read(raw, who.desk)
    await _refuse_at_work(who.desk.store)
    return await _plan(who.desk.store, values, await who.desk.store.keep(raw))


async def take_in(file: str, who: Act) -> Plan:
    """Make the registers what the export has; `Stale` if that would be another change than was shown."""
    require(who.person, Role.ADMINISTRATOR, DOING)
    if who.press is None:
        raise Refused("Registers are taken in by the button of their preview: import FILE. Nothing was changed.")
    desk = who.desk
    values = await _read(await desk.store.kept(file), desk)
    async with desk.store.transaction(by=who.person.key, doing=DOING, about=file, at=desk.now) as tx:
        await _refuse_at_work(tx)
        plan = await _plan(tx, values, file)
        if plan.digest != who.press.digest:
            raise Stale
        await use(tx, who.press, who.person, desk.now)
        for change in plan.changes:
            register, new = getattr(tx, change.register), values[change.register]
            await register.put(*(new[key] for key in (*change.new, *change.changed)))
            for key in change.gone:
                await register.remove(key)
    return plan


async def _read(raw: bytes, desk: Desk) -> Values:
    if len(raw) > MOST_BYTES:
        raise Refused(f"The export has {len(raw):,} bytes, and at most {MOST_BYTES:,} are read. Nothing was changed.")
    return await asyncio.to_thread(read, raw, practice=desk.facts.practice)


async def _refuse_at_work(tables: Tables) -> None:
    """Letters and mail name parties and contacts, so on a desk that has some nothing is replaced."""
    if await tables.letters.find(limit=1) or await tables.mail.find(limit=1):
        raise Refused(
            "This desk has mail or letters, which name what stands in its registers, so they are not replaced. Contacts come "
            "by a table: import FILE; a whole desk moves by backup and restore. Nothing was changed."
        )


async def _plan(tables: Tables, values: Values, file: str) -> Plan:
    return Plan(file, tuple([await _change(tables, name, values[name]) for name in EXPORTED]))


async def _change(tables: Tables, name: str, new: Mapping[str, Any]) -> Change:
    now = {one.key: one for one in await getattr(tables, name).all()}
    changed = tuple(key for key in new if key in now and new[key] != now[key])
    return Change(
        name, tuple(key for key in new if key not in now), changed, tuple(key for key in now if key not in new)
    )
