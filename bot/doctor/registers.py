"""What the rules run on: holidays, statuses, the Chair, languages, and somebody who may press."""

from bot.doctor.finding import Found, good, look, wrong
from committee.counting import counted
from committee.errors import Refused
from committee.staff import Role
from committee.states import ReportStatus
from mailflows import letters
from mailflows.desk import Desk
from mailflows.rendering import shipped_languages

NEEDS_NO_SIGNATURE = "en"


async def examine(desk: Desk) -> list[Found]:
    return [
        await _holidays(desk), await _statuses(desk), await _chair(desk), await _languages(desk), await _staff(desk),
    ]  # fmt: skip


async def _holidays(desk: Desk) -> Found:
    year = desk.today.year
    days = [day for day in await desk.store.days_off.all() if day.kind == "holiday" and day.day.year == year]
    if not days:
        return look(
            "holidays", f"none of {year} is in the register", f"nothing goes by itself in {year} until there is"
        )
    if not all(day.confirmed for day in days):
        return look("holidays", f"nobody has confirmed those of {year}", f"an officer: holidays {year} confirm")
    return good("holidays", f"{counted(len(days), 'day')} of {year}, confirmed")


async def _statuses(desk: Desk) -> Found:
    states = [state for state in await desk.store.states.all() if state.is_member]
    unconfirmed = sum(state.status is ReportStatus.UNCONFIRMED for state in states)
    if unconfirmed:
        to_do = "states unconfirmed, and for each: state KEY confirm STATUS; until then nothing goes to it by itself"
        return look("States", f"{unconfirmed} of {len(states)} unconfirmed", to_do)
    return good("States", f"{len(states)}, each confirmed")


async def _chair(desk: Desk) -> Found:
    try:
        serving = await letters.chair(desk.store, desk)
    except Refused as missing:
        return look("Chair", str(missing), "until then no reminder is written")
    return good("Chair", f"{serving.delegation}, since {serving.start.isoformat()}")


async def _languages(desk: Desk) -> Found:
    signed = {one.key for one in await desk.store.languages.all() if one.signed_by} | {NEEDS_NO_SIGNATURE}
    if unsigned := sorted(shipped_languages() - signed):
        to_do = f"somebody who reads it: language {unsigned[0]} sign; until then those letters go in English"
        return look("languages", f"not signed: {', '.join(unsigned)}", to_do)
    return good("languages", f"signed: {', '.join(sorted(shipped_languages()))}")


async def _staff(desk: Desk) -> Found:
    staff = [person for person in await desk.store.staff.all() if person.left_at is None]
    administrators = [person for person in staff if person.may(Role.ADMINISTRATOR)]
    if not desk.facts.practice and not any(person.account is not None for person in administrators):
        return wrong("staff", "no administrator has an account on this host", "restore it with --administrator PERSON")
    return good("staff", f"{counted(len(staff), 'person', 'people')}, {counted(len(administrators), 'administrator')}")
