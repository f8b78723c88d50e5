"""What is installed from the built wheel, outside the clone, is whole: it plays the demo."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

CLONE = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=CLONE,
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("*.whl")
    return built


@pytest.mark.long
def test_the_wheel_carries_templates_and_seed_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "templates/letters/first-report-reminder/en" in names
    assert "storage/seed/states.csv" in names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "docs/"))]


@pytest.mark.long
def test_the_wheel_installed_outside_the_clone_plays_the_demo(wheel: Path, tmp_path: Path) -> None:
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    venv.create(installed, with_pip=True)
    python = installed / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], check=True, capture_output=True
    )
    _lend_libraries(python)
    empty.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    played = subprocess.run(
        [installed / "bin" / "verbale", "demo", "--once"],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.returncode == 0, played.stdout + played.stderr
    where = subprocess.run(
        [python, "-c", "import bot; print(bot.__file__)"],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(installed)


def _lend_libraries(python: Path) -> None:
    """The other libraries come from this environment, so that the test needs no network; the project's own do not."""
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip())
    (packages / "lent.pth").write_text(f"import sys; sys.path.append({sysconfig.get_path('purelib')!r})\n")
