"""The one place where everything is built: the store, the ways in and out, and the desk that flows are given."""

import getpass
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot.settings import Settings, WrongSetting
from committee.desk import DeskFacts
from committee.errors import Refused
from committee.pacing import Pace
from committee.staff import STRANGER, Person, first_officer, working
from mailflows import letters
from mailflows.access_tokens import OAuthClient, OAuthServer
from mailflows.delivering import Delivering
from mailflows.desk import Desk
from mailflows.endpoints import IMAPServer, MaildirPath, SMTPServer
from mailflows.imap import IMAPInbox
from mailflows.mailboxes import Mailbox as Mailbox  # noqa: PLC0414 - named here for those who are given one
from mailflows.mailboxes import Mailboxes
from mailflows.maildir import MaildirInbox, MaildirSender
from mailflows.reader import Reader
from mailflows.smtp import SMTPSender
from mailflows.sockets import names_this_computer
from storage.opening import opened
from storage.port import Store

RATE, CONNECTIONS = 30, 3
"""Deliveries a minute, and connections at once, that a narrow relay takes."""
CONNECTIONS_HERE = 32
PRACTICE_ADDRESS = "secretariat@1540.example"
INCOMING, OUTGOING = "incoming", "outgoing"
"""A practice desk's Maildirs, in its own folder, where no setting names others."""


@asynccontextmanager
async def open_desk(folder: Path, settings: Settings) -> AsyncIterator[Desk]:
    """The desk in `folder` at this moment: the world's, or a practice desk's own."""
    async with await opened(folder, settings.database) as store, Reader() as reader:
        facts = await facts_of(store)
        _stays_here(facts, settings)
        await letters.keep_templates(store)
        yield Desk(
            store,
            facts,
            now=facts.clock or datetime.now(UTC),
            address=(settings.address or (PRACTICE_ADDRESS if facts.practice else "")).casefold(),
            filing=(settings.filing or "").casefold(),
            authserv_id=settings.authserv_id,
            max_enclosures=settings.max_enclosures,
            max_mail=settings.max_mail,
            public_url=settings.public_url or "",
            reader=reader,
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
        return working(staff, named.casefold()) or _unknown(named, staff)
    if named:
        raise Refused("--as is for practice desks; on this desk you act as the person of your own account.")
    return next((person for person in staff if person.account == os.getuid()), STRANGER)


def _unknown(named: str, staff: list[Person]) -> Person:
    raise Refused(
        f"There is no {named!r} in the staff register; there are: {', '.join(person.key for person in staff if person.left_at is None)}."
    )


@asynccontextmanager
async def inbox(folder: Path, desk: Desk, settings: Settings) -> AsyncIterator[Mailbox | None]:
    """Where mail comes from; None on a real desk without INBOX_URL (then `verbale ingest` brings it)."""
    async with mailboxes(folder, desk, settings) as boxes:
        yield Mailboxes(boxes) if len(boxes) > 1 else next(iter(boxes.values()), None)


@asynccontextmanager
async def mailboxes(folder: Path, desk: Desk, settings: Settings) -> AsyncIterator[dict[str, Mailbox]]:
    """Each mailbox by what a person calls it; those on servers are left politely in the end."""
    async with AsyncExitStack() as opened:
        boxes: dict[str, Mailbox] = {}
        tokens = _tokens(desk, settings)
        for where in _inboxes(folder, desk, settings):
            if isinstance(where, MaildirPath):
                boxes[str(where)] = MaildirInbox(where.path)
            else:
                here, most = desk.facts.practice, settings.max_mail
                theirs = None if where.password or where.token else tokens
                box = IMAPInbox(where, ca_file=settings.ca_file, tokens=theirs, loopback_only=here, most=most)
                boxes[str(where)] = await opened.enter_async_context(box)
        yield boxes


def _inboxes(folder: Path, desk: Desk, settings: Settings) -> tuple[MaildirPath | IMAPServer, ...]:
    """Those of the setting, else a practice desk's own folder."""
    if settings.inboxes or not desk.facts.practice:
        return settings.inboxes
    for name in ("new", "cur", "tmp"):
        (folder / INCOMING / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    return (MaildirPath(folder / INCOMING),)


@asynccontextmanager
async def post(folder: Path, desk: Desk, settings: Settings) -> AsyncIterator[SMTPSender | MaildirSender]:
    """Where letters go; a practice desk never opens a connection to a host that is not loopback."""
    where = settings.smtp or (MaildirPath(folder / OUTGOING) if desk.facts.practice else None)
    if where is None:
        raise WrongSetting("SMTP_URL is missing: where letters go, for example SMTP_URL=smtp://localhost:25")
    if isinstance(where, MaildirPath):
        yield MaildirSender(where.path)
        return
    passwordless = where.username and not (where.password or where.token)
    tokens = _tokens(desk, settings) if passwordless else None
    here = desk.facts.practice
    connections = settings.connections or (CONNECTIONS if _elsewhere(settings) else CONNECTIONS_HERE)
    async with SMTPSender(
        where, connections=connections, ca_file=settings.ca_file, tokens=tokens, loopback_only=here
    ) as sender:
        yield sender


@asynccontextmanager
async def delivering(folder: Path, desk: Desk, settings: Settings) -> AsyncIterator[Delivering]:
    """The way out with its pace; it may stay open for as long as the desk runs, so its connections are used again."""
    async with post(folder, desk, settings) as way:
        clock = None if desk.facts.practice else moment
        yield Delivering(way, Pace(_rate(settings), way.connections), clock=clock)


def moment() -> datetime:
    """Now, by the world's clock."""
    return datetime.now(UTC)


def _rate(settings: Settings) -> float | None:
    """Deliveries a minute: what the setting says, else what fits a narrow relay; a server on this computer needs no limit."""
    return settings.rate or (RATE if _elsewhere(settings) else None)


def _elsewhere(settings: Settings) -> bool:
    return isinstance(settings.smtp, SMTPServer) and not names_this_computer(settings.smtp.host)


def can_write(desk: Desk) -> None:
    """`WrongSetting` where no letter of this desk could be written: a receipt that was not owed then is not made up later."""
    if not desk.address:
        raise WrongSetting(letters.NO_ADDRESS)


def _tokens(desk: Desk, settings: Settings) -> OAuthClient | None:
    return _client(settings.oauth, settings.ca_file, desk.facts.practice) if settings.oauth else None


@cache
def _client(server: OAuthServer, ca_file: Path | None, loopback_only: bool) -> OAuthClient:  # noqa: FBT001 - a key of the cache
    """One for the whole process: each way in and out has the same token, as long as it is good."""
    return OAuthClient(server, ca_file=ca_file, loopback_only=loopback_only)


def account() -> tuple[str, int]:
    """The name and user id of the account that runs this."""
    try:
        return getpass.getuser(), os.getuid()
    except (KeyError, OSError):  # a user id without an entry in the host's user database
        return f"user-{os.getuid()}", os.getuid()
