"""What the process does that reads large mail: one message after the other from a pipe, each answered with what it says."""

import os
import pickle
import resource
import select
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO

from mailflows.reading.messages import read
from mailflows.reading.values import Reading

NOT_FOR_US = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What Ctrl-C and systemd send to every process of the desk: the desk itself decides when this one ends."""
PIECE = 500_000
"""Characters that are decoded in one go: other threads of whoever asks run in between."""


def answer(seconds: float, memory: int) -> None:
    """Read what is asked until nobody is there to ask; a message that takes so many seconds is the end of the process.

    `memory` is the most bytes of address space that it may have.
    """
    keep_to_yourself(memory)
    threading.Thread(target=_end_with_whoever_asks, daemon=True).start()
    with suppress(EOFError):
        while True:
            raw = pickle.load(sys.stdin.buffer)  # noqa: S301 - only the process that has started this one writes there
            signal.setitimer(
                signal.ITIMER_REAL, seconds
            )  # no handler: it ends the process also where one expression never comes back
            say(read(raw), sys.stdout.buffer)
            signal.setitimer(signal.ITIMER_REAL, 0)


def say(reading: Reading, to: IO[bytes]) -> None:
    """The words go in pieces behind the rest, so that nobody has to decode megabytes in one go."""
    said = replace(reading, text="", reply=""), _pieces(reading.text), _pieces(reading.reply)
    pickle.dump(said, to, pickle.HIGHEST_PROTOCOL)
    to.flush()


def hear(source: IO[bytes]) -> Reading:
    """What `say` has said; `EOFError` or `UnpicklingError` where it was cut off."""
    said: tuple[Reading, list[str], list[str]] = pickle.load(source)  # noqa: S301 - the process at the other end is our own
    reading, text, reply = said
    return replace(reading, text="".join(text), reply="".join(reply))


def _pieces(words: str) -> list[str]:
    return [words[at : at + PIECE] for at in range(0, len(words), PIECE)]


def keep_to_yourself(memory: int) -> None:
    for told in NOT_FOR_US:
        signal.signal(told, signal.SIG_IGN)
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):  # a core would hold the mail
        with suppress(OSError, ValueError):  # a system that does not know this limit, or has a stricter one
            resource.setrlimit(what, (most, most))
    with suppress(OSError):  # where the host's memory ends, it is this process that goes and not the desk
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _end_with_whoever_asks() -> None:
    """Also in the middle of a message, also where the other was killed: its end of the pipe is closed then."""
    line = select.poll()
    line.register(sys.stdin.fileno(), 0)  # nothing but the hang-up, which is always told
    line.poll()
    os._exit(0)
