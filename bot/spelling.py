"""How many letters two words differ by: enough to ask "did you mean", never to act."""

from typing import Final

NEAR: Final = 2
"""Letters that a word may be off by and still be asked about."""

LONGEST: Final = 30
"""Longer words are not compared."""


def distance(one: str, other: str) -> int:
    """Letters left out, added, changed, or swapped with their neighbour; unlike lengths are not compared."""
    if abs(len(one) - len(other)) > NEAR or max(len(one), len(other)) > LONGEST:
        return LONGEST
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, its in enumerate(other, 1):
            steps = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != its))
            if before and column > 1 and letter == other[column - 2] and one[row - 2] == its:
                steps = min(steps, before[column - 2] + 1)
            line.append(steps)
        before, last = last, line
    return last[-1]


def is_near(typed: str, known: str) -> bool:
    """One letter off in a short word, two in a longer one."""
    return distance(typed, known) <= (1 if len(known) <= 4 else NEAR)  # noqa: PLR2004 - "note", "mail"
