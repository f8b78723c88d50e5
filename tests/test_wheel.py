"""What is installed from the built wheel, outside the clone, is whole: it plays the demo."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

CLONE = Path(__file__).parent.parent
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _output([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], CLONE)
    [built] = folder.glob("*.whl")
    return built


def test_the_wheel_carries_code_templates_and_seed_data_and_nothing_else(wheel: Path) -> None:
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    ours = {
        file.relative_to(CLONE).as_posix()
        for folder in ("bot", "committee", "mailflows", "storage", "templates")
        for file in (CLONE / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert {"templates/letters/first-report-reminder/en", "storage/seed/states.csv"} <= ours
    assert carried == ours


def test_the_wheel_installed_outside_the_clone_plays_the_demo(wheel: Path, tmp_path: Path) -> None:
    installed, empty = tmp_path / "installed", tmp_path / "an empty folder"
    empty.mkdir()
    venv.create(installed, symlinks=True)
    python = installed / "bin" / "python"
    _output([*_installer(python), "--quiet", "--no-deps", "--no-index", wheel], empty)
    _lend_libraries(python, empty)
    for package in ("bot", "committee", "mailflows", "storage", "templates"):
        place = _output([python, "-c", f"import {package}; print({package}.__file__)"], empty)
        assert Path(place).is_relative_to(installed)
    assert _output([installed / "bin" / "verbale", "demo", "--once"], empty)


def _installer(python: Path) -> list[str | Path]:
    """Whichever has made this environment: one that uv made has no pip."""
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", python]
    return [sys.executable, "-m", "pip", "--python", python, "install"]


def _lend_libraries(python: Path, folder: Path) -> None:
    """The other libraries come from this environment, so that the test needs no network; the project's own do not."""
    packages = _output([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder)
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(packages) / "lent.pth").write_text(f"import sys; sys.path += {sorted(lent)!r}\n")


def _output(command: list[str | Path], folder: Path) -> str:
    """What the program says, run in `folder` without this environment's settings; the test fails where it fails."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()
