"""How long an SMTP server may take for each answer (RFC 5321, 4.5.3.2): a shorter wait makes duplicates."""

from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True)
class Timeouts:
    """All in seconds; `command` is for what has no time of its own there: EHLO, STARTTLS, AUTH, RSET and NOOP."""

    greeting: float = 300  # 4.5.3.2.1
    command: float = 300
    mail: float = 300  # 4.5.3.2.2
    rcpt: float = 300  # 4.5.3.2.3
    data: float = 120  # 4.5.3.2.4
    block: float = 180  # 4.5.3.2.5
    dot: float = 600  # 4.5.3.2.6
    quit: float = 5
    """The letters are through by then: whoever does not say goodbye is not waited for."""

    def scaled(self, factor: float) -> Self:
        """All of them shorter or longer by one factor."""
        return type(self)(**{each.name: getattr(self, each.name) * factor for each in fields(self)})


BY_THE_BOOK = Timeouts()
