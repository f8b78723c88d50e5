"""What an errand prints: its answer to standard output and nothing else there; a reader that has gone is no trouble."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any


class NotPrinted(Exception):
    """Standard output cannot be written: the disk is full, or it is closed."""


def print_data(values: Mapping[str, Any]) -> None:
    """One JSON object on one line, always UTF-8."""
    line = json.dumps(values, ensure_ascii=False) + "\n"
    _written(line.encode("utf-8", "replace"))


def print_text(text: str) -> None:
    _written(f"{text}\n".encode(sys.stdout.encoding or "utf-8", "replace"))


def print_bytes(data: bytes) -> None:
    """A file as it is, for a pipe."""
    _written(data)


def say(text: str) -> None:
    """A sentence for the person, beside the answer."""
    line = f"{text}\n".encode(sys.stderr.encoding or "utf-8", "replace")
    sys.stderr.buffer.write(line)
    sys.stderr.flush()


@contextmanager
def standard_output() -> Iterator[None]:
    """What is printed here has left at the end; whoever reads no further has read enough. `NotPrinted` where it cannot."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _to_nowhere()
    except OSError as error:
        _to_nowhere()
        raise NotPrinted(f"The answer could not be written ({error.strerror}); what was committed is safe.") from error


def _written(data: bytes) -> None:
    with standard_output():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def _to_nowhere() -> None:
    """So that nothing is tried again when the program ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
