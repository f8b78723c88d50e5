"""The command line as a script meets it: what it prints, where, and with which status it ends."""

import asyncio
import fcntl
import io
import json
import logging
import os
import re
import signal
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bot import building, errands
from bot.__main__ import main
from bot.door import Door
from bot.errands import as_typed
from bot.logs import OfLibraries
from bot.settings import without_environment
from committee.errors import Refused, Unavailable
from committee.staff import Role
from mailflows.founding import found
from mailflows.joining import join
from tests.servers.process import eventually

ROOT = Path(__file__).parents[2]
MAIL = b"From: somebody@nowhere.example\r\nTo: desk@1540.example\r\nSubject: Hello\r\n\r\nA word.\r\n"
OURS = ("VERBALE_", "SMTP_URL", "INBOX_URL", "NO_COLOR", "COLUMNS")


@pytest.fixture(autouse=True)
def _the_log_as_it_was():
    """Each errand turns the log to its own stderr, which is gone after the test."""
    yield
    structlog.reset_defaults()
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, OfLibraries)]:
        root.removeHandler(handler)


@dataclass
class Ended:
    returncode: int
    stdout: bytes
    stderr: bytes


@pytest.fixture
def verbale(monkeypatch, capsysbinary):
    """Runs the command line as if it were a process of its own, in a folder, with an environment."""

    def run(*arguments, where, given=b"", **more):
        with monkeypatch.context() as here:
            here.chdir(where)
            for name in [name for name in os.environ if name.startswith(OURS)]:
                here.delenv(name)
            for name, value in more.items():
                here.setenv(name, value)
            here.setattr(sys, "argv", ["verbale", *map(str, arguments)])
            here.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
            with pytest.raises(SystemExit) as ended:
                main()
        return Ended(ended.value.code or 0, *capsysbinary.readouterr())

    return run


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    where = tmp_path_factory.mktemp("a place with spaces") / "desk"
    asyncio.run(found(where, practice=True, at=errands.OPENING, administrator="", account=None))
    return where


def answer(run):
    """The one object that a run printed, alone."""
    (line,) = run.stdout.decode().splitlines()
    return json.loads(line)


def test_the_answer_as_data_is_one_object_with_every_name(verbale, desk):
    run = verbale("do", "states non-reporting", "--json", "--desk", desk, where=desk.parent)
    assert run.returncode == 0
    card = answer(run)
    assert [*card] == ["ok", "title", "text", "rows", "fields", "actions", "notes"]
    assert len(card["rows"]) == 24


def test_the_desk_is_the_option_else_the_environment_else_the_current_folder(verbale, desk):
    for run in (
        verbale("do", "desk", "--json", "--desk", desk, where=desk.parent, VERBALE_DESK="nowhere"),
        verbale("do", "desk", "--json", where=desk.parent, VERBALE_DESK=str(desk)),
        verbale("do", "desk", "--json", where=desk),
    ):
        assert answer(run)["ok"]


def test_where_there_is_no_desk_a_sentence_says_how_to_make_one(verbale, tmp_path):
    run = verbale("do", "desk", "--desk", "d", where=tmp_path)
    assert (run.returncode, run.stdout) == (1, b"")
    assert run.stderr.decode() == "No desk in d: make one with verbale init d --practice\n"
    as_data = verbale("do", "desk", "--json", where=tmp_path)
    assert as_data.returncode == 1
    assert answer(as_data)["ok"] is False


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("states", 0),
        ("state Congo", 0),
        ("state Congo confirm reported", 1),
        ("submission S-2012-9999", 1),
        ("outbx", 2),
        ("", 2),
    ],
)
def test_the_status_says_what_became_of_it(verbale, typed, status, desk):
    run = verbale("do", typed, "--json", "--desk", desk, where=desk.parent)
    assert run.returncode == status
    assert answer(run)["ok"] == (status == 0)


def test_words_with_dashes_reach_the_command_in_quotes_and_without(verbale, desk):
    quoted = verbale("do", "remind first-report --to MWI", "--json", "--desk", desk, where=desk.parent)
    bare = verbale("do", "remind", "first-report", "--to", "MWI", "--desk", desk, "--json", where=desk.parent)
    assert answer(quoted)["fields"] == answer(bare)["fields"]
    assert answer(bare)["fields"]["letters"] == 1


def test_a_button_can_be_pressed_by_its_id_once(verbale, desk):
    shown = answer(verbale("do", "remind first-report --to MLI,TCD", "--json", "--desk", desk, where=desk.parent))
    button = shown["actions"][0]["id"]
    pressed = verbale("press", button, "--json", "--desk", desk, where=desk.parent)
    assert pressed.returncode == 0, pressed
    again = verbale("press", button, "--json", "--desk", desk, where=desk.parent)
    assert again.returncode == 1
    assert not answer(again)["ok"]


