"""The desk's log on stderr: lines to read on a terminal, JSON elsewhere; only names on a list get through."""

import logging
import os
import sys
from typing import Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

NAMES: Final = frozenset(
    "event level timestamp key kind party state reason error place library count tries".split()  # noqa: SIM905 - read as a list
)
"""What a line may hold. A subject, a text, a file name, an address or a secret has no name here, so none gets through."""

LONGEST: Final = 200


def configure(level: str) -> None:
    """From now on log what is at least `level` to stderr; libraries are heard too, but not quoted."""
    to_a_person = sys.stderr.isatty()
    drawn: Processor = (
        structlog.dev.ConsoleRenderer(colors=not os.environ.get("NO_COLOR"))
        if to_a_person
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_names_on_the_list,
            drawn,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[OfLibraries()], level=level.upper(), force=True)


def only_names_on_the_list(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Drop what has no name on the list; what stays is short and on one line."""
    return {name: _plain(value) for name, value in line.items() if name in NAMES}


def _to_stderr(*_: object) -> structlog.PrintLogger:
    """To whatever stands for stderr when a line is written, not when this was configured."""
    return structlog.PrintLogger(sys.stderr)


class OfLibraries(logging.Handler):
    """Says that a library has logged, and where; its words may quote a message or an address, so they stay out."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0] if record.exc_info else None
        structlog.get_logger().log(
            record.levelno,
            "a library has something to say",
            library=record.name,
            place=f"{record.module}, line {record.lineno}",
            error=error.__name__ if error else None,
        )


def _plain(value: object) -> object:
    """Numbers as they are; of anything else its text, without line breaks and control codes."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return "".join(letter if letter.isprintable() else "�" for letter in str(value)[:LONGEST])
