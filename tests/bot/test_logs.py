"""Nothing that people wrote, and no secret, gets into the log."""

import ast
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import logs

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Each test configures the log; afterwards it is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    out, err = capsys.readouterr()
    assert not out, "the log goes to stderr: stdout holds answers"
    return [json.loads(line) for line in err.splitlines()]


def test_a_line_is_json_on_stderr_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info")
    structlog.get_logger().info("letter sent", key="receipt/S-2012-0017", kind="receipt", party="MWI", tries=2)
    [line] = _lines(capsys)
    assert line.pop("timestamp")
    assert line == {
        "event": "letter sent", "level": "info",
        "key": "receipt/S-2012-0017", "kind": "receipt", "party": "MWI", "tries": 2,
    }  # fmt: skip


def test_a_line_is_for_reading_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    logs.configure("info")
    structlog.get_logger().warning("letter refused", party="MWI", subject="First report")
    said = capsys.readouterr().err
    assert "letter refused" in said
    assert "party=MWI" in said
    assert "First report" not in said
    assert "\x1b" not in said


@pytest.mark.parametrize("name", ["subject", "body", "text", "address", "password", "file", "exc_info", "url"])
def test_what_has_no_name_on_the_list_is_dropped(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info")
    structlog.get_logger().info("mail kept", key="m-1", **{name: "hunter2 and what a State wrote"})
    assert "hunter2" not in capsys.readouterr().err


def test_the_traceback_of_an_error_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info")
    try:
        raise ValueError("what a State wrote")
    except ValueError as error:
        structlog.get_logger().exception("mail not understood", key="m-1", error=type(error).__name__)
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "what a State wrote" not in said


def test_a_value_is_short_and_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info")
    structlog.get_logger().info("mail kept", key="m-1\n\x1b[31m" + "x" * 1000)
    [line] = _lines(capsys)
    assert str(line["key"]).startswith("m-1��[31mx")
    assert len(str(line["key"])) == logs.LONGEST


def test_what_is_below_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("warning")
    structlog.get_logger().info("mail kept", key="m-1")
    structlog.get_logger().warning("mail set aside", key="m-2")
    assert [line["key"] for line in _lines(capsys)] == ["m-2"]


def test_libraries_are_heard_but_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("warning")
    logging.getLogger("asyncio").error("Task exception was never retrieved: %s", "what a State wrote")
    [line] = _lines(capsys)
    assert (line["library"], line["level"]) == ("asyncio", "error")
    assert "what a State wrote" not in str(line)


def test_every_line_in_the_code_has_fixed_words_and_names_on_the_list() -> None:
    calls = [
        (f"{file.relative_to(ROOT)}:{call.lineno}", call)
        for folder in ("bot", "mailflows", "storage")
        for file in sorted((ROOT / folder).rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "log"
        and call.func.attr in {"debug", "info", "warning", "error", "exception"}
    ]
    assert calls
    for place, call in calls:
        assert len(call.args) == 1, place
        assert isinstance(call.args[0], ast.Constant), f"{place}: an f-string may quote what people wrote"
        assert {keyword.arg for keyword in call.keywords} <= logs.NAMES, place
