"""What an errand prints: its answer to standard output and nothing else there; a reader that has gone is no trouble."""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any


def print_data(values: Mapping[str, Any]) -> None:
    """One JSON object on one line, always UTF-8."""
    line = json.dumps(values, ensure_ascii=False) + "\n"
    _written(line.encode("utf-8", "replace"))


def print_text(text: str) -> None:
    _written(f"{text}\n".encode(sys.stdout.encoding or "utf-8", "replace"))


def say(text: str) -> None:
    """A sentence for the person, beside the answer."""
    line = f"{text}\n".encode(sys.stderr.encoding or "utf-8", "replace")
    sys.stderr.buffer.write(line)
    sys.stderr.flush()


def flushed() -> None:
    """Everything printed has left; whoever reads no further has read enough."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _written(data: bytes) -> None:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
