"""A button does what it said; a desk touches nothing that is not its own."""

import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from committee.errors import Refused
from mailflows.founding import found
from tests.conftest import PracticeDesk


async def test_a_button_that_said_communication_does_not_accept_a_first_report(desk: PracticeDesk) -> None:
    (mail,) = await desk.takes_in((await desk.mission_of("HTI")).writes("A note", "Enclosed.", attach="a.pdf"))
    (card,) = await desk.desk.store.cards.find(about=mail.submission)
    shown = await desk.desk.store.actions.get(card.actions[0])
    assert shown
    assert shown.label == "Accept as communication"
    await desk.types(f"submission {mail.submission} reclassify as first-report")
    _, status = await desk.presses(shown.key, by="officer-2")
    state = await desk.desk.store.states.get("HTI")
    assert state
    assert (status, state.status) == (1, "non-reporting")


async def test_making_a_desk_changes_no_file_that_was_there(tmp_path: Path) -> None:
    script = tmp_path / "run.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    with suppress(Refused):  # to refuse a folder that holds something else would be as good
        await found(tmp_path, practice=True, at=datetime(2012, 9, 4, 13, tzinfo=UTC), administrator="", account=None)
    assert script.stat().st_mode & 0o777 == 0o755


async def test_a_trail_without_its_seal_is_a_finding_and_no_accident(desk: PracticeDesk) -> None:
    with closing(sqlite3.connect(desk.folder / "desk.sqlite3")) as connection, connection:
        connection.execute("DELETE FROM meta WHERE name = 'seal'")
    assert any(not finding.note for finding in await desk.desk.store.verify())


async def test_a_document_in_a_register_that_no_one_knows_is_a_finding(desk: PracticeDesk) -> None:
    with closing(sqlite3.connect(desk.folder / "desk.sqlite3")) as connection, connection:
        connection.execute("INSERT INTO documents (register, key, document) VALUES ('ghosts', 'X', '{}')")
    assert any(not finding.note for finding in await desk.desk.store.verify())
