"""The doctor looks at everything, changes nothing, sends nothing, and says what to do."""

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import doctor, looking_after
from bot.door import Door
from committee.cards import Card
from committee.desk import Backup, Tick
from committee.letters import DeliveryState
from mailflows import backups, clock
from mailflows.founding import found
from mailflows.outbox import deliver_due
from storage.store import Store
from tests.conftest import PracticeDesk

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("VERBALE_", "SMTP_URL", "INBOX_URL")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def real(tmp_path: Path) -> Path:
    folder = tmp_path / "real"
    await found(folder, practice=False, at=NOW, administrator="Ana García", account=os.getuid())
    return folder


def row(card: Card, what: str) -> dict[str, Any]:
    return next(row for row in card.rows if row["what"] == what)


async def examined(folder: Path) -> Card:
    return await doctor.examine(Door(str(folder)))


async def changed(folder: Path, register: str, value: Any) -> None:
    async with Store.open(folder) as store, store.transaction(by="test", doing="x", about="x", at=NOW) as tx:
        await getattr(tx, register).put(value)


async def test_a_practice_desk_is_well_and_nothing_was_changed_or_sent(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    before = (await desk.desk.store.trail.find(), await desk.desk.store.deliveries.find())
    card = await examined(desk.folder)
    assert card.ok, [row for row in card.rows if row["how"] == "wrong"]
    assert card.fields["wrong"] == 0
    assert before == (await desk.desk.store.trail.find(), await desk.desk.store.deliveries.find())
    assert not (desk.folder / "outgoing").exists()


async def test_a_new_desk_is_told_what_it_lacks_and_what_to_do(real: Path) -> None:
    card = await examined(real)
    assert not card.ok
    assert row(card, "address")["how"] == "wrong"
    assert "SMTP_URL=" in row(card, "letters out")["found"]
    assert row(card, "States")["found"] == "193 of 193 unconfirmed"
    assert row(card, "backup")["to_do"] == "verbale backup FILE, each night"
    assert "until there is" in row(card, "holidays")["to_do"]
    assert {row(card, what)["how"] for what in ("Chair", "languages", "mail in", "clock")} == {"look"}
    for one in card.rows:
        assert one["how"] == "good" or one["to_do"], one


async def test_the_status_is_one_where_anything_is_wrong(
    real: Path, desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_URL", "")
    assert not (await examined(real)).ok
    assert (await examined(desk.folder)).ok


def test_as_data_it_is_one_object(founded: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    import json

    shutil.copytree(founded, tmp_path / "d")
    assert looking_after.examine(Door(str(tmp_path / "d"), None, as_json=True)) == 0
    card = json.loads(capsysbinary.readouterr().out)
    assert {"what", "how", "found", "to_do"} == set(card["rows"][0])


async def test_a_setting_that_cannot_be_used_is_shown_as_its_sentence(
    real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_URL", "banana")
    card = await examined(real)
    assert (card.ok, len(card.rows)) == (False, 1)
    assert card.rows[0]["found"].startswith("SMTP_URL is ")


async def test_a_name_that_is_no_setting_is_said(real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(
        "SMPT_URL=smtp://localhost:25\nVERBALE_ADDRESS=desk@1540.example\nSLACK_SIGNING_SECRET=x\n"
    )
    monkeypatch.setenv("VERBALE_HEALT", "8540")
    assert row(await examined(real), "settings")["found"] == "no setting of the desk: SMPT_URL, VERBALE_HEALT"


async def test_a_desk_of_another_account_is_refused_with_a_sentence(
    real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    card = await examined(real)
    assert not card.ok
    assert "belongs to the account" in str(row(card, "desk")["found"])


async def test_a_folder_that_others_could_read_is_said_before_it_is_shut(real: Path) -> None:
    real.chmod(0o755)
    (real / "keys").chmod(0o644)
    assert row(await examined(real), "modes")["found"] == f"others could read {real.name}, keys"
    assert row(await examined(real), "modes")["how"] == "good"


async def test_a_server_that_does_not_answer_is_wrong_and_one_that_does_is_quoted(
    real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.test ESMTP\r\n")
        while line := await reader.readline():
            heard.append(line.split()[0].upper())
            writer.write(b"250 2.0.0 at your service\r\n")
        writer.close()

    heard: list[bytes] = []
    async with await asyncio.start_server(answers, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{port}")
        well = row(await examined(real), "letters out")
    assert (well["how"], well["found"]) == ("good", f"127.0.0.1:{port}: 250 2.0.0 at your service, without TLS")
    assert b"NOOP" in heard
    assert not {b"MAIL", b"RCPT", b"DATA"} & {*heard}
    gone = row(await examined(real), "letters out")
    assert gone["how"] == "wrong"
    assert "does not answer" in gone["found"]


@pytest.mark.long
async def test_a_port_that_speaks_tls_from_the_start_is_found_out_soon(
    real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    async def waits_for_a_hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(waits_for_a_hello, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.setattr(doctor.mail, "GREETING_SECONDS", 0.5)
        async with asyncio.timeout(10):
            found = row(await examined(real), "letters out")
    assert found["how"] == "wrong"
    assert "did not greet within 0.5 seconds" in found["found"]
    assert f"SMTP_URL=smtps://127.0.0.1:{port}" in found["found"]


async def test_a_mailbox_that_cannot_be_read_is_wrong(real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOX_URL", "maildir:/nowhere")
    assert row(await examined(real), "mail in")["how"] == "wrong"


@pytest.mark.parametrize(
    ("ago", "how"),
    [
        (timedelta(minutes=9), "good"),
        (timedelta(minutes=13), "look"),
        (timedelta(hours=1), "look"),
        (timedelta(days=4), "wrong"),
        (timedelta(hours=-1), "wrong"),
    ],
)
async def test_the_clock_is_held_against_the_last_tick(real: Path, ago: timedelta, how: str) -> None:
    await changed(real, "ticks", Tick(clock.TICK, datetime.now(UTC) - ago))
    assert row(await examined(real), "clock")["how"] == how


@pytest.mark.parametrize(("ago", "how"), [(timedelta(hours=20), "good"), (timedelta(hours=30), "look")])
async def test_a_backup_is_due_each_night(real: Path, ago: timedelta, how: str) -> None:
    await changed(real, "backups", Backup(backups.LAST, datetime.now(UTC) - ago, "ana-garcia", 7))
    assert row(await examined(real), "backup")["how"] == how


async def test_whoever_is_at_work_is_named(desk: PracticeDesk) -> None:
    with desk.desk.store.work_lock("verbale run"):
        assert f"verbale run, process {os.getpid()}" in row(await examined(desk.folder), "work")["found"]


async def test_what_stands_still_is_shown(desk: PracticeDesk) -> None:
    await desk.types("stop")
    await desk.answers("remind first-report --to MWI", yes=True)
    assert row(await examined(desk.folder), "stops")["to_do"] == "an officer: resume"
    await desk.types("resume")
    await deliver_due(desk.desk, desk.post)
    async with desk.desk.store.transaction(by="test", doing="x", about="x", at=desk.desk.now) as tx:
        waiting = (await tx.deliveries.find())[0]
        await tx.deliveries.put(replace(waiting, state=DeliveryState.QUEUED, since=desk.desk.now - timedelta(days=2)))
    assert "first-report/MWI/programme-11/2 has waited since" in row(await examined(desk.folder), "outbox")["found"]


async def test_a_desk_that_cannot_be_opened_is_said_after_what_could_be_looked_at(real: Path) -> None:
    (real / "keys").write_text("{}")
    card = await examined(real)
    assert [one["what"] for one in card.rows] == ["settings", "owner", "modes", "disk", "work", "desk"]
    assert "restore the file from a backup" in card.rows[-1]["found"]


async def test_a_filing_address_at_which_nothing_can_be_filed_is_said(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(row["what"] != "filing" for row in (await examined(desk.folder)).rows)
    monkeypatch.setenv("VERBALE_FILING_ADDRESS", "desk+file@1540.example")
    found = row(await examined(desk.folder), "filing")
    assert (found["how"], "nothing confirms who wrote it" in found["found"]) == ("wrong", True), found
    monkeypatch.setenv("VERBALE_AUTHSERV_ID", "mx.example")
    assert row(await examined(desk.folder), "filing")["how"] == "look"
    async with desk.desk.store.transaction(by="test", doing="x", about="x", at=desk.desk.now) as tx:
        await tx.staff.put(replace(await desk.person("officer-1"), address="alex@un.example"))
    assert row(await examined(desk.folder), "filing")["how"] == "good"
