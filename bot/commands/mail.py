"""/1540 inbox, mail …: the mail that was kept, and whose it is when nobody on file wrote it."""

from datetime import date, timedelta

from bot.commands.since import start_of
from bot.registry import command
from committee.cards import Card, Offer
from committee.cases import Waiting
from committee.errors import Refused
from committee.handling import Handling
from committee.mail import Mail, MailState
from committee.staff import Person, Role
from mailflows import cases, handling, network
from mailflows import mail as flows
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act, Press

SHOWN_FOR = timedelta(days=90)


@command("inbox [set-aside|waiting|overdue|mine=WHICH] [--since DATE] [--all]", reads=True, example="inbox set-aside")
async def inbox(
    desk: Desk, person: Person, *, which: str | None = None, since: date | None = None, all: bool = False
) -> Card:
    """The mail that was kept: what is set aside, what waits for an answer of ours, and the last 90 days."""
    if which in _BY_CASE:
        return await _cases(which, person, desk)
    first = None if all else (since or desk.today - SHOWN_FOR)
    found = {m.key: m for m in await desk.store.mail.find(state=(MailState.SET_ASIDE, MailState.KEPT))}
    if which is None:
        found |= {m.key: m for m in await desk.store.mail.find(since=start_of(first))}
    stands = await cases.standing(found, desk)
    rows = tuple(_row(found[key], stands.get(key)) for key in sorted(found))
    aside = sum(mail.state is MailState.SET_ASIDE for mail in found.values())
    return Card("Mail set aside" if which else "Mail", f"{len(rows)} shown; {aside} set aside.", rows)


_BY_CASE = {
    "waiting": "Mail that waits for an answer",
    "overdue": "Mail whose day is over",
    "mine": "Mail that you have",
}


async def _cases(which: str, person: Person, desk: Desk) -> Card:
    """The open cases, what is due first comes first."""
    waiting = await cases.of(person, desk) if which == "mine" else await cases.still_open(desk)
    chosen = {one.case.key: one for one in waiting if which != "overdue" or one.overdue}
    mails = {mail.key: mail for mail in await desk.store.mail.find(key=tuple(chosen))} if chosen else {}
    rows = tuple(_row(mails[key], one) for key, one in chosen.items() if key in mails)
    late = sum(one.overdue for one in chosen.values())
    return Card(_BY_CASE[which], f"{len(rows)} shown; of {late} the day is over.", rows)


def _row(mail: Mail, stands: Waiting | None) -> dict[str, object]:
    case = stands.case if stands else None
    return {
        "key": mail.key,
        "from": mail.sender,
        "party": mail.party,
        "kind": mail.kind,
        "state": mail.state,
        "reason": mail.reason,
        "officer": (case and case.officer) or None,
        "by": stands.by if stands and case and case.is_open else None,
        "case": (case.ending or ("overdue" if stands and stands.overdue else "open")) if case else None,
    }


@command("mail MAIL", reads=True, example="mail M-2012-0003")
async def mail(desk: Desk, person: Person, *, mail: str) -> Card:
    """One mail: what is known of it."""
    found = await _found(mail, desk)
    stands = (await cases.standing([mail], desk)).get(mail)
    fields = await _known(found, stands, desk)
    offers = _offers(found, stands) if person.may(Role.OFFICER) else ()
    return Card(f"{found.key}: {found.state}", found.reason, fields=fields, offers=offers)


