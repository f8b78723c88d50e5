"""`verbale read`: how each message would be understood, one line a file, whatever the file is; it needs no desk."""

from collections.abc import Iterable
from pathlib import Path

from bot.plain import plain
from bot.printing import print_data
from mailflows.reading import as_json, read as understood


def read(files: Iterable[str]) -> int:
    """Print a line for every file, in order; always 0: what cannot be read is said in its line."""
    for file in files:
        print_data(_line(file))
    return 0


def _line(file: str) -> dict[str, object]:
    name = plain(file)
    try:
        raw = Path(file).read_bytes()
    except (OSError, ValueError, MemoryError) as error:  # ValueError: a null byte in the name
        reason = getattr(error, "strerror", None) or type(error).__name__
        return {**as_json(understood(b""), name), "kind": "unreadable", "problems": [f"the file could not be opened: {reason}"]}
    return as_json(understood(raw), name)
