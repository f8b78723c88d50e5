"""The IMAP edge against a real Dovecot: each message once, nothing marked as read, whatever happens to server and mailbox."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from committee.errors import Refused, Unavailable
from committee.mail import MailState
from mailflows import imap, imap_client, imap_line, inbox
from mailflows.accepted import NotLetIn
from mailflows.endpoints import imap_endpoint
from mailflows.imap import IMAPInbox
from mailflows.imap_session import Session
from mailflows.mailboxes import Mailboxes, TooLarge
from tests.conftest import PracticeDesk
from tests.servers.dovecot import Dovecot
from tests.servers.mailbox import Account

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]
SMALL = b"Subject: x\r\n\r\nWith compliments.\r\n"
TAKEN = "Verbale/Taken"
WITHOUT_MOVE, WITHOUT_ANYTHING = "127.0.0.2", "127.0.0.3"
Open = Callable[..., IMAPInbox]
SCHEMES = pytest.mark.parametrize("scheme", ["imap", "imaps"])


@pytest.fixture
async def open_box(dovecot: Dovecot) -> AsyncIterator[Open]:
    async with AsyncExitStack() as closing:

        def opened(account: Account, **options: Any) -> IMAPInbox:
            ca_file = options.pop("ca_file", dovecot.certificates.authority)
            limit = {"most": options.pop("most")} if "most" in options else {}
            box = IMAPInbox(imap_endpoint(account.url(**options)), ca_file=ca_file, loopback_only=True, **limit)
            closing.push_async_callback(box.close)
            return box

        yield opened


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that waits for seconds, not for minutes."""
    monkeypatch.setattr(imap_client, "SOCKET_SECONDS", 1.0)
    monkeypatch.setattr(imap, "TICK_SECONDS", 1.0)
    monkeypatch.setattr(imap, "POLL_SECONDS", 0.2)
    monkeypatch.setattr(imap_line, "LOGIN_PAUSE_SECONDS", 0.0)


async def report(desk: PracticeDesk, words: str = "First report") -> bytes:
    return (await desk.mission_of("MWI")).writes(words, attach="report.pdf")


async def kept(desk: PracticeDesk) -> int:
    return len(await desk.desk.store.mail.find())


async def test_what_waits_is_taken_in_once_moved_and_never_marked_as_read(
    desk: PracticeDesk, account: Account, open_box: Open
) -> None:
    account.deliver(await report(desk))
    box = open_box(account)
    looked = await inbox.watch(box, desk.desk)
    assert ([mail.state for mail in looked.taken], looked.trouble) == ([MailState.TAKEN_IN], ())
    assert (account.uids(), account.uids(TAKEN)) == ([], [1])
    assert "Seen" not in account.flags(TAKEN)
    assert (await inbox.watch(box, desk.desk)).taken == ()
    assert len(await desk.submissions()) == 1


async def test_the_bytes_are_those_that_the_server_has(account: Account, open_box: Open) -> None:
    raw = b"Subject: =?\xff?\r\n\x00\r\n" + bytes(range(1, 256)).replace(b"\r", b"").replace(b"\n", b"") + b"\r\n"
    raw = raw.replace(b"\x00", b"")
    account.deliver(raw)
    box = open_box(account)
    [name] = await box.waiting()
    assert await box.read(name) == raw


@pytest.mark.long
async def test_two_hundred_mails_are_each_taken_in_once(desk: PracticeDesk, account: Account, open_box: Open) -> None:
    writer = await desk.mission_of("MWI")
    account.deliver(*(writer.writes(f"Note {number}", f"Number {number}.") for number in range(200)))
    looked = await inbox.watch(open_box(account), desk.desk)
    assert (len(looked.taken), looked.trouble, await kept(desk)) == (200, (), 200)
    assert (account.uids(), len(account.uids(TAKEN))) == ([], 200)
    assert "Seen" not in account.flags(TAKEN)