def test_a_person_of_the_staff_acts_on_a_practice_desk(verbale, desk):
    refused = verbale("do", "state MWI note x", "--as", "reader-1", "--json", "--desk", desk, where=desk.parent)
    assert refused.returncode == 1
    assert "officer" in answer(refused)["text"]
    assert verbale("do", "desk", "--as", "nobody", "--desk", desk, where=desk.parent).returncode == 1


def test_a_real_desk_does_not_ask_who_one_says_one_is(verbale, tmp_path):
    made = verbale("init", "d", "--administrator", "Ana Garc\u00eda", where=tmp_path)
    assert made.returncode == 0, made.stderr
    address = {"VERBALE_ADDRESS": "desk@1540.example"}
    assert verbale("do", "desk", "--as", "ana-garcia", "--desk", "d", where=tmp_path, **address).returncode == 1
    own = verbale("do", 'staff add "New Person" officer', "--desk", "d", where=tmp_path, USER="someone", **address)
    assert own.returncode == 0, own


@pytest.mark.parametrize("more", [("--practice",), ("--administrator", "Ana Garc\u00eda")])
def test_a_new_desk_prints_the_code_with_which_its_administrator_joins_from_chat(verbale, tmp_path, more):
    said = verbale("init", "d", *more, where=tmp_path).stdout.decode()
    (code,) = {*re.findall(r"\b(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}\b", said)}
    assert f"join {code}" in " ".join(said.split())

    async def joins():
        async with building.open_desk(tmp_path / "d", without_environment()) as opened:
            return await join(opened, "T01DESK/U01ANA", code)

    assert Role.ADMINISTRATOR in asyncio.run(joins()).roles


@pytest.mark.parametrize(
    "arguments",
    [
        ("tick", "--at", "banana"),
        ("tick", "--at", "2012-09-04", "--until", "2012-09-05"),
        ("do",),
        ("frobnicate",),
        ("init", "x", "--at", "2012-09-04"),
    ],
)
def test_what_cannot_be_understood_ends_with_two_and_a_sentence(verbale, arguments, desk):
    run = verbale(*arguments, where=desk)
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr
    assert b"Traceback" not in run.stderr


def test_a_wrong_setting_is_one_sentence_with_its_name(verbale, desk):
    run = verbale("do", "desk", "--desk", desk, where=desk.parent, SMTP_URL="banana")
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"SMTP_URL ")
    assert run.stderr.count(b"\n") == 1


def test_ingest_prints_a_line_for_each_message_and_asks_to_keep_what_it_could_not_take(verbale, desk, tmp_path):
    (tmp_path / "a.eml").write_bytes(MAIL)
    run = verbale("ingest", tmp_path / "a.eml", tmp_path / "none", "-", "--desk", desk, where=tmp_path, given=b"")
    assert run.returncode == 75
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [[*line] for line in lines] == [["file", "key", "sha256", "state"]] * 2
    assert b"none could not be read" in run.stderr


def test_ingest_asks_to_keep_the_message_where_there_is_no_desk(verbale, tmp_path):
    run = verbale("ingest", "-", "--desk", "d", where=tmp_path, given=MAIL)
    assert (run.returncode, run.stdout) == (75, b"")


def test_read_needs_no_desk_and_has_a_line_for_whatever_a_file_is(verbale, tmp_path):
    for name, data in (("a.eml", MAIL), ("empty", b""), ("noise", bytes(range(256)) * 99)):
        (tmp_path / name).write_bytes(data)
    run = verbale("read", "a.eml", "empty", "noise", "none", ".", where=tmp_path)
    assert (run.returncode, run.stderr) == (0, b"")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["file"] for line in lines] == ["a.eml", "empty", "noise", "none", "."]
    assert [line["kind"] for line in lines[3:]] == ["unreadable", "unreadable"]
    assert all(line["problems"] for line in lines[3:])
    assert len({tuple(line) for line in lines}) == 1


def test_verify_says_whether_everything_fits(verbale, desk):
    whole = verbale("verify", "--json", "--desk", desk, where=desk.parent)
    assert (whole.returncode, whole.stdout) == (0, b"")
    assert verbale("verify", "--desk", desk, where=desk.parent).returncode == 0


def environment():
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | {"PYTHONPATH": str(ROOT)}


def test_a_process_of_its_own_prints_its_answer_alone(desk):
    command = [sys.executable, "-m", "bot", "do", "states", "--json", "--desk", str(desk)]
    run = subprocess.run(command, capture_output=True, check=True, env=environment())
    assert answer(run)["ok"]
    assert run.stderr == b""


