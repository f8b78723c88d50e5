"""Backup, restore and migrate as an administrator types them."""

import asyncio
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from bot import building, errands, looking_after
from bot.door import Door
from bot.settings import without_environment
from mailflows.founding import found
from storage import schema
from storage.folder import add_key
from tests.conftest import PracticeDesk

pytestmark = pytest.mark.long

DONE, REFUSED = 0, 1


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("VERBALE_", "SMTP_URL", "INBOX_URL")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def real(tmp_path: Path) -> Path:
    return made(tmp_path / "real", os.getuid())


def made(folder: Path, account: int) -> Path:
    asyncio.run(found(folder, practice=False, at=datetime.now(UTC), administrator="Ana", account=account))
    return folder


def at(folder: Path) -> Door:
    return Door(str(folder), None, as_json=True)


@pytest.fixture
def answer(capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[[], dict[str, Any]]:
    def last() -> dict[str, Any]:
        card: dict[str, Any] = json.loads(capsysbinary.readouterr().out.splitlines()[-1])
        return card

    return last


def test_a_backup_is_restored_and_fits(real: Path, tmp_path: Path, answer: Callable[[], dict[str, Any]]) -> None:
    assert looking_after.backup(tmp_path / "b.tar", at(real)) == DONE
    backup = answer()["fields"]
    assert {"file", "made_at", "trail", "last", "seal"} <= backup.keys()
    assert looking_after.restore(tmp_path / "b.tar", tmp_path / "again", at(tmp_path), administrator=None) == DONE
    assert answer()["fields"]["trail"] == backup["trail"]
    assert errands.verify(at(tmp_path / "again")) == DONE


def test_a_real_desk_is_backed_up_and_restored_by_its_administrator_alone(
    tmp_path: Path, answer: Callable[[], dict[str, Any]]
) -> None:
    ours, theirs = made(tmp_path / "ours", os.getuid()), made(tmp_path / "theirs", os.getuid() + 1)
    assert looking_after.backup(tmp_path / "no.tar", at(theirs)) == REFUSED
    assert "administrator" in answer()["text"]
    assert not (tmp_path / "no.tar").exists()
    assert looking_after.backup(tmp_path / "b.tar", at(ours)) == DONE
    with closing(sqlite3.connect(ours / "desk.sqlite3")) as database:
        database.execute("SELECT 1")
    assert looking_after.restore(tmp_path / "b.tar", ours, at(ours), administrator=None) == REFUSED
    assert "holds a desk" in answer()["text"]


def test_on_another_host_the_restore_says_whose_account_it_is(
    tmp_path: Path, real: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[[], dict[str, Any]]
) -> None:
    assert looking_after.backup(tmp_path / "b.tar", at(real)) == DONE
    uid = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: uid + 7)
    restore = looking_after.restore
    assert restore(tmp_path / "b.tar", tmp_path / "one", at(tmp_path), administrator=None) == REFUSED
    assert not (tmp_path / "one").exists()
    assert restore(tmp_path / "b.tar", tmp_path / "two", at(tmp_path), administrator="ana") == DONE
    assert looking_after.backup(tmp_path / "c.tar", at(tmp_path / "two")) == DONE
    assert answer()["ok"]


def test_a_new_key_seals_the_trail_and_the_last_one_stays_valid(
    real: Path, tmp_path: Path, answer: Callable[[], dict[str, Any]]
) -> None:
    assert looking_after.keys(at(real), new=False) == DONE
    first = [row["key"] for row in answer()["rows"]]
    for _ in range(2):
        assert looking_after.keys(at(real), new=True) == DONE
    now = [row["key"] for row in answer()["rows"]]
    assert (len(first), len(now), first[0] in now) == (1, 2, False)
    assert errands.verify(at(real)) == DONE
    assert looking_after.backup(tmp_path / "b.tar", at(real)) == DONE
    assert answer()["fields"]["seal"].startswith(now[0])


async def test_a_reply_to_a_letter_from_before_the_new_key_finds_its_conversation(desk: PracticeDesk) -> None:
    mission = await desk.capital_of("MWI")
    await desk.takes_in(mission.writes("First report", attach="r.pdf"))
    await desk.delivers()
    to = str(message_from_bytes(desk.post.handed[0][1], policy=policy.default)["Reply-To"])
    add_key(desk.folder)
    async with building.open_desk(desk.folder, without_environment()) as opened:
        [mail] = await PracticeDesk(desk.folder, opened).takes_in(
            mission.writes("Re", to=to, attach="a.pdf", data=b"%PDF-1.4 a")
        )
    assert (mail.kind, mail.submission) == ("answer", "S-2012-0001")


def test_a_desk_of_this_version_is_left_as_it_is(
    real: Path, tmp_path: Path, answer: Callable[[], dict[str, Any]]
) -> None:
    assert looking_after.migrate(at(real)) == DONE
    assert "nothing was changed" in answer()["text"]
    assert [path.name for path in tmp_path.iterdir()] == ["real"]


def test_an_older_desk_is_backed_up_beside_itself_and_brought_forward(
    real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[[], dict[str, Any]]
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, _adds_a_table))
        assert errands.do(["desk"], at(real), yes=False) == REFUSED
        assert "verbale migrate" in answer()["text"]
        assert looking_after.migrate(at(real)) == DONE
        backup = Path(answer()["fields"]["backup"])
        assert (backup.parent, backup.name.startswith(f"real-version-{schema.newest() - 1}-")) == (tmp_path, True)
        assert errands.do(["desk"], at(real), yes=False) == DONE
        assert errands.verify(at(real)) == DONE
    assert looking_after.migrate(at(real)) == REFUSED
    assert "newer Verbale" in answer()["text"]
    assert looking_after.restore(backup, tmp_path / "again", at(tmp_path), administrator=None) == DONE


def test_an_older_desk_is_not_brought_forward_by_just_anyone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[[], dict[str, Any]]
) -> None:
    theirs = made(tmp_path / "theirs", os.getuid() + 1)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, _adds_a_table))
    assert looking_after.migrate(at(theirs)) == REFUSED
    assert "takes the role administrator" in answer()["text"]
    assert [path.name for path in tmp_path.iterdir()] == ["theirs"]


def _adds_a_table(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE added (key TEXT)")