async def test_a_mail_that_was_read_by_a_person_is_taken_in_and_stays_read(
    desk: PracticeDesk, account: Account, open_box: Open
) -> None:
    account.deliver(await report(desk))
    account.flag(1, "(\\Seen \\Flagged)")
    assert len((await inbox.watch(open_box(account), desk.desk)).taken) == 1
    assert "Seen" in account.flags(TAKEN)
    assert "Flagged" in account.flags(TAKEN)


async def test_of_a_mail_that_is_too_large_headers_and_size_are_kept_and_it_is_set_aside(
    desk: PracticeDesk, account: Account, open_box: Open
) -> None:
    large = await report(desk) + b"x" * 5000
    account.deliver(large, SMALL)
    box = open_box(account, most=4000)
    [name, _] = await box.waiting()
    found = await box.read(name)
    assert isinstance(found, TooLarge)
    assert found.headers.startswith(b"From: ")
    assert b"%PDF" not in found.headers
    looked = await inbox.watch(box, desk.desk)
    assert [(mail.state, mail.size) for mail in looked.taken] == [
        (MailState.SET_ASIDE, found.size),
        (MailState.SET_ASIDE, len(SMALL)),
    ]
    assert "more than are fetched. Its sender was told how to send it in parts" in looked.taken[0].reason
    assert await desk.submissions() == []
    [letter] = await desk.outbox()
    assert (letter.kind, letter.addressees[0].address) == ("too-large", looked.taken[0].sender)
    assert letter.answers == looked.taken[0].message_id
    aside = next(row for row in (await desk.types("cards")).rows if row["about"] == looked.taken[0].key)
    assert "Its headers are kept here, the rest is in the mailbox" in aside["text"]


async def test_nobody_but_a_registered_person_hears_that_a_mail_was_too_large(
    desk: PracticeDesk, account: Account, open_box: Open
) -> None:
    machine = (await desk.mission_of("MWI")).writes("Away", "x" * 5000, headers=[("Auto-Submitted", "auto-replied")])
    account.deliver(desk.stranger().writes("Report", "x" * 5000), machine)
    looked = await inbox.watch(open_box(account, most=4000), desk.desk)
    assert [mail.state for mail in looked.taken] == [MailState.SET_ASIDE] * 2
    assert await desk.outbox() == []


async def test_headers_that_are_themselves_too_large_are_cut(account: Account, open_box: Open) -> None:
    account.deliver(b"From: a@b.test\r\n" + b"X-Long: " + b"y " * 400_000 + b"\r\n\r\nx")
    box = open_box(account, most=4000)
    [name] = await box.waiting()
    found = await box.read(name)
    assert isinstance(found, TooLarge)
    assert len(found.headers) == 200_000


