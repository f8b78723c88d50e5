"""A submission in several mails: "2/3" in the subject says which part of how many it is."""

import re

_PART = re.compile(r"(?<![\d/])(\d{1,2})\s?/\s?(\d{1,2})(?![\d/])")
MOST = 20


def part_of(subject: str) -> tuple[int, int] | None:
    """Which part of how many a subject says that its mail is; None where it says nothing of the kind."""
    for found in _PART.finditer(subject):
        number, total = int(found[1]), int(found[2])
        if 1 <= number <= total and 1 < total <= MOST:
            return number, total
    return None
