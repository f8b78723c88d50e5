"""The subject of an answer: "Re:" once, before what was written about."""

import re

_ANSWERING = re.compile(
    r"(?:\s?(?:re|rép|réf|rif|rv|aw|sv|tr|fw|fwd|ответ|رد|答复|回复|回覆)\s?(?:\[\d{1,3}\])?\s?[:：])+\s?",
    re.IGNORECASE,
)
"""What mail programs put before the subject of an answer, in the six languages and some others."""


def about(subject: str) -> str:
    """What a subject is about, without the marks of answers at its beginning; empty where there is nothing else."""
    begun = _ANSWERING.match(subject)
    return (subject[begun.end() :] if begun else subject).strip()