@pytest.mark.usefixtures("hurried")
class TestWaiting:
    async def test_a_mail_that_comes_during_idle_is_noticed(self, account: Account, open_box: Open) -> None:
        box = open_box(account)
        assert await box.waiting() == []
        noticing = asyncio.create_task(box.changed(10))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(account.deliver, SMALL)
        assert await noticing
        assert not await box.changed(0)  # it has been said
        assert len(await box.waiting()) == 1

    async def test_a_mail_that_comes_between_search_and_idle_is_noticed(
        self, account: Account, open_box: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        box, idle, came = open_box(account), Session.idle, []

        def just_before(session: Session, seconds: float) -> None:
            if not came:
                came.append(account.deliver(SMALL))
            idle(session, seconds)

        monkeypatch.setattr(Session, "idle", just_before)
        await box.waiting()
        assert await box.changed(10)

    async def test_without_idle_the_mailbox_is_looked_at_now_and_then(self, account: Account, open_box: Open) -> None:
        account.host = WITHOUT_ANYTHING
        box = open_box(account)
        await box.waiting()
        assert not await box.changed(0.5)
        account.deliver(SMALL)
        assert await box.changed(5)

    async def test_what_was_there_before_is_noticed_once(self, account: Account, open_box: Open) -> None:
        account.deliver(SMALL)
        box = open_box(account)
        assert await box.changed(5)
        assert not await box.changed(0.5)

    async def test_waiting_and_reading_do_not_wait_for_each_other(self, account: Account, open_box: Open) -> None:
        account.deliver(SMALL)
        box = open_box(account)
        await box.waiting()
        watching = asyncio.create_task(box.changed(30))
        await asyncio.sleep(0.3)
        begun = time.monotonic()
        [name] = await box.waiting()
        assert await box.read(name) == SMALL
        assert time.monotonic() - begun < 5
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        assert not await box.changed(0)


@pytest.mark.usefixtures("hurried")
class TestAServerThatGoes:
    async def test_a_restart_between_two_looks_is_no_trouble(
        self, desk: PracticeDesk, account: Account, open_box: Open, dovecot: Dovecot
    ) -> None:
        box = open_box(account)
        await box.waiting()
        account.deliver(await report(desk))
        await asyncio.to_thread(dovecot.restart)
        looked = await inbox.watch(box, desk.desk)
        assert (len(looked.taken), looked.trouble) == (1, ())

    async def test_a_restart_during_idle_is_told_and_the_next_look_has_a_new_connection(
        self, account: Account, open_box: Open, dovecot: Dovecot
    ) -> None:
        box = open_box(account)
        await box.waiting()
        watching = asyncio.create_task(box.changed(30))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(dovecot.restart)
        with pytest.raises(Unavailable):
            await watching
        account.deliver(SMALL)
        assert await box.changed(10)

    @SCHEMES
    async def test_a_server_that_is_silent_during_idle_is_given_up(
        self, account: Account, open_box: Open, dovecot: Dovecot, scheme: str
    ) -> None:
        box = open_box(account, scheme=scheme)
        await box.waiting()
        watching = asyncio.create_task(box.changed(60))
        await asyncio.sleep(0.3)
        dovecot.freeze()
        begun = time.monotonic()
        with pytest.raises(Unavailable):
            await watching
        assert time.monotonic() - begun < 10
        dovecot.thaw()
        account.deliver(SMALL)
        assert await box.changed(10)

    @SCHEMES
    async def test_the_watchdog_ends_what_no_time_limit_of_the_socket_ends(
        self, account: Account, open_box: Open, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, scheme: str
    ) -> None:
        monkeypatch.setattr(imap_client, "SOCKET_SECONDS", 600.0)
        monkeypatch.setattr(imap, "LOOK_SECONDS", 1.0)
        box = open_box(account, scheme=scheme)
        await box.waiting()
        assert not await box.changed(0)
        dovecot.freeze()
        begun = time.monotonic()
        for look in (box.changed(1), box.waiting()):
            with pytest.raises(Unavailable, match="has not answered"):
                await look
        assert time.monotonic() - begun < 10
        dovecot.thaw()
        assert await box.waiting() == []

    async def test_a_silent_server_does_not_hold_up_a_round_once_for_each_message(
        self, desk: PracticeDesk, account: Account, open_box: Open, dovecot: Dovecot
    ) -> None:
        account.deliver(*[await report(desk, f"Note {number}") for number in range(20)])
        box = open_box(account)
        names = await box.waiting()
        dovecot.freeze()
        begun = time.monotonic()
        for name in names:
            with pytest.raises(Unavailable):
                await box.read(name)
        assert time.monotonic() - begun < 8
        dovecot.thaw()
        looked = await inbox.watch(box, desk.desk)
        assert (len(looked.taken), looked.trouble) == (20, ())

    async def test_a_restart_in_the_middle_of_a_round_loses_nothing(
        self, desk: PracticeDesk, account: Account, open_box: Open, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account.deliver(*[await report(desk, f"Note {number}") for number in range(10)])
        box, taken, rounds = open_box(account), IMAPInbox.taken, []

        async def restarted(self: IMAPInbox, name: str) -> None:
            rounds.append(name)
            if len(rounds) in (2, 5):
                await asyncio.to_thread(dovecot.restart)
            await taken(self, name)

        monkeypatch.setattr(IMAPInbox, "taken", restarted)
        for _ in range(2):
            await inbox.watch(box, desk.desk)
        assert await kept(desk) == 10
        assert account.uids() == []


class TestAMailboxThatChanges:
    async def test_after_a_change_of_uidvalidity_all_is_offered_again_and_known_by_its_bytes(
        self, desk: PracticeDesk, account: Account, open_box: Open
    ) -> None:
        account.deliver(await report(desk))
        account.read_only()
        box = open_box(account)
        await inbox.watch(box, desk.desk)
        [before] = {mail.source for mail in await desk.desk.store.mail.find()}
        account.uidvalidity_change()
        looked = await inbox.watch(box, desk.desk)
        assert [mail.kind for mail in looked.taken] == ["identical"]
        assert looked.taken[0].source != before
        assert len(await desk.submissions()) == 1
        assert (await inbox.watch(box, desk.desk)).taken == ()

    async def test_a_name_of_before_the_change_reads_and_moves_nothing(self, account: Account, open_box: Open) -> None:
        account.deliver(SMALL)
        box = open_box(account)
        [name] = await box.waiting()
        account.uidvalidity_change()
        [new] = await box.waiting()
        assert new != name
        assert await box.read(name) is None
        await box.taken(name)
        assert account.uids() == [1]

    async def test_a_mail_that_another_reader_expunges_is_gone_and_the_next_is_read(
        self, desk: PracticeDesk, account: Account, open_box: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account.deliver(await report(desk, "One"), await report(desk, "Two"))
        box, waiting = open_box(account), IMAPInbox.waiting

        async def expunged(self: IMAPInbox) -> list[str]:
            names = await waiting(self)
            await asyncio.to_thread(account.expunge, 1)
            return names

        monkeypatch.setattr(IMAPInbox, "waiting", expunged)
        looked = await inbox.watch(box, desk.desk)
        assert (len(looked.taken), looked.trouble) == (1, ())
        assert account.uids() == []

    async def test_a_mail_that_the_server_does_not_hand_over_is_said_and_the_next_is_read(
        self, desk: PracticeDesk, account: Account, open_box: Open, dovecot: Dovecot
    ) -> None:
        account.deliver(await report(desk, "One"), await report(desk, "Two"))
        box = open_box(account)
        [name, _] = await box.waiting()
        account.spoil(1)
        looked = await inbox.watch(box, desk.desk)  # Dovecot says NO and hangs up
        assert len(looked.taken) == 1
        assert [trouble.partition(":")[0] for trouble in looked.trouble] == [name]
        assert account.uids() == [1]

    async def test_a_mail_that_is_expunged_before_it_is_moved_was_kept(self, account: Account, open_box: Open) -> None:
        account.deliver(SMALL)
        box = open_box(account)
        [name] = await box.waiting()
        assert await box.read(name) == SMALL
        account.expunge(1)
        await box.taken(name)
        assert await box.waiting() == []


class TestWhereNothingMayBeMoved:
    async def test_in_a_mailbox_that_is_read_only_mail_stays_and_is_taken_in_once(
        self, desk: PracticeDesk, account: Account, open_box: Open
    ) -> None:
        account.deliver(await report(desk))
        account.read_only()
        for box in (open_box(account), open_box(account)):
            for _ in range(2):
                assert (await inbox.watch(box, desk.desk)).trouble == ()
        assert (account.uids(), await kept(desk)) == ([1], 1)
        assert "Seen" not in account.flags()

    async def test_without_move_it_is_copied_and_that_message_alone_expunged(
        self, desk: PracticeDesk, account: Account, open_box: Open
    ) -> None:
        account.host = WITHOUT_MOVE
        account.deliver(await report(desk, "One"), SMALL)
        account.flag(2, "(\\Deleted)")  # by a person, who has not decided yet
        box = open_box(account)
        names = await box.waiting()
        await box.taken(names[0])
        assert (account.uids(), account.uids(TAKEN)) == ([2], [1])

    async def test_where_no_single_message_can_be_expunged_all_stays(
        self, desk: PracticeDesk, account: Account, open_box: Open
    ) -> None:
        account.host = WITHOUT_ANYTHING
        account.deliver(await report(desk))
        box = open_box(account)
        for _ in range(2):
            assert (await inbox.watch(box, desk.desk)).trouble == ()
        assert (account.uids(), await kept(desk)) == ([1], 1)
        assert "Deleted" not in account.flags()

    @pytest.mark.parametrize("host", ["127.0.0.1", WITHOUT_MOVE])
    async def test_over_quota_mail_is_taken_in_once_wherever_it_lies(
        self, desk: PracticeDesk, account: Account, open_box: Open, host: str
    ) -> None:
        account.deliver(await report(desk))
        account.quota("1k")
        account.host = host
        box = open_box(account)
        for _ in range(2):
            assert (await inbox.watch(box, desk.desk)).trouble == ()
        assert await kept(desk) == 1
        assert len(account.uids()) == (host == WITHOUT_MOVE)


@pytest.mark.usefixtures("hurried")
class TestBeingLetIn:
    async def test_a_password_that_was_changed_is_said_and_nothing_is_lost(
        self, desk: PracticeDesk, account: Account, open_box: Open
    ) -> None:
        box, before = open_box(account), account.password
        await box.waiting()
        await asyncio.to_thread(account.set_password, "another")
        account.deliver(await report(desk))
        account.kick()
        looked = await inbox.watch(box, desk.desk)
        assert "name and password are refused" in looked.trouble[0]
        assert (looked.taken, "another" in looked.trouble[0], before in looked.trouble[0]) == ((), False, False)
        await asyncio.to_thread(account.set_password, before)
        assert len((await inbox.watch(box, desk.desk)).taken) == 1

    async def test_who_is_not_let_in_does_not_knock_again_at_once(
        self, account: Account, open_box: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(imap_line, "LOGIN_PAUSE_SECONDS", 60.0)
        knocks, enter = [], Session.enter

        def knocking(session: Session) -> None:
            knocks.append(session)
            enter(session)

        monkeypatch.setattr(Session, "enter", knocking)
        account.password = "another"
        box = open_box(account)
        for _ in range(5):
            with pytest.raises(NotLetIn, match="name and password are refused"):
                await box.waiting()
        assert len(knocks) == 1

    async def test_a_folder_that_is_not_there_is_said(self, account: Account, open_box: Open) -> None:
        with pytest.raises(Refused, match="does not open the folder 'Nowhere'"):
            await open_box(account, folder="Nowhere").waiting()

    async def test_a_folder_of_any_name_is_read(self, account: Account, open_box: Open) -> None:
        with account.client() as client:
            client.create('"Bo&AO4-te &- 1540"')
        account.deliver(SMALL, mailbox='"Bo&AO4-te &- 1540"')
        box = open_box(account, folder="Boîte & 1540")
        [name] = await box.waiting()
        assert await box.read(name) == SMALL

    async def test_an_access_token_stands_in_for_a_password_and_is_read_at_each_login(
        self, account: Account, open_box: Open, tmp_path: Path
    ) -> None:
        file = tmp_path / "token"
        file.write_text("out of date")
        token = account.access_token()
        box = open_box(account, query=f"?token={file}")
        with pytest.raises(NotLetIn):
            await box.waiting()
        file.write_text(token)
        assert await box.waiting() == []

    @pytest.mark.parametrize(("scheme", "query"), [("imaps", ""), ("imap", "?tls=required")])
    async def test_a_line_is_protected_from_the_start_or_by_starttls(
        self, account: Account, open_box: Open, scheme: str, query: str
    ) -> None:
        account.deliver(SMALL)
        assert len(await open_box(account, scheme=scheme, query=query).waiting()) == 1
        with pytest.raises(NotLetIn, match="VERBALE_CA_FILE"):
            await open_box(account, scheme=scheme, query=query, ca_file=None).waiting()

    @pytest.mark.parametrize("greeting", ["OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] here", "PREAUTH here"])
    async def test_where_the_line_cannot_be_protected_no_password_goes_out(self, greeting: str) -> None:
        heard, ended = [], asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(f"* {greeting}\r\n".encode())
            while line := await reader.readline():
                heard.append(line)
                tag = line.split()[0].decode()
                writer.write(f"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n".encode())
            writer.close()
            ended.set()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            box = IMAPInbox(imap_endpoint(f"imap://desk:secret@127.0.0.1:{port}/?tls=required"))
            with pytest.raises(NotLetIn, match="STARTTLS"):
                await box.waiting()
            await asyncio.wait_for(ended.wait(), 10)
        assert not [line for line in heard if b"LOGIN" in line or b"AUTHENTICATE" in line]

    async def test_a_practice_desk_opens_no_connection_beyond_this_computer(self) -> None:
        box = IMAPInbox(imap_endpoint("imap://desk:secret@192.0.2.1/"), loopback_only=True)
        with pytest.raises(NotLetIn, match="practice desk"):
            await box.waiting()


DIES = """
import asyncio, os, pathlib, signal, sys
from bot import building, settings
from mailflows import imap, inbox
from storage.store import Store

def dies_after(step):
    async def stepping(*given, **named):
        await step(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    return stepping

owner, name = {"kept": (Store, "keep"), "committed": (inbox, "keep"), "moved": (imap.IMAPInbox, "taken")}[sys.argv[1]]
setattr(owner, name, dies_after(getattr(owner, name)))

async def look(folder, settings):
    async with building.open_desk(folder, settings) as desk:
        async with building.inbox(folder, desk, settings) as box:
            await inbox.watch(box, desk)

asyncio.run(look(pathlib.Path(sys.argv[2]), settings.read_settings()))
"""


@pytest.mark.long
async def test_killed_thirty_times_between_keep_commit_and_move_each_mail_is_there_once(
    desk: PracticeDesk, account: Account, open_box: Open
) -> None:
    account.deliver(*[await report(desk, f"Note {number}") for number in range(30)])
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "INBOX_URL": account.url()}
    for point in ("kept", "committed", "moved") * 10:
        command = (sys.executable, "-c", DIES, point, str(desk.folder))
        process = await asyncio.create_subprocess_exec(*command, cwd=desk.folder, env=environment)
        assert await process.wait() == -signal.SIGKILL
    looked = await inbox.watch(open_box(account), desk.desk)
    mails = await desk.desk.store.mail.find()
    assert (looked.trouble, len(mails), len({mail.sha256 for mail in mails})) == ((), 30, 30)
    assert [mail.state for mail in mails] == [MailState.TAKEN_IN] * 30
    assert (account.uids(), len(account.uids(TAKEN))) == ([], 30)


@pytest.mark.long
async def test_a_running_desk_takes_a_mail_in_as_it_comes_and_ends_when_it_is_told(
    desk: PracticeDesk, account: Account
) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "INBOX_URL": account.url()}
    command = (sys.executable, "-m", "bot", "run", "--desk", str(desk.folder))
    process = await asyncio.create_subprocess_exec(*command, cwd=desk.folder, env=environment, stderr=-1)
    assert process.stderr
    try:
        assert b"is running" in await process.stderr.readline()
        account.deliver(await report(desk))
        begun = time.monotonic()
        assert await asyncio.to_thread(account.came, 1, TAKEN)
        assert time.monotonic() - begun < 15
        process.terminate()
        await asyncio.wait_for(process.communicate(), 10)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    assert process.returncode == 0
    assert len(await desk.submissions()) == 1


async def test_one_mailbox_that_cannot_be_looked_at_does_not_keep_the_other_waiting(
    desk: PracticeDesk, account: Account, dovecot: Dovecot, open_box: Open
) -> None:
    second = dovecot.account(f"second-{account.user.partition('@')[0]}")
    account.deliver(await report(desk, "One"))
    second.deliver(await report(desk, "Two"))
    lost = IMAPInbox(replace(imap_endpoint(account.url()), password="wrong"))
    boxes = Mailboxes({"first": open_box(account), "lost": lost, "second": open_box(second)})
    looked = await inbox.watch(boxes, desk.desk)
    assert len(looked.taken) == 2
    assert [trouble.partition(":")[0] for trouble in looked.trouble] == ["lost"]
    assert len({mail.source for mail in looked.taken}) == 2


async def test_no_log_is_told_what_a_message_says_however_much_it_wants_to_know(
    account: Account, open_box: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    account.deliver(SMALL)
    box = open_box(account)
    [name] = await box.waiting()
    assert await box.read(name) == SMALL
    assert "compliments" not in caplog.text
