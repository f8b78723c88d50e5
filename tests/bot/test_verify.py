"""`verbale verify` finds whatever was changed behind the desk's back, and names the ledger and the key."""

import asyncio
import io
import json
import logging
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from bot import building
from bot.__main__ import main
from bot.logs import OfLibraries
from bot.settings import without_environment
from committee.letters import Enclosure
from tests.conftest import PDF, PracticeDesk

Found = list[tuple[str, str]]
Verify = Callable[[Path], tuple[int, Found]]


@pytest.fixture(scope="module")
def worked_at(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with mail, a submission, letters that have left, and a file that was brought by hand."""
    folder = tmp_path_factory.mktemp("worked at") / "desk"
    shutil.copytree(founded, folder)

    async def work() -> None:
        async with building.open_desk(folder, without_environment()) as opened:
            desk = PracticeDesk(folder, opened)
            report = (await desk.capital_of("MWI")).writes("First report", attach="report.pdf")
            await desk.takes_in(report, desk.stranger().writes("Who am I?"))
            await desk.delivers()
            await desk.types("submission S-2012-0001 accept")
            await desk.types('letter receipt/S-2012-0001 hold "too late"')
            await desk.types("stop")

    asyncio.run(work())
    return folder


@pytest.fixture
def folder(worked_at: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(worked_at, tmp_path / "desk"))


@pytest.fixture
def verify(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Iterator[Verify]:
    """`verbale verify --json`, as it is typed: its status, and what each line names."""
    for name in [name for name in os.environ if name.startswith(("VERBALE_", "SMTP_URL", "INBOX_URL"))]:
        monkeypatch.delenv(name)

    def run(folder: Path) -> tuple[int, Found]:
        monkeypatch.setattr(sys, "argv", ["verbale", "verify", "--json", "--desk", str(folder)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        with pytest.raises(SystemExit) as ended:
            main()
        lines = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
        assert all({*line} == {"ledger", "key", "what"} and line["what"] for line in lines), lines
        return int(ended.value.code or 0), [(line["ledger"], line["key"]) for line in lines]

    yield run
    structlog.reset_defaults()
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, OfLibraries)]:
        root.removeHandler(handler)


def tamper(folder: Path, *statements: str) -> int:
    """As whoever has the database's file; how many rows were changed."""
    with closing(sqlite3.connect(folder / "desk.sqlite3")) as database, database:
        return sum(database.execute(statement).rowcount for statement in statements)


def kept(folder: Path, table: str, key: str, field: str) -> Path:
    with closing(sqlite3.connect(folder / "desk.sqlite3")) as database:
        [[document]] = database.execute(f"SELECT document FROM {table} WHERE key = ?", (key,))
    value = json.loads(document)[field]
    sha256 = value[0] if isinstance(value, list) else value
    return folder / "kept" / sha256[:2] / sha256


def test_what_nobody_touched_fits(verify: Verify, folder: Path) -> None:
    assert verify(folder) == (0, [])
    assert verify(folder) == (0, [])  # and looking leaves nothing behind


RECEIPT = ("letters", "receipt/S-2012-0001")
COPY = ("deliveries", "receipt/S-2012-0001#1")
CHANGED = {
    "a letter's addressee": ("UPDATE ledger_letters SET document = replace(document, 'gov-malawi', 'gov-elsewhere')", RECEIPT),
    "a letter's words": ("UPDATE ledger_letters SET document = json_set(document, '$.words.number', 'S-2012-0002')", RECEIPT),
    "the proof of a copy": ("UPDATE ledger_deliveries SET document = json_set(document, '$.reply', '250 ok')", COPY),
    "an officer's decision": (
        "UPDATE ledger_submissions SET document = json_set(document, '$.decisions[0].by', 'Nobody')",
        ("submissions", "S-2012-0001"),
    ),
    "a document, made unreadable": ("UPDATE ledger_letters SET document = 'no document'", RECEIPT),
    "a document, made empty": ("UPDATE ledger_letters SET document = ''", RECEIPT),
    "a document, made into another value": ("UPDATE ledger_letters SET document = '[]'", RECEIPT),
    "a document that lacks its key": ("UPDATE ledger_letters SET document = '{}'", RECEIPT),
    "a document, made into bytes": ("UPDATE ledger_letters SET document = x'ff00'", RECEIPT),
    "a document that is no text any more": ("UPDATE ledger_letters SET document = CAST(x'7bff' AS TEXT)", RECEIPT),
    "a key that is no text any more": ("UPDATE ledger_letters SET key = x'ff'", RECEIPT),
    "an entry that is no text any more": ("UPDATE trail SET by = x'ff' WHERE doing = 'submission accept'", ("trail", "{accept}")),
    "an entry's moment": ("UPDATE trail SET at = 7 WHERE doing = 'submission accept'", ("trail", "{accept}")),
    "an entry's changes, made into another value": (
        "UPDATE trail SET changes = '[[1]]' WHERE doing = 'submission accept'",
        ("trail", "{accept}"),
    ),
    "an entry's changes, made into bytes": ("UPDATE trail SET changes = x'ff' WHERE doing = 'submission accept'", ("trail", "{accept}")),
    "words that are no text any more": ("UPDATE words SET words = x'ff'", ("trail", "{sent}")),
    "the salt of the words": ("UPDATE words SET salt = 7", ("trail", "{sent}")),
    "the seal, made into another value": ("UPDATE meta SET value = 7 WHERE name = 'seal'", ("trail", "{last}")),
    "a register's document": (
        "UPDATE documents SET document = json_set(document, '$.status', 'non-reporting') WHERE key = 'MWI'",
        ("states", "MWI"),
    ),
    "a register's document, made unreadable": (
        "UPDATE documents SET document = '{' WHERE register = 'staff' AND key = 'officer-1'",
        ("staff", "officer-1"),
    ),
    "a register's document, made into another value": (
        "UPDATE documents SET document = '[]' WHERE register = 'contacts' AND key = 'MWI/permanent-mission/1'",
        ("contacts", "MWI/permanent-mission/1"),
    ),
    "a document that went to another register": (
        "UPDATE documents SET register = 'organizations' WHERE register = 'states' AND key = 'MWI'",
        ("states", "MWI"),
    ),
    "a register that nobody knows": (
        "INSERT INTO documents (register, key, document) VALUES ('spies', '007', '{}')",
        ("spies", "007"),
    ),
    "a row's key": ("UPDATE ledger_letters SET key = 'receipt/S-2012-0009'", RECEIPT),
    "a row that is gone": ("DELETE FROM ledger_mail WHERE key = 'M-2012-0002'", ("mail", "M-2012-0002")),
    "a register's row that is gone": ("DELETE FROM documents WHERE register = 'stops'", ("stops", "all")),
    "a row that was added": (
        "INSERT INTO ledger_letters (key, added_at, document) SELECT 'new', added_at, document FROM ledger_letters",
        ("letters", "new"),
    ),
    "a searched column": ("UPDATE ledger_deliveries SET state = 'refused' WHERE key LIKE '%#1'", COPY),
    "a searched column, made empty": ("UPDATE ledger_mail SET sender = NULL WHERE key = 'M-2012-0001'", ("mail", "M-2012-0001")),
    "the party by which it is found": ("UPDATE ledger_letters SET party = 'ZMB'", RECEIPT),
    "when a row was added": (
        "UPDATE ledger_letters SET added_at = '2012-09-03T00:00:00.000000+00:00'",
        RECEIPT,
    ),
    "a number that was given": ("UPDATE numbers SET last = 5 WHERE series = 'S-2012'", ("numbers", "S-2012")),
    "a series that is gone": ("DELETE FROM numbers WHERE series = 'L-2012'", ("numbers", "L-2012")),
    "who did it": ("UPDATE trail SET by = 'officer-2' WHERE doing = 'submission accept'", ("trail", "{accept}")),
    "what an entry says was changed": ("UPDATE trail SET changes = '[]' WHERE doing = 'submission accept'", ("trail", "{accept}")),
    "what an entry says, made unreadable": ("UPDATE trail SET changes = '{' WHERE doing = 'submission accept'", ("trail", "{accept}")),
    "an entry in the middle": ("DELETE FROM trail WHERE doing = 'submission accept'", ("trail", "{accept}")),
    "the words beside an entry": ("""UPDATE words SET words = '{"reply":"250 ok"}'""", ("trail", "{sent}")),
    "the seal": ("UPDATE meta SET value = '' WHERE name = 'seal'", ("trail", "{last}")),
    "the seal, which is gone": ("DELETE FROM meta WHERE name = 'seal'", ("trail", "{last}")),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_whatever_was_changed_is_named(verify: Verify, folder: Path, name: str) -> None:
    statement, (ledger, key) = CHANGED[name]
    key = key.format(**entries(folder))
    assert tamper(folder, statement) > 0
    status, found = verify(folder)
    assert status == 1
    assert (ledger, key) in found


def entries(folder: Path) -> dict[str, str]:
    """The numbers of the entries that the cases speak of."""
    with closing(sqlite3.connect(folder / "desk.sqlite3")) as database:
        first = "SELECT min(seq) FROM trail WHERE doing = ?"
        [[accept]], [[sent]] = (database.execute(first, (doing,)) for doing in ("submission accept", "delivery sent"))
        [[last]] = database.execute("SELECT max(seq) FROM trail")
    return {"accept": str(accept), "sent": str(sent), "last": str(last)}


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_byte_of_a_servers_reply_names_its_row_first(verify: Verify, folder: Path, place: str) -> None:
    [[_, reply]] = replies(folder, COPY[1])
    at = {"first": 0, "middle": len(reply) // 2, "last": len(reply) - 1}[place]
    changed = f"{reply[:at]}{chr(ord(reply[at]) ^ 1)}{reply[at + 1 :]}"
    statement = (
        f"UPDATE ledger_deliveries SET document = replace(document, '{reply}', '{changed}') WHERE key = '{COPY[1]}'"
    )
    assert tamper(folder, statement) == 1
    status, found = verify(folder)
    assert (status, found[0]) == (1, COPY)
    assert {*found} == {COPY}


def replies(folder: Path, key: str) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "desk.sqlite3")) as database:
        return database.execute(
            "SELECT key, document ->> '$.reply' FROM ledger_deliveries WHERE key = ?", (key,)
        ).fetchall()


def test_an_end_that_was_cut_off_is_named_also_where_everything_else_was_put_back(verify: Verify, folder: Path) -> None:
    last = int(entries(folder)["last"])
    tamper(folder, f"DELETE FROM trail WHERE seq = {last}", "DELETE FROM documents WHERE register = 'stops'")
    assert verify(folder) == (1, [("trail", str(last - 1))])


def test_a_table_that_is_gone_is_named_by_each_of_its_rows(verify: Verify, folder: Path) -> None:
    tamper(folder, "DROP TABLE ledger_submissions")
    assert verify(folder) == (1, [("submissions", "S-2012-0001")])


NAMED = {
    "a raw message": ("ledger_mail", "M-2012-0001", "sha256"),
    "an enclosure": ("ledger_submissions", "S-2012-0001", "enclosures"),
    "a letter's template": ("ledger_letters", "receipt/S-2012-0001", "template"),
}


@pytest.mark.parametrize("name", NAMED)
def test_a_kept_file_with_one_byte_that_is_another_is_named_by_what_names_it(
    verify: Verify, folder: Path, name: str
) -> None:
    table, key, field = NAMED[name]
    file = kept(folder, table, key, field)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.chmod(0o600)
    file.write_bytes(data)
    assert verify(folder) == (1, [(table.removeprefix("ledger_"), key)])


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("instead", ["nothing", "a link", "a folder"])
def test_a_kept_file_that_is_gone_is_named_by_what_names_it(
    verify: Verify, folder: Path, name: str, instead: str
) -> None:
    table, key, field = NAMED[name]
    file = kept(folder, table, key, field)
    data = file.read_bytes()
    file.unlink()
    if instead == "a link":
        (folder / "elsewhere").write_bytes(data)
        file.symlink_to(folder / "elsewhere")
    elif instead == "a folder":
        file.mkdir()
    assert verify(folder) == (1, [(table.removeprefix("ledger_"), key)])


def test_what_a_letter_encloses_is_held_against_its_hash_too(verify: Verify, folder: Path) -> None:
    async def enclose() -> str:
        async with building.open_desk(folder, without_environment()) as desk:
            [letter] = await desk.store.letters.find()
            sha256 = await desk.store.keep(PDF + b"enclosed")
            enclosed = Enclosure("a.pdf", "application/pdf", 9, sha256)
            async with desk.store.transaction(by="test", doing="enclose", about=letter.key, at=desk.now) as tx:
                await tx.letters.put(replace(letter, enclosures=(enclosed,)))
            return sha256

    sha256 = asyncio.run(enclose())
    assert verify(folder) == (0, [])
    (folder / "kept" / sha256[:2] / sha256).unlink()
    assert verify(folder) == (1, [RECEIPT])


def test_a_desk_without_kept_files_or_with_another_key_is_found_out(verify: Verify, folder: Path) -> None:
    keys = folder / "keys"
    keys.write_text(keys.read_text().replace('"secret": "', '"secret": "00'))
    assert verify(folder) == (1, [("trail", entries(folder)["last"])])
    shutil.rmtree(folder / "kept")
    status, found = verify(folder)
    assert status == 1
    assert {("mail", "M-2012-0001"), ("mail", "M-2012-0002"), ("submissions", "S-2012-0001"), RECEIPT} <= {*found}
