"""Run one benchmark by its name; the last line is its figures as one JSON object."""

import json
import os
import platform
import sqlite3
import sys
from importlib import import_module
from pathlib import Path


def main(name: str) -> int:
    known = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))
    if name not in known:
        print(
            f"There is no benchmark {name!r}; there are: {', '.join(known)}. For example: make bench NAME={known[0]}",
            file=sys.stderr,
        )
        return 2
    ratios = import_module(f"bench.{name}").run()
    print(
        json.dumps(
            {"name": name, "ratios": {key: round(value, 3) for key, value in ratios.items()}, "machine": machine()}
        )
    )
    return 0


def machine() -> str:
    """What the figures were measured on."""
    parts = [f"{os.cpu_count()} cores", _processor(), f"{platform.system()} {platform.release()}"]
    return ", ".join([*parts, f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"])


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith(("model name", "Model")))
    return next(named, platform.machine())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
