"""`verbale read`: how each message would be understood, one line a file, whatever the file is; it needs no desk."""

from collections.abc import Iterable
from pathlib import Path

from bot.plain import plain
from bot.printing import NotPrinted, print_data, say
from mailflows.reading import as_json
from mailflows.reading import read as understood


def read(files: Iterable[str]) -> int:
    """Print a line for every file, in order; 0 whatever they are: what cannot be read is said in its line."""
    try:
        for file in files:
            print_data(_line(file))
    except NotPrinted as trouble:
        say(str(trouble))
        return 1
    return 0


def _line(file: str) -> dict[str, object]:
    name = plain(file)
    try:
        return as_json(understood(Path(file).read_bytes()), name)
    except (OSError, ValueError, MemoryError) as error:  # ValueError: a null byte in the name
        return _unreadable(
            name, f"the file could not be opened: {getattr(error, 'strerror', None) or type(error).__name__}"
        )
    except Exception as error:  # noqa: BLE001 - a message that nobody foresaw still gets its line
        return _unreadable(name, f"the message could not be understood: {type(error).__name__}")


def _unreadable(name: str, problem: str) -> dict[str, object]:
    return {**as_json(understood(b""), name), "kind": "unreadable", "problems": [problem]}
