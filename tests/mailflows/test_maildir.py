"""Maildirs: letters that are kept as files, and mail that waits in one."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.errors import Refused, Unavailable
from mailflows.maildir import MaildirInbox, MaildirSender, file_name
from mailflows.message import Message

RAW = b"Subject: x\r\n\r\nHello\r\n"
LETTER = Message((b"Subject: x\r\n\r\n", b"Hello\r\n"))


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / "mail" / folder).mkdir(parents=True)
    return tmp_path / "mail"


async def test_a_letter_is_a_file_named_by_its_delivery(tmp_path: Path) -> None:
    accepted = await MaildirSender(tmp_path / "out").send(
        "desk@1540.example", "a@b.example", LETTER, key="first-report/MWI/programme-11/2#1"
    )
    (file,) = (tmp_path / "out" / "new").iterdir()
    assert accepted.reply == f"250 2.0.0 kept as {file.name}"
    assert file.name == "first-report,MWI,programme-11,2+1"
    assert file.read_bytes() == b"Return-Path: <desk@1540.example>\r\nDelivered-To: a@b.example\r\n" + RAW
    assert file.stat().st_mode & 0o777 == 0o600
    assert not list((tmp_path / "out" / "tmp").iterdir())


async def test_a_retry_replaces_the_file(tmp_path: Path) -> None:
    sender = MaildirSender(tmp_path)
    for message in (LETTER, Message((RAW, b"again\r\n"))):
        await sender.send("desk@1540.example", "a@b.example", message, key="receipt/S-2012-0001#1")
    (file,) = (tmp_path / "new").iterdir()
    assert file.read_bytes().endswith(b"again\r\n")


async def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Unavailable, match="did not take the letter"):
        await MaildirSender(tmp_path / "file").send("desk@1540.example", "a@b.example", LETTER, key="a#1")


async def test_the_file_gets_its_name_after_ready(tmp_path: Path) -> None:
    async def ready() -> None:
        assert [file.read_bytes()[-len(RAW) :] for file in (tmp_path / "tmp").iterdir()] == [RAW]
        assert not list((tmp_path / "new").iterdir())

    await MaildirSender(tmp_path).send("desk@1540.example", "a@b.example", LETTER, key="a#1", ready=ready)
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["a+1"]


async def test_what_ready_raises_leaves_no_file(tmp_path: Path) -> None:
    async def ready() -> None:
        raise KeyError("the store is full")

    with pytest.raises(KeyError):
        await MaildirSender(tmp_path).send("desk@1540.example", "a@b.example", LETTER, key="a#1", ready=ready)
    assert not [*(tmp_path / "tmp").iterdir(), *(tmp_path / "new").iterdir()]


async def test_what_is_no_address_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        await MaildirSender(tmp_path).send("desk@1540.example", "a@b.example\r\nX: y", LETTER, key="a#1")


@given(st.text(), st.text())
def test_each_key_has_its_own_safe_file_name(key: str, other: str) -> None:
    name = file_name(key)
    assert name
    assert name[0] != "."
    assert not {"/", "\0", ":", "\n"} & {*name}
    assert len(name) <= 200
    assert key == other or name != file_name(other)


async def test_regular_files_of_new_and_cur_wait_in_the_order_of_their_names(mailbox: Path) -> None:
    (mailbox / "new" / "2.host").write_bytes(RAW)
    (mailbox / "cur" / "1.host:2,S").write_bytes(RAW)
    (mailbox / "new" / ".hidden").write_bytes(RAW)
    (mailbox / "new" / "folder").mkdir()
    (mailbox / "new" / "link").symlink_to("/etc/hostname")
    os.mkfifo(mailbox / "new" / "pipe")
    inbox = MaildirInbox(mailbox)
    assert await inbox.waiting() == ["1.host", "2.host"]
    assert await inbox.read("1.host") == RAW


async def test_what_was_taken_is_out_of_the_way_with_its_flags(mailbox: Path) -> None:
    (mailbox / "cur" / "1.host:2,FS").write_bytes(RAW)
    (mailbox / "new" / "2.host").write_bytes(RAW)
    inbox = MaildirInbox(mailbox)
    for name in await inbox.waiting():
        await inbox.taken(name)
    assert await inbox.waiting() == []
    assert (mailbox / ".Taken" / "cur" / "1.host:2,FS").read_bytes() == RAW
    assert (mailbox / ".Taken" / "new" / "2.host").read_bytes() == RAW


async def test_taking_never_writes_over_what_was_taken_before(mailbox: Path) -> None:
    inbox, sources = MaildirInbox(mailbox), []
    for content in (b"first", b"second one"):
        (mailbox / "new" / "same").write_bytes(content)
        (name,) = await inbox.waiting()
        sources.append(inbox.source(name))
        await inbox.taken(name)
    assert {file.read_bytes() for file in (mailbox / ".Taken" / "new").iterdir()} == {b"first", b"second one"}
    assert len(set(sources)) == 2


async def test_a_message_that_stays_is_known_by_its_source_whatever_its_flags(mailbox: Path) -> None:
    (mailbox / "new" / "1.host").write_bytes(RAW)
    inbox = MaildirInbox(mailbox)
    await inbox.waiting()
    source = inbox.source("1.host")
    (mailbox / "new" / "1.host").rename(mailbox / "cur" / "1.host:2,S")
    await inbox.waiting()
    assert inbox.source("1.host") == source


@pytest.mark.parametrize("becomes", ["nothing", "a link", "a pipe", "a folder"])
async def test_a_file_that_changes_while_it_is_looked_at_is_nothing(mailbox: Path, becomes: str) -> None:
    file = mailbox / "new" / "1.host"
    file.write_bytes(RAW)
    inbox = MaildirInbox(mailbox)
    await inbox.waiting()
    file.unlink()
    _become(becomes, file)
    if becomes in {"a link", "a folder"}:
        with pytest.raises(Unavailable):
            await inbox.read("1.host")
    else:
        assert await inbox.read("1.host") is None
    await inbox.taken("1.host")


def _become(what: str, file: Path) -> None:
    if what == "a link":
        file.symlink_to("/etc/hostname")
    elif what == "a pipe":
        os.mkfifo(file)
    elif what == "a folder":
        file.mkdir()


async def test_a_missing_maildir_is_a_sentence_that_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"INBOX_URL.*nowhere.*INBOX_URL=maildir:"):
        await MaildirInbox(tmp_path / "nowhere").waiting()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
async def test_a_folder_without_permission_is_a_sentence_and_changes_nothing(mailbox: Path) -> None:
    (mailbox / "new" / "1.host").write_bytes(RAW)
    (mailbox / "new" / "1.host").chmod(0)
    inbox = MaildirInbox(mailbox)
    await inbox.waiting()
    os.seteuid(65534)
    try:
        with pytest.raises(Unavailable):
            await inbox.read("1.host")
        await inbox.taken("1.host")
    finally:
        os.seteuid(0)
    assert (mailbox / "new" / "1.host").exists()
