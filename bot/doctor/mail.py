"""The ways in and out: whether the mail server lets us in, whether each mailbox can be read, and who confirms senders."""

import asyncio
from pathlib import Path
from typing import Final

from bot import building
from bot.building import Mailbox
from bot.doctor import round_trips
from bot.doctor.finding import Found, How, good, look, wrong
from bot.settings import Settings, WrongSetting
from committee.counting import counted
from committee.errors import Refused, Unavailable
from mailflows import letters
from mailflows.desk import Desk
from mailflows.endpoints import MaildirPath, SMTPServer

SECONDS: Final = 30
"""How long a server may take to say NOOP."""
GREETING_SECONDS: Final = 10
"""And to greet: a port that speaks TLS from the start waits for us in silence, and the answer says so."""
_ADDRESS: Final = "an administrator: staff PERSON address ADDRESS"
LATER: Final = "what waits stays queued and is tried again; see to the server, or to SMTP_URL"


async def examine(folder: Path, desk: Desk, settings: Settings) -> list[Found]:
    way_out, ways_in = await _way_out(folder, desk, settings), await _ways_in(folder, desk, settings)
    return [
        _address(desk), way_out, *ways_in, await _test_letter(folder, desk, settings, (way_out, *ways_in)),
        _results(desk), *await _filing(desk),
    ]  # fmt: skip


def _address(desk: Desk) -> Found:
    if desk.address:
        return good("address", desk.address)
    return wrong("address", letters.NO_ADDRESS.partition(":")[0], "VERBALE_ADDRESS=desk@1540.example")


async def _way_out(folder: Path, desk: Desk, settings: Settings) -> Found:
    try:
        async with asyncio.timeout(SECONDS), building.post(folder, desk, settings) as post:
            said = await post.greets(within=GREETING_SECONDS)
    except TimeoutError:
        return wrong("letters out", f"the server did not answer within {SECONDS} seconds", LATER)
    except WrongSetting as missing:
        return wrong("letters out", str(missing), "set it")
    except (Refused, Unavailable) as trouble:
        return wrong("letters out", str(trouble), LATER)
    found = f"{said.server}: {said.reply}" + (f", {said.tls}" if said.tls else "")
    return good(
        "letters out", found if said.tls or not isinstance(settings.smtp, SMTPServer) else f"{found}, without TLS"
    )


async def _ways_in(folder: Path, desk: Desk, settings: Settings) -> list[Found]:
    """Each mailbox by itself: one that cannot be read holds back what goes by itself, so it must not hide behind another."""
    async with building.mailboxes(folder, desk, settings) as boxes:
        if not boxes:
            return [
                look("mail in", "INBOX_URL is not set", "nothing, if your mail server hands mail to verbale ingest")
            ]
        several = len(boxes) > 1
        return [await _way_in(box, f"mail in, {label}" if several else "mail in") for label, box in boxes.items()]


async def _way_in(mailbox: Mailbox, what: str) -> Found:
    try:
        async with asyncio.timeout(SECONDS):
            waiting = await mailbox.waiting()
    except TimeoutError:
        return wrong(what, f"the mailbox could not be read within {SECONDS} seconds", "see to its server")
    except (Refused, Unavailable) as trouble:
        return wrong(what, str(trouble), "put it right: nothing goes by itself before every mailbox is read")
    return good(what, f"{counted(len(waiting), 'message')} in the mailbox")


async def _test_letter(folder: Path, desk: Desk, settings: Settings, ways: tuple[Found, ...]) -> Found:
    """A letter to ourselves that comes back shows that bounces will; it goes only where both ways are open."""
    if not isinstance(settings.smtp, SMTPServer) or not desk.address:
        to_a_folder = isinstance(settings.smtp, MaildirPath) or (settings.smtp is None and desk.facts.practice)
        why = "letters go to a folder" if to_a_folder else "no letter can go yet"
        return good("test letter", f"none is sent: {why}")
    if not settings.inboxes or any(way.how is How.WRONG for way in ways):
        return look("test letter", "none was sent: one of the two ways is not open", "put that right first")
    try:
        took = await round_trips.send_and_wait(folder, desk, settings)
    except (Refused, Unavailable, TimeoutError, WrongSetting) as trouble:
        return look("test letter", f"it did not leave: {trouble}", "put that right, and look again: verbale doctor")
    if took is None:
        return look(
            "test letter",
            f"sent to {desk.address} with a token in it, and not back within {round_trips.SECONDS} seconds",
            "let the mail server deliver desk+anything@ to the desk's mailbox (subaddressing); "
            "until one comes back, bounces are known by their Message-ID alone",
        )
    return good("test letter", f"back after {took.total_seconds():.1f} seconds; each envelope has a token of its own")


def _results(desk: Desk) -> Found:
    if desk.authserv_id or desk.facts.practice:
        return good(
            "senders", f"checked by {desk.authserv_id}" if desk.authserv_id else "not checked on a practice desk"
        )
    to_do = "VERBALE_AUTHSERV_ID=mx.example.org, if your server writes Authentication-Results"
    return look("senders", "cards say “not authenticated”", to_do)


async def _filing(desk: Desk) -> list[Found]:
    """Whether what the staff send by hand can be filed: only what our own server confirms, from an address on record."""
    if not desk.filing:
        return []
    if desk.authserv_id is None:
        why = f"nothing that comes to {desk.filing} is filed, since nothing confirms who wrote it"
        return [wrong("filing", why, "VERBALE_AUTHSERV_ID=mx.example.org, or leave VERBALE_FILING_ADDRESS out")]
    known = sum(bool(person.address) for person in await desk.store.staff.all())
    if not known:
        return [look("filing", f"nobody of the staff has an address, so nothing at {desk.filing} is filed", _ADDRESS)]
    return [good("filing", f"{desk.filing}, from {counted(known, 'address', 'addresses')} of the staff")]
