"""A desk in PostgreSQL as an administrator types it: made, worked at, looked over, and moved to a folder and back."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bot.processes import ended, environment, run, until
from tests.servers.postgres import Postgres

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = [pytest.mark.server, pytest.mark.long]
Verbale = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def verbale(tmp_path: Path) -> Verbale:
    def typed(*words: str, database: str = "") -> tuple[int, dict[str, Any], str]:
        command = [sys.executable, "-m", "bot", *words]
        around = environment(DATABASE_URL=database)
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path, env=around)
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        return done.returncode, json.loads(lines[-1]) if lines else {}, done.stdout + done.stderr

    return typed


def test_a_desk_is_made_worked_at_verified_backed_up_and_moved(
    verbale: Verbale, database: str, postgres: Postgres, tmp_path: Path
) -> None:
    there = database.replace("desk@", "desk:not-to-be-shown@")
    assert verbale("init", "desk", "--practice", database=there)[0] == 0
    assert sorted(path.name for path in (tmp_path / "desk").iterdir()) == ["desk.json", "keys"]
    assert verbale("init", "desk", "--practice", database=there)[0] == 1
    of_the_book = ("contact MWI/permanent-mission/1 title Registry", "addressing MWI to permanent-mission cc ministry")
    for command in ("state MWI confirm reported", "remind first-report", *of_the_book):
        assert verbale("do", command, "--json", "--desk", "desk", database=there)[0] == 0
    assert verbale("tick", "--json", "--desk", "desk", database=there)[0] == 0
    assert verbale("doctor", "--json", "--desk", "desk", database=there)[0] == 0
    assert "Everything fits" in verbale("verify", "--desk", "desk", database=there)[2]
    assert verbale("backup", "desk.tar", "--desk", "desk", database=there)[0] == 0
    status, moved, said = verbale("copy", "--to", "folder:back", "--json", "--desk", "desk", database=there)
    assert (status, "not-to-be-shown" in said) == (0, False)
    assert moved["fields"]["copied"] > 600
    assert verbale("do", "desk", "--desk", "desk", database=there)[0] == 1
    assert "Everything fits" in verbale("verify", "--desk", "back")[2]
    again = postgres.database()
    assert verbale("copy", "--to", again, "--desk", "back")[0] == 0
    status, _, said = verbale("do", "log MWI", "--desk", "back", database=again)
    assert (status, "reported" in said) == (0, True)
    whole = verbale("do", "contact MWI/permanent-mission/1", "--json", "--desk", "back", database=again)[1]
    assert [(row["what"], row["now"]) for row in whole["rows"]] == [("title", "Registry")]
    assert "was moved to" in verbale("do", "desk", "--desk", "back")[2]


def test_what_is_wrong_is_said_without_the_password(verbale: Verbale, database: str, tmp_path: Path) -> None:
    assert verbale("init", "desk", "--practice")[0] == 0
    for url, status, words in (
        ("mysql://desk:not-to-be-shown@localhost/verbale", 2, "must be a URL of a PostgreSQL database"),
        ("postgresql://desk:not-to-be-shown@localhost", 2, "with its name"),
        (database.replace("desk@", "desk:not-to-be-shown@").rpartition(":")[0] + ":1/verbale", 75, "cannot be reached"),
        (database.replace("desk@", "desk:not-to-be-shown@"), 1, "there is no desk in"),
    ):
        ended, _, said = verbale("do", "desk", "--desk", "desk", database=url)
        assert (ended, words in said, "not-to-be-shown" in said) == (status, True, False), said
    ended, _, said = verbale("copy", "--to", "folder:elsewhere", "--desk", "desk")
    assert (ended, "--to names a database" in said) == (2, True)
    ended, _, said = verbale("init", "desk", "--practice", database=database)
    assert (ended, "verbale copy" in said) == (1, True)


async def test_several_processes_share_a_desk_one_leads_and_another_goes_on_when_it_is_killed(
    verbale: Verbale, database: str, tmp_path: Path
) -> None:
    desk = tmp_path / "desk"
    assert verbale("init", "desk", "--practice", database=database)[0] == 0
    settings = {"DATABASE_URL": database}
    async with (
        run(desk, "--only", "clock", **settings) as first,
        run(desk, "--only", "clock", **settings) as second,
        run(desk, "--only", "mail", **settings) as third,
        run(desk, "--only", "mail", **settings) as fourth,
    ):

        async def leader_of_the_clock() -> str:
            _, said, _ = await asyncio.to_thread(verbale, "doctor", "--json", "--desk", "desk", database=database)
            found = next(str(row["found"]) for row in said["rows"] if row["what"] == "database")
            return found.partition("clock: ")[2].partition(";")[0]

        async def somebody_leads() -> bool:
            return f"process {first.pid} on" in await leader_of_the_clock()

        await until(somebody_leads)
        typed = await asyncio.to_thread(
            verbale,
            "do",
            "remind first-report --to MWI,ZMB,GMB",
            "--yes",
            "--json",
            "--desk",
            "desk",
            database=database,
        )
        assert typed[0] == 0, typed[2]

        async def all_sent() -> bool:
            card = await asyncio.to_thread(verbale, "do", "outbox", "--json", "--desk", "desk", database=database)
            return {row["state"] for row in card[1]["rows"]} == {"sent"}

        await until(all_sent)
        assert len([*(desk / "outgoing" / "new").iterdir()]) == 6
        await ended(first)

        async def another_leads() -> bool:
            return f"process {second.pid} on" in await leader_of_the_clock()

        await until(another_leads, seconds=90)
        assert await ended(third) < 5
        assert await ended(fourth) < 5
    assert "Everything fits" in verbale("verify", "--desk", "desk", database=database)[2]


async def test_a_second_process_at_a_folder_is_told_what_to_do(verbale: Verbale, tmp_path: Path) -> None:
    assert verbale("init", "desk", "--practice")[0] == 0
    async with run(tmp_path / "desk"):
        status, _, said = await asyncio.to_thread(verbale, "run", "--desk", "desk")
    assert status == 75
    assert "verbale copy --to URL" in said
    assert verbale("run", "--only", "chatter", "--desk", "desk")[0] == 2
