"""Whose an incoming mail is, and by when it should be answered: taken, given, given a day, and ended by whatever ends it."""

from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from committee.calendar import written, written_moment
from committee.cards import Offer
from committee.cases import POLICY, Case, Ending, Waiting, asks, urgency, waiting
from committee.errors import Refused
from committee.mail import Mail, MailState
from committee.names import fold
from committee.policies import in_force, read
from committee.questions import Question
from committee.staff import Person, Role
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act, use
from storage.port import Transaction
from storage.tables import Tables


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody else has it, or it has ended, so nothing was changed: a press that is bound to `digest` takes it all the same."""

    case: Case
    officer: Person | None
    digest: str


async def take(key: str, who: Act) -> Case | Held:
    """From now on it is theirs who asks; what another officer has is taken over only by a press that says whose it is.

    One that has ended is opened again, but not by the button of a card that was shown before it ended.
    """
    async with _changing("take", key, who) as (tx, mail, words):
        case = await _case(tx, mail, who.desk)
        if case.is_open and case.officer == who.person.key:
            raise Refused(f"{key} is yours already{_since(case)}. Nothing was changed.")
        holder = await tx.staff.get(case.officer) if case.is_open and case.officer else None
        others = holder is not None and holder.may(Role.OFFICER)
        ended = not case.is_open and who.press is not None
        if (others or ended) and (who.press is None or who.press.digest != shown(case)):
            return Held(case, holder, shown(case))
        await use(tx, who.press, who.person, who.desk.now)
        words |= {"to": who.person.key, "from": holder.key if holder else ""}
        taken = case.taken_by(who.person.key, who.desk.now)
        await tx.cases.put(taken)
    return taken


async def give(key: str, to: str, who: Act) -> Case:
    """From now on it is `to`'s, who must be able to answer it."""
    async with _changing("give", key, who) as (tx, mail, words):
        officer = await tx.staff.get(to)
        if officer is None:
            raise Refused(f"There is no {to} in the staff register. Nothing was changed. To see who is: staff.")
        if not officer.may(Role.OFFICER):
            held = ", ".join(officer.roles) or "no role"
            raise Refused(
                f"{officer.name} has {held}, and mail is answered by officers. Nothing was changed. To see who is: staff."
            )
        case = await _case(tx, mail, who.desk)
        if case.is_open and case.officer == to:
            raise Refused(f"{key} is {officer.name}'s already{_since(case)}. Nothing was changed.")
        await use(tx, who.press, who.person, who.desk.now)
        words |= {"to": to, "from": case.officer if case.is_open else ""}
        given = case.taken_by(to, who.desk.now)
        await tx.cases.put(given)
    return given


async def answer_by(key: str, day: date, who: Act) -> Case:
    """The last day on which it should be answered; it stands whatever the calendar becomes."""
    async with _changing("by", key, who) as (tx, mail, words):
        if day < who.desk.today:
            raise Refused(f"{written(day)} is over. Nothing was changed. For example: mail {key} by in 5 working days")
        case = _still_open(await _case(tx, mail, who.desk))
        await use(tx, who.press, who.person, who.desk.now)
        words |= {"day": day.isoformat()}
        changed = replace(case, by=day)
        await tx.cases.put(changed)
    return changed


async def done(key: str, why: str, who: Act) -> Case:
    """Nothing more is to be done about it: it leaves everybody's queue."""
    async with _changing("done", key, who) as (tx, mail, words):
        case = _still_open(await _case(tx, mail, who.desk))
        await use(tx, who.press, who.person, who.desk.now)
        if why:
            words["why"] = why
        ended = case.closed(Ending.DONE, who.person.key, who.desk.now)
        await tx.cases.put(ended)
    return ended


def shown(case: Case) -> str:
    """What the button that takes it over is bound to: who has it, since when, and what has ended it."""
    return f"{case.officer}/{case.taken}/{case.ending}/{case.ended}"


async def of(person: Person, desk: Desk) -> list[Waiting]:
    """The open cases that a person has, the most urgent first."""
    return await _waiting((case for case in await desk.store.cases.find(officer=person.key)), desk)


async def overdue(desk: Desk) -> list[Waiting]:
    """The open cases whose last day is over, whoever has them, the oldest first."""
    return [one for one in await still_open(desk) if one.overdue]


async def still_open(desk: Desk) -> list[Waiting]:
    """Every open case, the most urgent first."""
    return await _waiting(await desk.store.cases.find(ending=None), desk)


