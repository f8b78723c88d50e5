"""An answer and what comes back of it, and a mail sent by hand with the filing address in Bcc, through real servers."""

import asyncio
import itertools
import smtplib
from collections.abc import AsyncIterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot import building
from bot.settings import without_environment
from committee.cases import Ending
from mailflows import cases
from mailflows.founding import found
from tests.conftest import OPENED, PracticeDesk
from tests.mailflows.filing import FILING, SERVER, ByHand, asks, confirmed, sends_by_hand, with_filing
from tests.servers.desk import ConnectedDesk, connected
from tests.servers.dovecot import Dovecot
from tests.servers.mailbox import Account
from tests.servers.postfix import Postfix

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = pytest.mark.server

NUMBERS = itertools.count(1)


@pytest.fixture
def mission(dovecot: Dovecot) -> Account:
    """A mailbox of the world's."""
    return dovecot.account(f"asking-{next(NUMBERS)}")


@pytest.fixture
async def here(
    desk: PracticeDesk, account: Account, mission: Account, postfix: Postfix
) -> AsyncIterator[ConnectedDesk]:
    """Malawi's mission has its mailbox at the tests' Dovecot."""
    async with connected(desk, account, postfix) as at_servers:
        known = await at_servers.contact("MWI")
        async with desk.desk.store.transaction(by="test", doing="move", about=known.key, at=desk.desk.now) as tx:
            await tx.contacts.put(replace(known, address=mission.user))
        yield at_servers


async def test_an_answer_reaches_the_mission_and_its_reply_comes_back_to_the_same_submission(
    here: ConnectedDesk, mission: Account, postfix: Postfix
) -> None:
    await here.takes_in((await here.mission_of("MWI")).writes("A question", "May we send it in French?"))
    shown = await here.types('mail M-2012-0001 reply "Yes.\n\nIn French too."')
    sent, status = await here.presses(shown.actions[0].key)
    assert status == 0, sent.text
    assert (await here.sends()).trouble == ""
    received = [message_from_bytes(raw, policy=policy.default) for raw in await asyncio.to_thread(mission.came, 2)]
    [answer] = [message for message in received if message["Subject"] == "Re: A question"]
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = mission.user, answer["Reply-To"], "Your answer"
    reply["Message-ID"] = "<reply-1@mission.test>"  # and nothing that says what it answers but the token
    reply.set_content("Thank you.")
    to = answer["Reply-To"].addresses[0].addr_spec
    await asyncio.to_thread(postfix.takes, mission.user, to, reply.as_bytes())
    [came] = (await here.reads(1)).taken
    assert (came.kind, came.submission, came.answers) == ("answer", "S-2012-0001", "answer/M-2012-0001/1")


async def test_a_mail_sent_by_hand_comes_by_the_envelope_alone_and_answers_the_case(
    here: ConnectedDesk, account: Account, mission: Account, postfix: Postfix, dovecot: Dovecot
) -> None:
    local, _, domain = account.user.partition("@")
    filing, officer = f"{local}+file@{domain}", dovecot.account(f"officer-{next(NUMBERS)}")
    here.desk = replace(here.desk, filing=filing, authserv_id=SERVER)
    async with here.desk.store.transaction(by="test", doing="address", about="officer-2", at=here.desk.now) as tx:
        known = await tx.staff.get("officer-2")
        assert known
        await tx.staff.put(replace(known, address=officer.user))
    by_us = [confirmed(domain)]
    raw = (await here.mission_of("MWI")).writes("A question", "May we send it in French?", headers=by_us)
    [asked] = await here.takes_in(raw)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = officer.user, mission.user, "Re: A question"
    mail["Message-ID"], mail["In-Reply-To"] = "<by-hand-1@un.example>", asked.message_id
    mail["Authentication-Results"] = by_us[0][1]
    mail.set_content("Yes, in French too.")

    def send() -> None:
        with smtplib.SMTP(postfix.host, postfix.ports["mx"]) as client:
            client.sendmail(officer.user, [mission.user, filing], mail.as_bytes())

    await asyncio.to_thread(send)
    [received] = await asyncio.to_thread(mission.came)
    assert filing.encode() not in received
    [filed] = (await here.reads(1)).taken
    assert (filed.kind, filed.party, filed.answers, filed.filed_by) == ("filed", "MWI", asked.key, "officer-2"), filed
    [case] = await here.desk.store.cases.all()
    assert (case.ending, case.answer) == (Ending.ANSWERED, filed.key)


async def test_on_postgresql_answers_cases_and_filings_are_kept_as_in_a_folder(database: str, tmp_path: Path) -> None:
    folder, settings = tmp_path / "desk", without_environment().model_copy(update={"database": database})
    await found(folder, practice=True, at=OPENED, administrator="", account=None, database=database)
    async with building.open_desk(folder, settings) as opened:
        desk = PracticeDesk(folder, opened)
        await with_filing(desk)
        first, second = await asks(desk), await asks(desk, subject="Another question")
        await desk.types(f"mail {first.key} take")
        shown = await desk.types(f'mail {first.key} reply "“Yes”\n-- and more"')
        assert (await desk.presses(shown.actions[0].key))[1] == 0
    async with building.open_desk(folder, settings) as opened:
        desk = PracticeDesk(folder, replace(opened, filing=FILING, authserv_id=SERVER))
        assert [one.case.key for one in await cases.still_open(desk.desk)] == [second.key]
        await sends_by_hand(desk, ByHand((await desk.capital_of("MWI")).address, answers=second.message_id))
        assert {case.key: case.ending for case in await desk.desk.store.cases.all()} == {
            first.key: Ending.ANSWERED,
            second.key: Ending.ANSWERED,
        }
        letters = await desk.desk.store.letters.find(kind="answer")
        assert [letter.words["text"] for letter in letters] == ["“Yes”\n-- and more"]
        assert await cases.of(await desk.person("officer-1"), desk.desk) == []
        assert [finding for finding in await desk.desk.store.verify() if not finding.note] == []
