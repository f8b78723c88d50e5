"""Mail that would go round for ever, through real servers: forwarded, answered by machines, by lists, by another desk."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot import building
from bot.settings import without_environment
from committee.letters import LetterKind
from committee.mail import Mail, MailState
from mailflows import inbox
from tests.conftest import PracticeDesk
from tests.servers.desk import ConnectedDesk, connected
from tests.servers.dovecot import Dovecot
from tests.servers.mailbox import Account
from tests.servers.postfix import Postfix

pytest_plugins = ["tests.servers.fixtures"]
server = pytest.mark.server

NUMBERS = itertools.count(1)
RECEIPTS = (LetterKind.RECEIPT, LetterKind.RECEIPT_REPEAT)


@pytest.fixture
def mission(dovecot: Dovecot) -> Account:
    """A mailbox of the world's."""
    return dovecot.account(f"mission-{next(NUMBERS)}")


@pytest.fixture
async def here(
    desk: PracticeDesk, account: Account, mission: Account, postfix: Postfix
) -> AsyncIterator[ConnectedDesk]:
    """Malawi's mission has its mailbox at the tests' Dovecot."""
    async with connected(desk, account, postfix) as at_servers:
        await at_home(at_servers, "MWI", mission.user)
        yield at_servers


async def at_home(desk: ConnectedDesk, party: str, address: str) -> None:
    known = await desk.contact(party)
    async with desk.desk.store.transaction(by="test", doing="move", about=known.key, at=desk.desk.now) as tx:
        await tx.contacts.put(replace(known, address=address))


async def receipts(desk: PracticeDesk) -> int:
    return len(await desk.desk.store.letters.find(kind=RECEIPTS))


async def has_a_receipt(here: ConnectedDesk, mission: Account) -> EmailMessage:
    """The mission asks, and has our receipt in its mailbox."""
    await here.takes_in((await here.mission_of("MWI")).writes("A question", "To whom do we send the report?"))
    await here.sends()
    [raw] = await asyncio.to_thread(mission.came)
    return message_from_bytes(raw, policy=policy.default)


def answer(to: EmailMessage, sender: str, subject: str = "", **fields: str) -> bytes:
    """What a machine at `sender` writes when `to` has reached it (RFC 3834, section 3)."""
    message = EmailMessage()
    message["From"], message["To"] = sender, to["From"]
    message["Subject"] = subject or f"Re: {to['Subject']}"
    message["Message-ID"] = f"<answer-{next(NUMBERS)}@machine.test>"
    message["In-Reply-To"] = message["References"] = to["Message-ID"]
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    message.set_content("I am away, and shall answer when I am back.")
    return message.as_bytes()


async def taken(here: ConnectedDesk, number: int = 1) -> list[Mail]:
    return list((await here.reads(number)).taken)


@server
async def test_a_letter_of_ours_that_a_mailbox_forwards_to_us_is_recorded_and_not_answered(
    here: ConnectedDesk, mission: Account, postfix: Postfix
) -> None:
    await has_a_receipt(here, mission)
    await here.answers("remind first-report --to MWI", yes=True)
    await here.sends()
    await asyncio.to_thread(mission.came, 2)
    before = len(await here.desk.store.cards.find())
    for raw in mission.came(2):
        forwarded = b"Delivered-To: " + mission.user.encode() + b"\r\n" + raw
        postfix.takes(mission.user, here.desk.address, forwarded)
    assert [mail.reason.partition(";")[0] for mail in await taken(here, 2)] == ["our own mail came back"] * 2
    assert (len(await here.outbox()), len(await here.submissions())) == (2, 1)
    assert len(await here.desk.store.cards.find()) == before
    assert (await here.sends()).sent == 0


