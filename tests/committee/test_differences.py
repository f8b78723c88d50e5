"""What differs from last time: who came, who left, which words changed."""

from hypothesis import given
from hypothesis import strategies as st

from committee.differences import MOST_CHANGES, Changed, came, changed

WORDS = st.lists(
    st.sampled_from(["the", "closure", "on", "two", "three", "days", "of", "October", "is", "over"]), max_size=60
)
ADDRESSED = st.dictionaries(st.sampled_from("ABC"), st.lists(st.sampled_from("xyz"), unique=True))


def test_who_came_and_who_left_are_the_same_question_the_other_way_round():
    now, last = {"MWI": ["a", "b"], "ZMB": ["c"]}, {"MWI": ["a"], "MLI": ["d"]}
    assert came(now, last) == (("MWI", "b"), ("ZMB", "c"))
    assert came(last, now) == (("MLI", "d"),)


def test_a_change_has_a_few_words_around_it():
    was = "Headquarters is closed on 29 October 2012 and opens again on the day after that."
    now = "Headquarters is closed on 3 December 2012 and opens again on the day after that."
    [one] = changed("en", was, now)
    assert one == Changed(
        "en", "… is closed on 29 October 2012 and opens …", "… is closed on 3 December 2012 and opens …"
    )


def test_what_was_added_or_taken_out_has_nothing_on_the_other_side():
    [added] = changed("en", "One two three.", "One two three. And a fourth.")
    assert (added.was, added.now) == ("", "One two three. And a fourth.")
    [taken] = changed("en", "One two three. And a fourth.", "One two three.")
    assert (taken.was, taken.now) == ("One two three. And a fourth.", "")


def test_how_lines_are_broken_is_no_change():
    assert changed("en", "One two\nthree\n\nfour", "One\ntwo three four") == []


@given(ADDRESSED, ADDRESSED)
def test_who_stayed_with_who_left_were_there_before(now, last):
    pairs = {(party, one) for party, addresses in last.items() for one in addresses}
    both = pairs & {(party, one) for party, addresses in now.items() for one in addresses}
    assert {*came(last, now)} == pairs - both


@given(WORDS, WORDS)
def test_something_is_said_exactly_where_the_words_differ(was, now):
    found = changed("en", " ".join(was), " ".join(now))
    assert bool(found) is (was != now)
    assert len(found) <= MOST_CHANGES
    assert all(one.was != one.now for one in found)


def test_words_without_end_are_compared_no_further_than_the_first_thousands():
    assert changed("en", "a " * 20_000, "a " * 20_000 + "b") == []
