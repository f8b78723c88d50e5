"""Which part of how many a subject says that its mail is."""

import pytest

from committee.parts import part_of


@pytest.mark.parametrize(
    ("subject", "part"),
    [
        ("First report (1/2)", (1, 2)),
        ("2 / 3: annexes", (2, 3)),
        ("Annexes [3/3]", (3, 3)),
        ("Report of 12/10/2012", None),
        ("Our letter S/2012/663", None),
        ("1/1", None),
        ("5/3", None),
        ("First report", None),
    ],
)
def test_a_part_is_read_and_a_date_is_none(subject: str, part: tuple[int, int] | None) -> None:
    assert part_of(subject) == part