MACHINES: list[tuple[str, dict[str, str]]] = [
    ("", {"Auto_Submitted": "auto-replied"}),
    ("", {"Auto_Submitted": "auto-replied (vacation); owner-email=someone@mission.test"}),
    ("", {"Precedence": "auto_reply"}),
    ("", {"Precedence": "bulk"}),
    ("", {"X_Autoreply": "yes"}),
    ("", {"X_Auto_Response_Suppress": "All"}),
    ("Automatic reply: out until Monday", {}),
    ("Réponse automatique : absence", {}),
    ("Respuesta automática: fuera de la oficina", {}),
    ("Автоматический ответ: нет на месте", {}),
    ("رد تلقائي: خارج المكتب", {}),
    ("自动回复：不在办公室", {}),
]


@server
async def test_an_automatic_reply_to_a_receipt_is_kept_and_not_answered(
    here: ConnectedDesk, mission: Account, postfix: Postfix
) -> None:
    receipt = await has_a_receipt(here, mission)
    replies = [answer(receipt, mission.user, subject, **fields) for subject, fields in MACHINES]
    postfix.takes(mission.user, here.desk.address, *replies)
    postfix.takes("", here.desk.address, answer(receipt, mission.user, "I am away"))  # RFC 3834, section 3.3
    mails = await taken(here, len(MACHINES) + 1)
    assert {mail.state for mail in mails} == {MailState.TAKEN_IN}
    assert [mail.reason for mail in mails if not mail.reason.startswith("never answered: ")] == []
    assert (await receipts(here), len(await here.submissions())) == (1, 1)
    assert (await here.sends()).sent == 0


@server
@pytest.mark.parametrize("in_thread", [True, False], ids=["in the thread", "each time anew"])
async def test_a_machine_that_does_not_say_that_it_is_one_is_answered_three_times_at_most(
    here: ConnectedDesk, mission: Account, postfix: Postfix, *, in_thread: bool
) -> None:
    """It thanks for each receipt; the ledger counts, and the loop ends."""
    receipt, answered = await has_a_receipt(here, mission), 0
    while answered < 8 and len(mission.uids()) > answered:
        answered += 1
        reply = answer(receipt, mission.user, "" if in_thread else f"Ticket {answered} was opened")
        if not in_thread:
            message = message_from_bytes(reply, policy=policy.default)
            del message["In-Reply-To"], message["References"]
            reply = message.as_bytes()
        postfix.takes(mission.user, here.desk.address, reply)
        [mail] = await taken(here)
        if (await here.sends()).sent:
            receipt = message_from_bytes(
                (await asyncio.to_thread(mission.came, answered + 1))[-1], policy=policy.default
            )
        else:
            assert "No receipt went out" in mail.reason
    assert await receipts(here) == (2 if in_thread else 3)
    assert len(await here.desk.store.mail.find()) == answered + 1


@server
async def test_a_list_that_has_our_receipt_brings_it_back_once_and_its_own_words_are_not_answered(
    here: ConnectedDesk, mission: Account, postfix: Postfix
) -> None:
    """The mission's address is a mailing list, and we are on it."""
    receipt = await has_a_receipt(here, mission)
    name = b"List-Id: <staff.mission.example>\r\n"
    [raw] = mission.came()
    moderated = answer(receipt, mission.user, "Your message awaits moderation", Precedence="list", List_Id="<staff.x>")
    posted = answer(receipt, mission.user, "Re: receipt", List_Id="<staff.mission.example>")
    postfix.takes("staff-bounces@mission.example", here.desk.address, name + raw, moderated, posted)
    mails = await taken(here, 3)
    assert sorted(mail.reason.partition(":")[0].partition(";")[0] for mail in mails) == [
        "never answered", "never answered", "our own mail came back",
    ]  # fmt: skip
    assert (await receipts(here), len(await here.submissions())) == (1, 1)
    assert (await here.sends()).sent == 0


