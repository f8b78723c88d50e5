"""A mail of one word asks the desk itself: help, or status, in any of the six languages."""

import re
from enum import StrEnum

from committee.names import fold

LONGEST = 300
"""Characters beside the word: a greeting and a signature; what is longer is a letter, and somebody reads it."""


class Question(StrEnum):
    HELP = "help"
    STATUS = "status"


_WORDS = {
    Question.HELP: ("help", "aide", "ayuda", "помощь", "مساعدة", "帮助"),
    Question.STATUS: ("status", "etat", "statut", "estado", "статус", "الحالة", "状态"),
}
_ASKED = {fold(word): question for question, words in _WORDS.items() for word in words}
MOST_LINES = 5
_SENTENCE = re.compile(r"[?？؟]|\S+\s+\S+\s+\S+.*[.!。]$|(\S+\s+){6}|[\u3400-\u9fff]{4}|\d{1,2}\s+\w+\s+\d{4}")
"""What a name, an office or a word of thanks has not: a question, three words with a full stop, or many words."""
_REPLY = ("re:", "re :", "rv:", "ответ:", "رد:", "答复:", "回复:")
_SIGNS = " \t.,;:!?¿¡…？！。،؟*_\"'“”«»/"


def question_of(subject: str, words: str, *, encloses: bool) -> Question | None:
    """What the mail asks, if it is nothing but that word: alone in its text, or in its subject above an empty text.

    A signature may stand below. A mail that encloses something, or says anything else, is for somebody to read.
    """
    if encloses or len(words) > LONGEST or len(subject) > LONGEST:
        return None
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    asked = _asked(lines[0]) if lines else None
    rest = lines[1:] if asked else lines
    if any(_SENTENCE.search(line) for line in rest) or len(rest) > MOST_LINES:
        return None
    return asked or _asked(_bare(subject))


def _asked(line: str) -> Question | None:
    return _ASKED.get(fold(line.strip(_SIGNS)).strip())


def _bare(subject: str) -> str:
    said = fold(subject).strip()
    while starts := next((start for start in map(fold, _REPLY) if said.startswith(start)), ""):
        said = said[len(starts) :].strip()
    return said
