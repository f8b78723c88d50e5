"""A mail of one word asks the desk itself: help, or status, in any of the six languages."""

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
_REPLY = ("re:", "re :", "rv:", "ответ:", "رد:", "答复:", "回复:")
_SIGNS = " \t.,;:!?¿¡…？！。،؟*_\"'“”«»/"


def question_of(subject: str, words: str, *, encloses: bool) -> Question | None:
    """What the mail asks, if it is nothing but that word: as its first line, or as its subject; None for any other mail.

    A mail that encloses something is a submission, whatever it says.
    """
    if encloses or len(words.strip()) > LONGEST or len(subject) > LONGEST:
        return None
    lines = [line for line in words.splitlines() if line.strip()]
    return _asked(lines[0]) if lines and _asked(lines[0]) else _asked(_bare(subject))


def _asked(line: str) -> Question | None:
    return _ASKED.get(fold(line.strip(_SIGNS)).strip())


def _bare(subject: str) -> str:
    said = fold(subject).strip()
    while starts := next((start for start in map(fold, _REPLY) if said.startswith(start)), ""):
        said = said[len(starts) :].strip()
    return said
