"""A file that a command writes is whole, its owner's alone, and never in the place of another."""

import asyncio
import stat
from pathlib import Path

import pytest

from bot.new_files import write_new
from committee.errors import Refused


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_it_is_written_relative_to_the_current_folder_for_its_owner_alone(here: Path) -> None:
    path = await write_new("a.pdf", b"data")
    assert path == here / "a.pdf"
    assert path.read_bytes() == b"data"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in here.iterdir()] == ["a.pdf"]


@pytest.mark.parametrize("there", ["a file", "a folder", "a link", "a link to nothing"])
async def test_what_is_there_stays_as_it_is(here: Path, there: str) -> None:
    (here / "other").write_bytes(b"other")
    match there:
        case "a file":
            (here / "a.pdf").write_bytes(b"old")
        case "a folder":
            (here / "a.pdf").mkdir()
        case "a link":
            (here / "a.pdf").symlink_to("other")
        case _:
            (here / "a.pdf").symlink_to("nowhere")
    with pytest.raises(Refused, match=r"is there already and stays as it is"):
        await write_new("a.pdf", b"data")
    assert (here / "other").read_bytes() == b"other"
    assert not (here / "nowhere").exists()
    assert not list(here.glob(".*"))


@pytest.mark.parametrize("name", ["no-folder/a.pdf", "x" * 300, "a\x00b", "", ".", "..", "/"])
async def test_a_name_that_cannot_be_written_is_refused_with_a_sentence(here: Path, name: str) -> None:
    with pytest.raises(Refused, match="Nothing was written"):
        await write_new(name, b"data")
    assert list(here.iterdir()) == []


async def test_two_at_once_and_one_of_them_has_the_name(here: Path) -> None:
    results = await asyncio.gather(*(write_new("a.pdf", bytes([n]) * 1000) for n in range(4)), return_exceptions=True)
    assert sum(isinstance(result, Path) for result in results) == 1
    assert len({*(here / "a.pdf").read_bytes()}) == 1
    assert [file.name for file in here.iterdir()] == ["a.pdf"]
