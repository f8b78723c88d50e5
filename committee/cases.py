"""Whose an incoming mail is, and by when it should be answered: one case for each mail that asks something or was taken."""

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from committee.calendar import new_york, working_days_after

POLICY = "answers.within"


class Ending(StrEnum):
    """How a case ends."""

    ANSWERED = "answered"
    DONE = "done"  # an officer says that nothing more is to be done
    SET_ASIDE = "set-aside"  # its submission was set aside, or the mail is nobody's


@dataclass(frozen=True, slots=True)
class Case:
    """One mail's case, by the mail's key. Its last day is derived, so that a closure of Headquarters moves it too."""

    key: str
    opened: datetime
    within: int | None = None  # working days in which it should be answered; None: nothing says so
    by: date | None = None  # the last day, where a person has set it
    officer: str = ""  # the key of whoever has it; empty: nobody
    taken: datetime | None = None
    ending: Ending | None = None
    ended: datetime | None = None
    ended_by: str = ""
    answer: str = ""  # the key of the letter, or of the mail sent by hand, that answered it

    @property
    def is_open(self) -> bool:
        return self.ending is None

    def due(self, off: Container[date]) -> date | None:
        """The last day on which it should be answered, New York's, or None; the day on which it came does not count."""
        if self.by or self.within is None:
            return self.by
        return working_days_after(new_york(self.opened).date(), self.within, off)

    def taken_by(self, officer: str, at: datetime) -> "Case":
        """From now on it is this officer's; one that had ended is open again, and no day is set for it."""
        if self.is_open:
            return replace(self, officer=officer, taken=at)
        return Case(self.key, opened=at, officer=officer, taken=at)

    def closed(self, ending: Ending, by: str, at: datetime, answer: str = "") -> "Case":
        return replace(self, ending=ending, ended=at, ended_by=by, answer=answer)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open case as it stands on a day."""

    case: Case
    by: date | None
    overdue: bool


def waiting(case: Case, today: date, off: Container[date]) -> Waiting:
    by = case.due(off)
    return Waiting(case, by, by is not None and by < today)


def urgency(one: Waiting) -> tuple[date, str]:
    """What is due first comes first; what has no day comes last."""
    return one.by or date.max, one.case.key


_LINK = re.compile(r"https?://\S+")
_ASKS = re.compile(
    r"[?？؟]"
    r"|\bplease (advise|answer|clarify|confirm|explain|indicate|inform|let us know|reply|respond|send us|tell us)\b"
    r"|\b(would|should) (be (most )?grateful|appreciate|like to (know|ask))\b|\b(could|would|can) you\b"
    r"|\b(saurai(t|en)t|serai(t|en)t|vous saurions) (gre|reconnaissante?s?)\b|\b(pourriez|pouvez)[- ]vous\b"
    r"|\bveuillez (nous )?(confirmer|indiquer|informer|preciser|repondre)\b"
    r"|\b(agradeceria(mos|n)?|podria(n)?|sirvan?se (informar|indicar|confirmar))\b"
    r"|\bпросим (вас )?(сообщить|подтвердить|уточнить|ответить)\b"
)
"""Folded: a question mark of any script, or the usual words in which a mission asks for an answer."""
LOOKED_AT = 4000
"""Characters of a mail's words."""


def asks(words: str) -> bool:
    """Whether folded words ask something of us; an address with a question mark in it does not."""
    said = _LINK.sub(" ", words[:LOOKED_AT]).split()
    return bool(_ASKS.search(" ".join(word for word in said if "@" not in word)))
