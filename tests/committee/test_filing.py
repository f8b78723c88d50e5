"""Where a mail that was sent by hand belongs: all that says so must agree, and nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.filing import MOST_NUMBERS, Place, numbers, place_of

REPORT = Place("MWI", "S-2012-0001", "M-2012-0001")


def test_the_party_is_whose_people_it_went_to() -> None:
    assert place_of({"MWI"}, [], []) == Place("MWI")


def test_what_it_answers_says_the_submission_and_the_mail() -> None:
    assert place_of({"MWI"}, [REPORT], []) == REPORT
    assert place_of((), [REPORT], []) == REPORT


def test_a_number_in_the_subject_says_so_too_and_the_thread_comes_first() -> None:
    other = Place("MWI", "S-2012-0009", "M-2012-0009")
    assert place_of({"MWI"}, [], [other]) == other
    assert place_of({"MWI"}, [REPORT], [other]) == REPORT


def test_the_mail_that_is_answered_is_of_the_submission_under_which_it_is_filed() -> None:
    thread = [Place("MWI", "S-2012-0001")]
    assert place_of({"MWI"}, thread, [Place("MWI", "S-2012-0009", "M-2012-0009")]) == Place("MWI", "S-2012-0001")


@pytest.mark.parametrize(
    ("recipients", "thread", "named", "why"),
    [
        ({"MWI", "ZMB"}, [], [], "people of several parties (MWI, ZMB)"),
        ({"ZMB"}, [REPORT], [], "names several parties"),
        ((), [REPORT], [Place("ZMB", "S-2012-0002")], "names several parties"),
        ((), [], [], "says whose it is"),
    ],
)
def test_where_they_do_not_agree_a_person_decides(
    recipients: set[str], thread: list[Place], named: list[Place], why: str
) -> None:
    found = place_of(recipients, thread, named)
    assert isinstance(found, str)
    assert why in found


def test_another_partys_mail_with_the_same_message_id_does_not_count_where_it_is_known_to_whom_it_went() -> None:
    assert place_of({"MWI"}, [Place("ZMB", "S-2012-0002"), REPORT], []) == REPORT


def test_numbers_are_read_as_they_are_written() -> None:
    assert numbers("Re: your s-2012-17, M-2012-0003 and L-2012-12345 (S-2012-0017)") == (
        "S-2012-0017", "M-2012-0003", "L-2012-12345",
    )  # fmt: skip
    assert numbers("XS-2012-1 S-2012-1x S-2012 US-2012-4-5") == ()


@given(st.text())
def test_no_subject_makes_the_reading_fail(subject: str) -> None:
    assert len(numbers(subject)) <= MOST_NUMBERS


_PLACES = st.lists(
    st.builds(
        Place, st.sampled_from(["MWI", "ZMB"]), st.sampled_from(["", "S-1", "S-2"]), st.sampled_from(["", "M-1", "M-2"])
    ),
    max_size=4,
)


@given(st.sets(st.sampled_from(["MWI", "ZMB"])), _PLACES, _PLACES)
def test_a_place_is_never_another_partys_than_the_one_that_it_went_to(
    recipients: set[str], thread: list[Place], named: list[Place]
) -> None:
    found = place_of(recipients, thread, named)
    if isinstance(found, Place):
        assert not recipients or {found.party} == recipients
        if found.submission:
            assert any((one.party, one.submission) == (found.party, found.submission) for one in (*thread, *named))
