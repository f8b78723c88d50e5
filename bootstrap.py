"""Makes the virtual environment and installs exactly what the lock file says; needs nothing but Python.

usage: bootstrap.py requirements.lock | requirements-dev.lock
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "installed.json"
LOCKS = ("requirements.lock", "requirements-dev.lock")  # each holds all of the one before
UV = shutil.which("uv")


def main(lock: str) -> int:
    """Bring `.venv` to the state of `lock`; when it is there already, look and leave."""
    if lock not in LOCKS:
        return complain(f"{lock!r} is not a lock file of this project: {', '.join(LOCKS)}.")
    done = installed()
    if any(done.get(name) == state_of(name) for name in LOCKS[LOCKS.index(lock) :]) and runs():
        return 0
    if not UV and not has_pip():
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        return complain(
            f"This Python makes no virtual environments: install {package} (Debian, Ubuntu: apt install {package}) and run make again."
        )
    print(f"Installing what {lock} names into .venv ({'uv' if UV else 'pip'}) …", file=sys.stderr, flush=True)
    return install(lock)


def install(lock: str) -> int:
    """A whole environment first, the stamp last: interrupted in between, the next run begins again."""
    STAMP.unlink(missing_ok=True)
    if not runs():
        venv.create(ENVIRONMENT, clear=True, with_pip=not UV)
    installer = (
        [UV, "pip", "install", "--python", str(PYTHON)]
        if UV
        else [str(PYTHON), "-m", "pip", "install", "--progress-bar", "off"]
    )
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    for what in (["--require-hashes", "-r", lock], ["--no-deps", "--no-build-isolation", "-e", "."]):
        if subprocess.run([*installer, "--quiet", *what], cwd=ROOT, env=environment, check=False).returncode:
            return complain(
                f"Installing {' '.join(what)} failed; what went wrong stands above. Run make again to try again."
            )
    STAMP.write_text(json.dumps({lock: state_of(lock)}))
    return 0


def installed() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def state_of(lock: str) -> str:
    """What must be the same for nothing to be done: the lock, how the project is packed, where it lies, and this Python."""
    facts = [
        (ROOT / lock).read_bytes(),
        (ROOT / "pyproject.toml").read_bytes(),
        str(ROOT).encode(),
        sys.version.encode(),
    ]
    return hashlib.sha256(b"\0".join(facts)).hexdigest()


def runs() -> bool:
    """Whether the environment is whole, and of this Python: a folder that was moved or half made is made anew."""
    try:
        asked = subprocess.run(
            [PYTHON, "-c", "import sys; print(sys.prefix, sys.version)"], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return asked.stdout.strip() == f"{ENVIRONMENT} {sys.version}" and (
        UV is not None or (ENVIRONMENT / "bin" / "pip").exists()
    )


def has_pip() -> bool:
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian packs it apart
    except ImportError:
        return False
    return True


def complain(words: str) -> int:
    print(words, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:] or ["requirements.lock"]))