@server
async def test_two_desks_that_write_to_each_other_fall_silent(
    here: ConnectedDesk, mission: Account, postfix: Postfix, founded: Path, tmp_path: Path
) -> None:
    """Each stands in the other's address book; a reminder, a receipt and a question go over, and nothing comes back."""
    shutil.copytree(founded, tmp_path / "there")
    async with AsyncExitStack() as closing:
        opened = await closing.enter_async_context(building.open_desk(tmp_path / "there", without_environment()))
        there = await closing.enter_async_context(connected(PracticeDesk(tmp_path / "there", opened), mission, postfix))
        await at_home(there, "MWI", here.desk.address)
        await here.answers("remind first-report --to MWI", yes=True)
        await there.answers("remind first-report --to MWI", yes=True)
        await here.takes_in((await here.mission_of("MWI")).writes("A question"))
        await there.takes_in((await there.mission_of("MWI")).writes("A question"))
        await here.types('submission S-2012-0001 clarify "Which one?"')
        for one, other in [(here, there), (there, here)]:
            sent = (await one.sends()).sent
            await other.reads(sent - 1)  # all but the copy to the capital
        for _ in range(3):
            for one in (here, there):
                assert (await one.sends()).sent == 0
                assert (await inbox.watch(one.box, one.desk)).taken == ()
        assert (await receipts(here), await receipts(there)) == (1, 1)
        assert (here.account.uids(), there.account.uids()) == ([], [])


def flood(writes: Callable[..., bytes], number: int) -> list[bytes]:
    return [writes(f"Note {n}", f"This is number {n}.") for n in range(number)]


@server
@pytest.mark.long
async def test_a_thousand_mails_of_a_registered_address_in_a_minute_are_each_numbered_and_three_are_answered(
    desk: PracticeDesk, account: Account, postfix: Postfix
) -> None:
    async with connected(desk, account, postfix) as here:
        writer, other = await here.mission_of("GHA"), await here.capital_of("HTI")
        mails = flood(writer.writes, 1000)
        mails.insert(500, other.writes("First report of Haiti", "Enclosed.", attach="report.pdf"))
        account.lands(*mails)
        looked = await here.reads(1001)
        assert (len(looked.taken), looked.trouble) == (1001, ())
        kept = await here.desk.store.mail.find()
        assert {mail.state for mail in kept} == {MailState.TAKEN_IN}
        assert len({mail.sha256 for mail in kept}) == len({mail.source for mail in kept}) == 1001
        numbers = sorted(one.key for one in await here.submissions())
        assert numbers == [f"S-2012-{n:04}" for n in range(1, 1002)]
        to = [letter.addressees[0].address for letter in await here.desk.store.letters.find()]
        assert sorted(to) == sorted([writer.address] * 3 + [other.address])
        assert sum("No receipt went out" in mail.reason for mail in kept) == 997
        assert (await here.sends()).sent == 5  # three, and Haiti's two
        assert account.uids() == []


@server
@pytest.mark.long
async def test_a_thousand_mails_of_an_unknown_address_are_set_aside_with_three_cards(
    desk: PracticeDesk, account: Account, postfix: Postfix
) -> None:
    async with connected(desk, account, postfix) as here:
        account.lands(*flood(here.stranger().writes, 1000), (await here.mission_of("GHA")).writes("A question"))
        looked = await here.reads(1001)
        assert (len(looked.taken), looked.trouble) == (1001, ())
        kept = await here.desk.store.mail.find(state=MailState.SET_ASIDE)
        assert (len(kept), len({mail.sha256 for mail in kept})) == (1000, 1000)
        assert len((await here.types("inbox set-aside")).rows) == 1000
        assert len(await here.cards_of("mail-set-aside")) == 3
        assert len((await here.types("cards")).rows) == 4
        assert (await here.sends()).sent == 1


async def test_what_a_registered_address_floods_hides_no_card_of_another_state(desk: PracticeDesk) -> None:
    report = (await desk.capital_of("HTI")).writes("First report of Haiti", "Enclosed.", attach="report.pdf")
    await desk.takes_in(report, *flood((await desk.mission_of("GHA")).writes, 100))
    shown = [row["title"] for row in (await desk.types("cards")).rows]
    assert "S-2012-0001: first report from Haiti" in shown


async def test_what_a_person_wrote_at_another_desk_of_this_make_is_shown(desk: PracticeDesk) -> None:
    question = (await desk.mission_of("MWI")).writes("A question", headers=[("X-Verbale-Desk", "another.example")])
    [mail] = await desk.takes_in(question)
    assert await desk.desk.store.cards.find(), mail.reason
