"""The tour as a picture: what `verbale demo --once` draws in a terminal, kept as an SVG file for the README."""

import asyncio
import io
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from bot import logs
from bot.demo.play import play

WIDTH = 100


def main(file: str) -> int:
    logs.configure("warning")
    console = Console(width=WIDTH, record=True, file=io.StringIO(), force_terminal=True, force_interactive=False)
    with tempfile.TemporaryDirectory() as folder:
        status = asyncio.run(play(console, Path(folder)))
    console.save_svg(file, title="verbale demo --once", unique_id="verbale")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
