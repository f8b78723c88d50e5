"""Words one or two letters off are near; nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.spelling import distance, is_near

WORDS = st.text("abc", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [("outbox", "outbox", 0), ("outbx", "outbox", 1), ("otubox", "outbox", 1), ("oubtx", "outbox", 2), ("", "ab", 2)],
)
def test_a_letter_left_out_added_changed_or_swapped_counts_one(one, other, letters):
    assert distance(one, other) == letters


def test_a_short_word_is_near_by_one_letter_only():
    assert is_near("nate", "note")
    assert not is_near("nat", "note")
    assert is_near("reprotd", "reported")


@given(WORDS, WORDS)
def test_distance_is_the_same_both_ways_and_nought_for_the_same_word(one, other):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
