"""/1540 mail KEY take, give, by, done: whose an incoming mail is, and by when it should be answered."""

from datetime import date

from bot.registry import command
from committee.calendar import written, written_moment
from committee.cards import Card, Offer
from committee.cases import Case
from committee.staff import Person, Role
from mailflows import cases
from mailflows.cases import Held
from mailflows.desk import Desk
from mailflows.presses import Act, Press


@command("mail MAIL take", role=Role.OFFICER, example="mail M-2012-0003 take")
async def take(desk: Desk, person: Person, *, mail: str, press: Press | None = None) -> Card:
    """This mail is yours to answer; what another officer has asks first."""
    taken = await cases.take(mail, Act(person, desk, press))
    if isinstance(taken, Held):
        return _asked(taken)
    return await _card(taken, f"{person.name} has it.", desk)


def _asked(held: Held) -> Card:
    case, officer = held.case, held.officer
    fields = {"key": case.key, "officer": officer.key if officer else None}
    if officer is None:
        again = Offer("Open it again", f"mail {case.key} take", digest=held.digest)
        text = f"{cases.how_it_ended(case)}. Nothing was changed; to take it all the same, press."
        return Card(f"{case.key}: {case.ending}", text, fields=fields, offers=(again,))
    since = f" since {written_moment(case.taken)}" if case.taken else ""
    over = Offer(f"Take it over from {officer.name}", f"mail {case.key} take", digest=held.digest)
    text = f"{officer.name} has it{since}. Nothing was changed; to take it over, press."
    return Card(f"{case.key} is {officer.name}'s", text, fields=fields, offers=(over,))


@command("mail MAIL give PERSON", role=Role.OFFICER, example="mail M-2012-0003 give officer-2")
async def give(desk: Desk, person: Person, *, mail: str, who: str, press: Press | None = None) -> Card:
    """This mail is another officer's to answer."""
    given = await cases.give(mail, who, Act(person, desk, press))
    officer = await desk.store.staff.get(who)
    return await _card(given, f"{officer.name if officer else who} has it; given by {person.name}.", desk)


@command("mail MAIL by DATE", role=Role.OFFICER, example="mail M-2012-0003 by 12 September")
async def by(desk: Desk, person: Person, *, mail: str, date: date, press: Press | None = None) -> Card:
    """Set the last day on which this mail should be answered."""
    return await _card(await cases.answer_by(mail, date, Act(person, desk, press)), f"Set by {person.name}.", desk)


@command("mail MAIL done [WHY=TEXT]", role=Role.OFFICER, example='mail M-2012-0003 done "answered by telephone"')
async def done(desk: Desk, person: Person, *, mail: str, why: str = "", press: Press | None = None) -> Card:
    """Nothing more is to be done about this mail."""
    ended = await cases.done(mail, why, Act(person, desk, press))
    return await _card(ended, f"{person.name} has closed it. To open it again: mail {mail} take", desk)


async def _card(case: Case, text: str, desk: Desk) -> Card:
    stands = (await cases.standing([case.key], desk))[case.key]
    until = f" To be answered by {written(stands.by)}." if stands.by and case.is_open else ""
    fields = {
        "key": case.key, "officer": case.officer or None, "by": stands.by, "case": case.ending or "open", "overdue": stands.overdue,
    }  # fmt: skip
    return Card(f"{case.key}: {case.ending or 'open'}", f"{text}{until}", fields=fields)
