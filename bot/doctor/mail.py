"""The ways in and out: whether the mail server lets us in and the mailbox can be read; no letter goes, no mail is moved."""

import asyncio
from pathlib import Path
from typing import Final

from bot import building
from bot.doctor.finding import Found, good, look, wrong
from bot.settings import Settings, WrongSetting
from committee.counting import counted
from committee.errors import Refused, Unavailable
from mailflows import letters
from mailflows.desk import Desk
from mailflows.endpoints import SMTPServer

SECONDS: Final = 30
"""How long a server may take to say NOOP."""
LATER: Final = "what waits stays queued and is tried again; see to the server, or to SMTP_URL"


async def examine(folder: Path, desk: Desk, settings: Settings) -> list[Found]:
    return [
        _address(desk), await _way_out(folder, desk, settings), await _way_in(folder, desk, settings),
        _results(desk),
    ]  # fmt: skip


def _address(desk: Desk) -> Found:
    if desk.address:
        return good("address", desk.address)
    return wrong("address", letters.NO_ADDRESS.partition(":")[0], "VERBALE_ADDRESS=desk@1540.example")


async def _way_out(folder: Path, desk: Desk, settings: Settings) -> Found:
    try:
        async with asyncio.timeout(SECONDS), building.post(folder, desk, settings) as post:
            said = await post.greets()
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


async def _way_in(folder: Path, desk: Desk, settings: Settings) -> Found:
    mailbox = building.inbox(folder, desk, settings)
    if mailbox is None:
        return look("mail in", "INBOX_URL is not set", "nothing, if your mail server hands mail to verbale ingest")
    try:
        async with asyncio.timeout(SECONDS):
            waiting = await mailbox.waiting()
    except TimeoutError:
        return wrong("mail in", f"the mailbox could not be read within {SECONDS} seconds", "see to its server")
    except (Refused, Unavailable) as trouble:
        return wrong("mail in", str(trouble), "put it right: nothing goes by itself before every mailbox is read")
    return good("mail in", f"{counted(len(waiting), 'message')} in the mailbox")


def _results(desk: Desk) -> Found:
    if desk.authserv_id or desk.facts.practice:
        return good(
            "senders", f"checked by {desk.authserv_id}" if desk.authserv_id else "not checked on a practice desk"
        )
    to_do = "VERBALE_AUTHSERV_ID=mx.example.org, if your server writes Authentication-Results"
    return look("senders", "cards say “not authenticated”", to_do)
