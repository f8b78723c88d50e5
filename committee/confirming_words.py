"""A party answers that its entry is right: a plain line in six languages counts, anything beside it is for an officer."""

import re
from typing import Final

from committee.names import fold

_PLAIN: Final = (
    "confirm", "confirmed", "we confirm", "i confirm", "unchanged", "no change", "no changes", "we hereby confirm",
    "confirme", "confirmee", "nous confirmons", "je confirme", "inchange", "inchangee", "sans changement", "aucun changement",
    "confirmado", "confirmada", "confirmamos", "confirmo", "sin cambios", "ningun cambio",
    "подтверждаем", "подтверждаю", "подтверждено", "без изменений", "изменений нет",
    "نؤكد", "أؤكد", "مؤكد", "تم التأكيد", "دون تغيير", "بدون تغيير", "لا تغيير",
    "确认", "我们确认", "確認", "无变化", "没有变化", "無變化", "無變更", "无变更",
)  # fmt: skip
"""What the letter asks for, and what people write in its place; each stands alone on its line."""
_LINES: Final = frozenset(map(fold, _PLAIN))
_DIFFERS: Final = re.compile(
    r"\b(?:but|except|however|instead|please|change|changed|changes|new|replac\w*|correct\w*|updat\w*|left|longer|not"
    r"|mais|sauf|toutefois|pas|modifi\w*|nouve\w*|remplac\w*|corrig\w*"
    r"|pero|salvo|excepto|cambi\w*|nuev\w*|reemplaz\w*|correg\w*"
    r"|но|кроме|однако|измен\w*|нов\w*|замен\w*|исправ\w*|не)\b|"
    + "|".join(map(fold, ("لكن", "إلا", "باستثناء", "تغيير", "تغير", "جديد", "ليس"))) + "|[但除改新换換更变變不]"
)  # fmt: skip
_MARKS: Final = " .!。！,،:;\"'«»“”*-–—"
_NO_CHANGE_MEANT: Final = re.compile(r"\bnew york\b")
MOST_LINES: Final = 30
"""Of a longer mail an officer reads the rest."""


def says_all_is_right(plain: str) -> bool:
    """Whether `plain` (from `promises.own_lines`) says nothing but that: one plain line, and beside it greeting and name alone."""
    lines = plain.splitlines()
    said = [_bare(line) in _LINES for line in lines]
    others = (line for line, is_said in zip(lines, said, strict=True) if not is_said)
    return any(said) and len(lines) <= MOST_LINES and not any(_differs(line) for line in others)


def speaks_of_it(plain: str) -> bool:
    """Whether one of its lines says so, whatever stands beside it."""
    return any(_bare(line) in _LINES for line in plain.splitlines())


def _bare(line: str) -> str:
    return line.strip(_MARKS)


def _differs(line: str) -> bool:
    return _DIFFERS.search(_NO_CHANGE_MEANT.sub("", line)) is not None
