"""A server's processes: started, waited for, frozen, and ended by the group that they alone are in."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

SECONDS = 20


class Process:
    """One server in a process group of its own, ready as soon as its port answers."""

    def __init__(self, command: list[str], port: int, log: Path, **who: Any) -> None:
        self._log = log
        with log.open("ab") as output:
            self._server = subprocess.Popen(
                command, stdout=output, stderr=output, start_new_session=True, cwd="/", **who
            )
        self._await(port)

    @property
    def pid(self) -> int:
        return self._server.pid

    def signal(self, number: int) -> None:
        os.killpg(self._server.pid, number)

    def end(self) -> None:
        """Ask, wait, and then do not ask."""
        self._server.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._server.wait(SECONDS)
        with suppress(ProcessLookupError):
            self.signal(signal.SIGKILL)
        self._server.wait()

    def _await(self, port: int) -> None:
        def answers() -> bool:
            assert self._server.poll() is None, "it has ended"
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return True
            return False

        try:
            eventually(answers)
        except AssertionError as error:
            self.end()
            said = self._log.read_text(errors="replace")[-2000:]
            raise AssertionError(f"{self._server.args!r} did not start: {error} {said}") from error


def eventually(claim: Callable[[], bool], seconds: int = SECONDS) -> None:
    """Return as soon as the claim is true; a claim that does not become true is a failure."""
    until = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < until, f"not within {seconds} seconds"
        time.sleep(0.02)