async def standing(keys: Collection[str], desk: Desk) -> dict[str, Waiting]:
    """How the case of each of these mails stands, ended ones too; a mail without one is left out."""
    off, wanted = await _off(desk.store), {*keys}
    many = len(wanted) > FEW
    found = await desk.store.cases.all() if many else [await desk.store.cases.get(key) for key in wanted]
    return {case.key: waiting(case, desk.today, off) for case in found if case and case.key in wanted}


FEW = 50
"""So many are looked up one by one."""


async def opened(mail: Mail, words: str, tx: Transaction, desk: Desk) -> None:
    """Mail that asks something of us has a case from the commit that takes it in, and working days to be answered in."""
    if not ask(mail.kind, words):
        return
    days = read(POLICY, in_force(await tx.policies.all(), desk.today)[POLICY])
    assert isinstance(days, int)  # noqa: S101 - as this policy is read
    came = mail.came_at or mail.kept_at
    known = await tx.cases.get(mail.key)  # somebody took it while it was set aside
    case = replace(known, within=days) if known and known.is_open else Case(mail.key, opened=came, within=days)
    await tx.cases.put(case)


def ask(kind: str, words: str) -> bool:
    """Whether mail of this kind asks something of us; to "help" and "status" the desk answers by itself."""
    return kind in ALWAYS or (kind not in {*Question} and asks(fold(words)))


def offers(key: str) -> tuple[Offer, ...]:
    """What an officer may do about a mail that nobody has."""
    return Offer("Answer", f"mail {key} reply", asks="text"), Offer("Take it", f"mail {key} take")


ALWAYS = frozenset({"assistance-request"})
"""Kinds of submission that ask for an answer whatever their words are."""


async def answered(key: str, answer: str, by: str, tx: Transaction, at: datetime) -> None:
    """A mail has been answered by a letter, or by a mail that an officer sent by hand; also one that nobody had taken.

    The first answer is the one that ended it.
    """
    case = await tx.cases.get(key) or Case(key, opened=at)
    if case.ending is not Ending.ANSWERED:
        await tx.cases.put(case.closed(Ending.ANSWERED, by, at, answer))


async def let_go(officer: str, tx: Transaction) -> None:
    """Whoever answers mail no longer has none: what is open of theirs is nobody's, and anybody may take it."""
    for case in await tx.cases.find(officer=officer):
        if case.is_open:
            await tx.cases.put(replace(case, officer="", taken=None))


async def put_away(keys: Iterable[str], by: str, tx: Transaction, at: datetime) -> None:
    """What these mails were about was set aside, or they are nobody's: whatever was open of them is no longer."""
    for key in keys:
        case = await tx.cases.get(key)
        if case and case.is_open:
            await tx.cases.put(case.closed(Ending.SET_ASIDE, by, at))


async def _waiting(cases: Iterable[Case], desk: Desk) -> list[Waiting]:
    off = await _off(desk.store)
    return sorted((waiting(case, desk.today, off) for case in cases if case.is_open), key=urgency)


async def _off(tables: Tables) -> set[date]:
    return {day.day for day in await tables.days_off.all()}


@asynccontextmanager
async def _changing(what: str, key: str, who: Act) -> AsyncIterator[tuple[Transaction, Mail, dict[str, Any]]]:
    """One change of a case in one commit; its words lie beside the trail, since the case forgets who had it before."""
    require(who.person, Role.OFFICER, f"{what} a mail")
    words: dict[str, Any] = {}
    async with who.desk.store.transaction(by=who.person.key, doing=f"mail {what}", about=key, at=who.desk.now) as tx:
        mail = await tx.mail.get(key)
        if mail is None:
            raise Refused(f"There is no mail {key}. To see them: inbox.")
        if mail.state is MailState.REFUSED:
            raise Refused(f"{key} is nobody's, {mail.decided_by} said: there is nothing to do about it.")
        yield tx, mail, words
        tx.occasion(doing=f"mail {what}", about=key, words=words)


async def _case(tx: Transaction, mail: Mail, desk: Desk) -> Case:
    return await tx.cases.get(mail.key) or Case(mail.key, opened=desk.now)


def _still_open(case: Case) -> Case:
    if case.ending is None:
        return case
    raise Refused(f"{how_it_ended(case)}. Nothing was changed. To open it again: mail {case.key} take")


def how_it_ended(case: Case) -> str:
    when = f", {written_moment(case.ended)}" if case.ended else ""
    return f"{case.key} is {case.ending} by {case.answer or case.ended_by}{when}"


def _since(case: Case) -> str:
    return f", since {written_moment(case.taken)}" if case.taken else ""
