"""Makes the virtual environment and installs exactly what a lock file says; needs nothing but Python.

usage: bootstrap.py requirements.lock | requirements-dev.lock
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

VENV = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
NO_VENV = f"This Python makes no virtual environments: install {VENV} (Debian, Ubuntu: apt install {VENV}), then run make again."
try:
    import json
    import shutil
    import venv
except ImportError:  # Debian packs parts of Python's own library apart
    sys.exit(NO_VENV)

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "installed.json"
LOCKS = ("requirements.lock", "requirements-dev.lock")  # each holds all of the one before
HERE = f"{ROOT}, {sys.version}"  # its scripts name this folder, its libraries are built for this Python


def main(lock: str) -> str | int:
    """Bring `.venv` to the state of `lock`; what is there already stays, what is half made or was moved is made anew."""
    if lock not in LOCKS:
        return f"{lock!r} is not a lock file of this project: {', '.join(LOCKS)}."
    uv, done = usable_uv(), stamp()
    whole = done.get("here") == HERE and runs(PYTHON, "-c", "" if uv else "import pip")
    if whole and any(done.get(name) == state_of(name) for name in LOCKS[LOCKS.index(lock) :]):
        return 0
    if not uv and not runs(sys.executable, "-c", "from ensurepip import version"):
        return NO_VENV
    print(f"Installing what {lock} names into .venv ({'uv' if uv else 'pip'}) …", file=sys.stderr, flush=True)
    try:
        install(lock, uv, anew=not whole)
    except subprocess.CalledProcessError:
        return f"Installing from {lock} failed, for the reason above. Nothing else was changed: run make again to try again."
    except OSError as error:
        return f"{ENVIRONMENT} cannot be made ({error.strerror}). Make room or mend its rights, then run make again."
    return 0


def install(lock: str, uv: str | None, *, anew: bool) -> None:
    """The stamp goes first and comes back last: after an interruption the next run begins anew."""
    STAMP.unlink(missing_ok=True)
    if anew:
        venv.create(ENVIRONMENT, clear=True, symlinks=True, with_pip=not uv)
    pip: list[str | Path] = [uv, "pip"] if uv else [PYTHON, "-m", "pip"]
    pip += ["install", "--quiet", *(["--python", PYTHON] if uv else ["--progress-bar", "off"])]
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0", "UV_SYSTEM_CERTS": "1"}
    for what in (["--require-hashes", "-r", lock], ["--no-deps", "--no-build-isolation", "-e", "."]):
        subprocess.run([*pip, *what], cwd=ROOT, env=environment, check=True)
    STAMP.write_text(json.dumps({"here": HERE, lock: state_of(lock)}), encoding="utf-8")


def stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def state_of(lock: str) -> str:
    """What must be the same for nothing to be done: the lock, and how the project itself is packed."""
    return hashlib.sha256(b"\0".join((ROOT / name).read_bytes() for name in (lock, "pyproject.toml"))).hexdigest()


def usable_uv() -> str | None:
    """uv, which is five times as fast as pip, where it runs and does not lie in the environment that may be made anew."""
    uv = shutil.which("uv")
    return uv if uv and not Path(uv).is_relative_to(ENVIRONMENT) and runs(uv, "--version") else None


def runs(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:] or LOCKS[:1]))
    except KeyboardInterrupt:
        sys.exit(130)