@command("mail MAIL show", role=Role.OFFICER, reads=True, example="mail M-2012-0003 show")
async def show(desk: Desk, person: Person, *, mail: str) -> Card:
    """One mail whole, with its subject and its words: for officers, at the terminal."""
    require(person, Role.OFFICER, "read a mail")
    found = await _found(mail, desk)
    fields = await _known(found, (await cases.standing([mail], desk)).get(mail), desk)
    if not handling.reads_closed(person, desk) and fields["handling"] is not Handling.OPEN:
        raise Refused(
            f"What {mail} says is not open, so it is not shown in chat; at the terminal: verbale do 'mail {mail} show'"
        )
    reading = await desk.reader.read(await desk.store.kept(found.sha256))
    rows = tuple(
        {"enclosure": n, "name": a.name, "type": a.type, "size": a.size} for n, a in enumerate(reading.attachments, 1)
    )
    return Card(f"{found.key}: {reading.subject or 'no subject'}", reading.text, rows, fields, notes=reading.problems)


async def _found(mail: str, desk: Desk) -> Mail:
    found = await desk.store.mail.get(mail)
    if found is None:
        raise Refused(f"There is no mail {mail}. To see them: inbox.")
    return found


async def _known(found: Mail, stands: Waiting | None, desk: Desk) -> dict[str, object]:
    return {
        **_row(found, stands), "answered_by": (stands and stands.case.answer) or None, "answers": found.answers or None,
        "proposed": found.proposed, "size": found.size, "kept_at": found.kept_at, "came_at": found.came_at,
        "came_by": found.came_by, "submission": found.submission, "authenticated": found.authenticated,
        "sha256": found.sha256, "decided_by": found.decided_by,
        "handling": await handling.of_mail(found, desk.store),
    }  # fmt: skip


def _offers(mail: Mail, stands: Waiting | None) -> tuple[Offer, ...]:
    """What an officer may do about a mail that waits for an answer; what was set aside has its own card."""
    if stands is None or not stands.case.is_open or mail.state is not MailState.TAKEN_IN:
        return ()
    reply, take = cases.offers(mail.key)
    return (reply,) if stands.case.officer else (reply, take)


@command("mail MAIL assign PARTY", role=Role.OFFICER, example="mail M-2012-0003 assign Malawi")
async def assign(desk: Desk, person: Person, *, mail: str, party: str, press: Press | None = None) -> Card:
    """This mail is that party's: keep the address, and take the mail in as theirs."""
    placed = await flows.assign(mail, party, Act(person, desk, press), keep_address=True)
    return _placed(placed, FILED if placed.filed_by else "The address is kept.")


@command("mail MAIL once PARTY", role=Role.OFFICER, example="mail M-2012-0003 once Malawi")
async def once(desk: Desk, person: Person, *, mail: str, party: str, press: Press | None = None) -> Card:
    """This mail is that party's, this once: take it in, and do not keep the address."""
    placed = await flows.assign(mail, party, Act(person, desk, press), keep_address=False)
    return _placed(placed, FILED if placed.filed_by else "The address is not kept.")


FILED = "It is filed as sent by hand; the address is the staff's own, and no party's."


@command("mail MAIL keep", role=Role.OFFICER, example="mail M-2013-0003 keep")
async def keep(desk: Desk, person: Person, *, mail: str, press: Press | None = None) -> Card:
    """Whoever wrote it stays in the network of former members: it answers the letter that asked leave to keep them."""
    kept = await network.keep(mail, Act(person, desk, press))
    text = f"Kept by {person.name}. To end it: contact {kept.key} end DATE"
    return Card(f"{kept.key}: in the network", text, fields={"key": kept.key, "party": kept.party, "from": kept.start})


@command("mail MAIL refuse", role=Role.OFFICER, example="mail M-2012-0003 refuse")
async def refuse(desk: Desk, person: Person, *, mail: str, press: Press | None = None) -> Card:
    """Not theirs: the mail stays kept, and nothing is made of it."""
    return _placed(await flows.refuse(mail, Act(person, desk, press)), "It stays kept; nothing is made of it.")


def _placed(mail: Mail, text: str) -> Card:
    said = f" It is submission {mail.submission}." if mail.submission else ""
    fields = {"key": mail.key, "party": mail.party, "state": mail.state, "submission": mail.submission}
    return Card(f"{mail.key}: {mail.state}", text + said, fields=fields)