@pytest.mark.long
def test_a_reader_that_has_gone_is_no_trouble(desk):
    command = [sys.executable, "-m", "bot", "do", "states --all", "--desk", str(desk)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as run:
        run.stdout.close()
        assert run.stderr.read() == b""


@pytest.mark.long
@pytest.mark.parametrize("words", [("do", "desk"), ("do", "desk", "--json"), ("read", "none")])
def test_a_full_disk_under_the_answer_is_a_sentence(words, desk):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "bot", *words]
        run = subprocess.run(command, cwd=desk, stdout=full, stderr=subprocess.PIPE, check=False, env=environment())
    assert run.returncode == 1
    assert run.stderr.startswith(b"The answer could not be written")
    assert b"Traceback" not in run.stderr


@pytest.fixture
def heard():
    """What is started hears Ctrl-C, also where the tests do not, since they run in a shell's background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def reads_and_waits(run):
    """Whether what was written was taken out of the pipe, and it sleeps since (proc(5), the state in `stat`)."""
    left = struct.unpack("i", fcntl.ioctl(run.stdin, termios.FIONREAD, bytes(4)))
    return left == (0,) and Path(f"/proc/{run.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"


@pytest.mark.long
def test_ctrl_c_ends_it_quietly(tmp_path, heard):
    command = [sys.executable, "-m", "bot", "ingest", "-"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as run:
        run.stdin.write(b"Subject: x\n")
        run.stdin.flush()
        eventually(lambda: reads_and_waits(run))  # for the rest, which does not come
        run.send_signal(signal.SIGINT)
        assert (run.wait(20), run.stderr.read()) == (130, b"")


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("do", "--help"), ("read", "--help")])
def test_help_and_version_are_answers(verbale, arguments, tmp_path):
    run = verbale(*arguments, where=tmp_path)
    assert (run.returncode, run.stderr) == (0, b"")
    assert run.stdout


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (["states non-reporting"], "states non-reporting"),
        (["state", "MWI", "note", "Deputy says March"], 'state MWI note "Deputy says March"'),
        (["x", "--place=the hall"], 'x --place="the hall"'),
        (["x", 'he said "no" twice'], 'x \u201che said "no" twice\u201d'),
    ],
)
def test_words_of_their_own_are_put_together_again(words, typed):
    assert as_typed(words) == typed


@pytest.mark.parametrize(
    ("trouble", "status"),
    [(Refused("No."), 1), (Unavailable("Later"), 75), (ValueError("odd"), 1), (errands.NotTyped("What?"), 2)],
)
def test_trouble_is_a_sentence_and_a_status(trouble, status, capsysbinary):
    async def errand():
        raise trouble

    assert errands.run(errand, Door()) == status
    said = capsysbinary.readouterr()
    assert said.out == b""
    assert said.err
    assert b"Traceback" not in said.err
    assert errands.run(errand, Door(as_json=True)) == status
    assert json.loads(capsysbinary.readouterr().out.splitlines()[-1])["ok"] is False


def test_registers_go_through_a_pipe_to_a_new_desk(verbale, tmp_path):
    asyncio.run(found(tmp_path / "one", practice=True, at=errands.OPENING, administrator="", account=None))
    asyncio.run(found(tmp_path / "two", practice=True, at=errands.OPENING, administrator="", account=None))
    verbale("do", "state MWI confirm reported", "--desk", "one", where=tmp_path)
    run = verbale("export", "--as", "administrator-1", "--desk", "one", where=tmp_path)
    assert run.returncode == 0
    shown = verbale(
        "import", "-", "--as", "administrator-1", "--json", "--desk", "two", where=tmp_path, given=run.stdout
    )
    assert json.loads(shown.stdout)["rows"] == [{"register": "states", "new": [], "changed": ["MWI"], "gone": []}]
    done = verbale("import", "-", "--yes", "--as", "administrator-1", "--desk", "two", where=tmp_path, given=run.stdout)
    assert (done.returncode, b"Registers imported" in done.stdout) == (0, True)
    assert verbale("export", "--as", "administrator-1", "--desk", "two", where=tmp_path).stdout == run.stdout


def test_an_import_says_what_it_cannot_read(verbale, tmp_path):
    asyncio.run(found(tmp_path / "one", practice=True, at=errands.OPENING, administrator="", account=None))
    for file in ("nowhere.csv", "-"):
        run = verbale("import", file, "--desk", "one", where=tmp_path, given=b"\xd0\xcf\x11\xe0")
        assert run.returncode == 1, run.stdout
        assert b"Nothing was changed" in run.stdout + run.stderr
