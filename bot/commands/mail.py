"""/1540 inbox, mail …: the mail that was kept, and whose it is when nobody on file wrote it."""

from datetime import date, timedelta

from bot.commands.since import start_of
from bot.registry import command
from committee.cards import Card
from committee.errors import Refused
from committee.handling import Handling
from committee.mail import Mail, MailState
from committee.staff import Person, Role
from mailflows import handling
from mailflows import mail as flows
from mailflows.desk import Desk
from mailflows.presses import Act, Press

SHOWN_FOR = timedelta(days=90)


@command("inbox [set-aside=WHICH] [--since DATE] [--all]", reads=True, example="inbox set-aside")
async def inbox(
    desk: Desk, _person: Person, *, which: str | None = None, since: date | None = None, all: bool = False
) -> Card:
    """The mail that was kept: what is set aside, and the last 90 days."""
    first = None if all else (since or desk.today - SHOWN_FOR)
    found = {m.key: m for m in await desk.store.mail.find(state=(MailState.SET_ASIDE, MailState.KEPT))}
    if which is None:
        found |= {m.key: m for m in await desk.store.mail.find(since=start_of(first))}
    rows = tuple(_row(found[key]) for key in sorted(found))
    aside = sum(mail.state is MailState.SET_ASIDE for mail in found.values())
    return Card("Mail set aside" if which else "Mail", f"{len(rows)} shown; {aside} set aside.", rows)


def _row(mail: Mail) -> dict[str, object]:
    return {
        "key": mail.key,
        "from": mail.sender,
        "party": mail.party,
        "kind": mail.kind,
        "state": mail.state,
        "reason": mail.reason,
    }


@command("mail MAIL [show=WHICH]", reads=True, example="mail M-2012-0003 show")
async def mail(desk: Desk, person: Person, *, mail: str, which: str | None = None) -> Card:
    """One mail: what is known of it; `show` reads it whole to an officer at the terminal."""
    found = await desk.store.mail.get(mail)
    if found is None:
        raise Refused(f"There is no mail {mail}. To see them: inbox.")
    fields = {
        **_row(found), "proposed": found.proposed, "size": found.size, "kept_at": found.kept_at, "came_at": found.came_at,
        "came_by": found.came_by, "submission": found.submission, "authenticated": found.authenticated,
        "sha256": found.sha256, "decided_by": found.decided_by,
        "handling": await handling.of_mail(found, desk.store),
    }  # fmt: skip
    if which is None:
        return Card(f"{found.key}: {found.state}", found.reason, fields=fields)
    return await _whole(found, person, desk, fields)


async def _whole(mail: Mail, person: Person, desk: Desk, fields: dict[str, object]) -> Card:
    if not person.may(Role.OFFICER):
        raise Refused(f"To read a mail takes the role officer; what {mail.key} says is not shown to {person.name}.")
    if not handling.reads_closed(person, desk) and fields["handling"] is not Handling.OPEN:
        raise Refused(
            f"What {mail.key} says is not open, so it is not shown in chat; at the terminal: verbale do 'mail {mail.key} show'"
        )
    reading = await desk.reader.read(await desk.store.kept(mail.sha256))
    rows = tuple(
        {"enclosure": n, "name": a.name, "type": a.type, "size": a.size} for n, a in enumerate(reading.attachments, 1)
    )
    return Card(f"{mail.key}: {reading.subject or 'no subject'}", reading.text, rows, fields, notes=reading.problems)


@command("mail MAIL assign PARTY", role=Role.OFFICER, example="mail M-2012-0003 assign Malawi")
async def assign(desk: Desk, person: Person, *, mail: str, party: str, press: Press | None = None) -> Card:
    """This mail is that party's: keep the address, and take the mail in as theirs."""
    return _placed(await flows.assign(mail, party, Act(person, desk, press), keep_address=True), "The address is kept.")


@command("mail MAIL once PARTY", role=Role.OFFICER, example="mail M-2012-0003 once Malawi")
async def once(desk: Desk, person: Person, *, mail: str, party: str, press: Press | None = None) -> Card:
    """This mail is that party's, this once: take it in, and do not keep the address."""
    return _placed(
        await flows.assign(mail, party, Act(person, desk, press), keep_address=False), "The address is not kept."
    )


@command("mail MAIL refuse", role=Role.OFFICER, example="mail M-2012-0003 refuse")
async def refuse(desk: Desk, person: Person, *, mail: str, press: Press | None = None) -> Card:
    """Not theirs: the mail stays kept, and nothing is made of it."""
    return _placed(await flows.refuse(mail, Act(person, desk, press)), "It stays kept; nothing is made of it.")


def _placed(mail: Mail, text: str) -> Card:
    said = f" It is submission {mail.submission}." if mail.submission else ""
    fields = {"key": mail.key, "party": mail.party, "state": mail.state, "submission": mail.submission}
    return Card(f"{mail.key}: {mail.state}", text + said, fields=fields)
