"""A regional group goes by its register's word and by what people call it."""

import pytest

from committee.regional_groups import GROUPS, group_named
from storage.seeding import states


@pytest.mark.parametrize(
    ("typed", "group"),
    [("African", "African Group"), ("the african group", "African Group"), ("Asia\u2013Pacific", "Asia-Pacific Group"),
     ("grulac", "GRULAC"), ("Latin America and the Caribbean", "GRULAC"), ("weog", "WEOG"), ("banana", None), ("", None)],
)  # fmt: skip
def test_a_group_is_named_by_any_of_its_names(typed, group):
    assert group_named(typed) == group


def test_every_group_of_the_register_can_be_typed():
    assert {state.group for state in states() if state.group} == {*GROUPS}
    assert all(group_named(group) == group for group in GROUPS)
