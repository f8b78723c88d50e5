"""Mail comes in from a Maildir: kept, committed, moved, and only then understood; each once, whatever happens in between."""

import os
from pathlib import Path

import pytest

from committee.errors import Unavailable
from committee.mail import MailState
from mailflows import inbox
from mailflows.maildir import MaildirInbox
from tests.conftest import PracticeDesk


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    return tmp_path / "Maildir"


async def report(desk: PracticeDesk, words: str = "First report") -> bytes:
    return (await desk.mission_of("MWI")).writes(words, attach="report.pdf")


async def test_what_waits_is_taken_in_once_and_moved(desk: PracticeDesk, maildir: Path) -> None:
    (maildir / "new" / "1.a").write_bytes(await report(desk))
    looked = await inbox.watch(MaildirInbox(maildir), desk.desk)
    assert [mail.state for mail in looked.taken] == [MailState.TAKEN_IN]
    assert not [*(maildir / "new").iterdir()]
    assert (await inbox.watch(MaildirInbox(maildir), desk.desk)).taken == ()
    assert len(await desk.submissions()) == 1


async def test_what_may_not_be_moved_is_known_by_its_source(desk: PracticeDesk, maildir: Path) -> None:
    (maildir / "new" / "1.a").write_bytes(await report(desk))
    (maildir / ".Taken").write_text("in the way")
    for _ in range(2):
        await inbox.watch(MaildirInbox(maildir), desk.desk)
    assert (maildir / "new" / "1.a").exists()
    assert len(await desk.submissions()) == 1
    assert len(await desk.desk.store.mail.find()) == 1


async def test_what_was_kept_before_a_process_ended_is_understood_by_the_next(
    desk: PracticeDesk, maildir: Path
) -> None:
    raw = await report(desk)
    (maildir / "new" / "1.a").write_bytes(raw)
    box = MaildirInbox(maildir)
    await box.waiting()
    await inbox.keep(raw, desk.desk, source=box.source("1.a"))  # committed, and then the power went
    looked = await inbox.watch(MaildirInbox(maildir), desk.desk)
    assert [mail.submission for mail in looked.taken] == ["S-2012-0001"]
    assert not [*(maildir / "new").iterdir()]
    assert len(await desk.desk.store.mail.find()) == 1


async def test_a_file_that_vanishes_while_it_is_read_stops_nobody(
    desk: PracticeDesk, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("1.a", "2.b"):
        (maildir / "new" / name).write_bytes(await report(desk, name))
    read = MaildirInbox.read

    async def vanishing(box: MaildirInbox, name: str) -> bytes | None:
        if name == "1.a":
            (maildir / "new" / name).unlink()
        return await read(box, name)

    monkeypatch.setattr(MaildirInbox, "read", vanishing)
    looked = await inbox.watch(MaildirInbox(maildir), desk.desk)
    assert (len(looked.taken), looked.trouble) == (1, ())


async def test_a_disk_that_is_full_leaves_the_mail_where_it_is_and_the_next_look_takes_it(
    desk: PracticeDesk, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (maildir / "new" / "1.a").write_bytes(await report(desk))

    async def full(_store: object, _data: bytes) -> str:
        raise Unavailable("the desk's folder could not be used (No space left on device); nothing was changed")

    with monkeypatch.context() as patched:
        patched.setattr(type(desk.desk.store), "keep", full)
        looked = await inbox.watch(MaildirInbox(maildir), desk.desk)
    assert "No space left" in looked.trouble[0]
    assert (maildir / "new" / "1.a").exists()
    assert len((await inbox.watch(MaildirInbox(maildir), desk.desk)).taken) == 1


async def test_links_folders_and_pipes_are_not_mail(desk: PracticeDesk, maildir: Path) -> None:
    (maildir / "new" / "link").symlink_to("/etc/passwd")
    (maildir / "new" / "folder").mkdir()
    os.mkfifo(maildir / "new" / "pipe")
    looked = await inbox.watch(MaildirInbox(maildir), desk.desk)
    assert (looked.taken, looked.trouble) == ((), ())


async def test_a_reading_that_nobody_foresaw_sets_the_mail_aside_and_the_next_is_handled(
    desk: PracticeDesk, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("1.a", "2.b"):
        (maildir / "new" / name).write_bytes(await report(desk, name))
    understand = inbox.mails.understand

    async def failing(mail: object, raw: bytes, at: object) -> object:
        if b"1.a" in raw:
            raise ZeroDivisionError
        return await understand(mail, raw, at)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(inbox.mails, "understand", failing)
    looked = await inbox.watch(MaildirInbox(maildir), desk.desk)
    assert [mail.state for mail in looked.taken] == [MailState.SET_ASIDE, MailState.TAKEN_IN]
