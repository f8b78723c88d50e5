"""What a desk's folder says of itself to those who have not opened it: `desk.json`, practice or not."""

import json
from pathlib import Path

from storage.errors import said_in_our_words
from storage.folder import write_durably

MARKER = "desk.json"


def mark(folder: Path, *, practice: bool) -> None:
    with said_in_our_words():
        write_durably(folder / MARKER, marked(practice=practice))


def marked(*, practice: bool) -> bytes:
    return json.dumps({"practice": practice}).encode() + b"\n"


def holds_practice_desk(folder: Path) -> bool:
    """Whether the folder says that it is for practice; one that says nothing, or nothing that can be read, is not."""
    try:
        said = json.loads((folder / MARKER).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and said.get("practice") is True
