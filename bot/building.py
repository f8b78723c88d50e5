"""The one place where everything is built: the store, the ways in and out, and the desk that flows are given."""

import getpass
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import Settings, WrongSetting
from committee.desk import DeskFacts
from committee.errors import Refused
from committee.staff import STRANGER, Person, first_officer
from mailflows import letters
from mailflows.desk import Desk
from mailflows.endpoints import IMAPServer, MaildirPath, SMTPServer
from mailflows.imap import IMAPInbox
from mailflows.mailboxes import Mailbox as Mailbox  # noqa: PLC0414 - named here for those who are given one
from mailflows.mailboxes import Mailboxes
from mailflows.maildir import MaildirInbox, MaildirSender
from mailflows.smtp import SMTPSender
from mailflows.sockets import names_this_computer
from storage.store import Store

PRACTICE_ADDRESS = "secretariat@1540.example"
INCOMING, OUTGOING = "incoming", "outgoing"
"""A practice desk's Maildirs, in its own folder, where no setting names others."""


@asynccontextmanager
async def open_desk(folder: Path, settings: Settings) -> AsyncIterator[Desk]:
    """The desk in `folder` at this moment: the world's, or a practice desk's own."""
    async with await Store.open(folder) as store:
        facts = await facts_of(store)
        _stays_here(facts, settings)
        await letters.keep_templates(store)
        yield Desk(
            store,
            facts,
            now=facts.clock or datetime.now(UTC),
            address=(settings.address or (PRACTICE_ADDRESS if facts.practice else "")).casefold(),
            authserv_id=settings.authserv_id,
            max_enclosures=settings.max_enclosures,
        )


async def facts_of(store: Store) -> DeskFacts:
    facts = await store.desk.get("desk")
    if facts is None:
        raise Refused(f"{store.folder} holds no desk. Make one: verbale init {store.folder} --practice")
    return facts


def _stays_here(facts: DeskFacts, settings: Settings) -> None:
    """A practice desk stays on this computer: a setting that names another host is refused at the start."""
    if facts.practice and isinstance(settings.smtp, SMTPServer) and not names_this_computer(settings.smtp.host):
        raise WrongSetting(
            f"SMTP_URL names {settings.smtp.host}, and this is a practice desk: its letters stay on this computer, "
            "for example SMTP_URL=smtp://localhost:2525, or leave it out"
        )
    for where in settings.inboxes:
        if facts.practice and isinstance(where, IMAPServer) and not names_this_computer(where.host):
            raise WrongSetting(
                f"INBOX_URL names {where.host}, and this is a practice desk: it reads no mailbox beyond this computer; leave it out"
            )


async def who_acts(desk: Desk, named: str | None) -> Person:
    """`--as PERSON` on practice desks only; on a real desk the account's own person, by user id, never by a variable."""
    return who_is(await desk.store.staff.all(), named, practice=desk.facts.practice)


def who_is(staff: list[Person], named: str | None, *, practice: bool) -> Person:
    if practice:
        if named is None:
            return first_officer(staff)
        return next((person for person in staff if person.key == named.casefold()), None) or _unknown(named, staff)
    if named:
        raise Refused("--as is for practice desks; on this desk you act as the person of your own account.")
    return next((person for person in staff if person.account == os.getuid()), STRANGER)


def _unknown(named: str, staff: list[Person]) -> Person:
    raise Refused(
        f"There is no {named!r} in the staff register; there are: {', '.join(person.key for person in staff)}."
    )


def inbox(folder: Path, desk: Desk, settings: Settings) -> Mailbox | None:
    """Where mail comes from; None on a real desk without INBOX_URL (then `verbale ingest` brings it)."""
    if settings.inboxes:
        boxes = {str(where): _mailbox(where, desk, settings) for where in settings.inboxes}
        return Mailboxes(boxes) if len(boxes) > 1 else boxes.popitem()[1]
    if not desk.facts.practice:
        return None
    for name in ("new", "cur", "tmp"):
        (folder / INCOMING / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    return MaildirInbox(folder / INCOMING)


def _mailbox(where: MaildirPath | IMAPServer, desk: Desk, settings: Settings) -> Mailbox:
    if isinstance(where, MaildirPath):
        return MaildirInbox(where.path)
    return IMAPInbox(where, ca_file=settings.ca_file, loopback_only=desk.facts.practice)


@asynccontextmanager
async def post(folder: Path, desk: Desk, settings: Settings) -> AsyncIterator[SMTPSender | MaildirSender]:
    """Where letters go; a practice desk never opens a connection to a host that is not loopback."""
    where = settings.smtp or (MaildirPath(folder / OUTGOING) if desk.facts.practice else None)
    if where is None:
        raise WrongSetting("SMTP_URL is missing: where letters go, for example SMTP_URL=smtp://localhost:25")
    if isinstance(where, MaildirPath):
        yield MaildirSender(where.path)
        return
    async with SMTPSender(where, ca_file=settings.ca_file, loopback_only=desk.facts.practice) as sender:
        yield sender


def account() -> tuple[str, int]:
    """The name and user id of the account that runs this."""
    try:
        return getpass.getuser(), os.getuid()
    except (KeyError, OSError):  # a user id without an entry in the host's user database
        return f"user-{os.getuid()}", os.getuid()
