"""Who sits on the Council on a day: terms with dates, and the five that have none."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from committee.council import Term, members_on

GUATEMALA = Term("GTM/2012", "GTM", "elected", date(2012, 1, 1), date(2013, 12, 31))
CHINA = Term("CHN/permanent", "CHN", "permanent", None, None)


@st.composite
def terms(draw: st.DrawFn) -> Term:
    start = draw(st.dates(date(2000, 1, 1), date(2020, 1, 1)))
    return Term(
        "X",
        draw(st.sampled_from(("ARG", "AUS", "KOR"))),
        "elected",
        start,
        start + timedelta(days=draw(st.integers(0, 800))),
    )


@given(terms())
def test_a_term_covers_its_first_and_last_day_and_neither_neighbour(term: Term) -> None:
    assert term.start
    assert term.end
    assert term.covers(term.start)
    assert term.covers(term.end)
    assert not term.covers(term.start - timedelta(days=1))
    assert not term.covers(term.end + timedelta(days=1))


@given(st.dates())
def test_a_permanent_member_sits_on_any_day(day: date) -> None:
    assert members_on(day, [CHINA]) == ["CHN"]


@given(st.lists(terms(), max_size=6), st.dates(date(1999, 1, 1), date(2023, 1, 1)))
def test_members_are_those_whose_term_covers_the_day_in_alphabetical_order(drawn: list[Term], day: date) -> None:
    members = members_on(day, drawn)
    assert members == sorted(members)
    assert {*members} == {term.state for term in drawn if term.start and term.end and term.start <= day <= term.end}


def test_a_member_that_has_left_is_a_member_no_more_on_new_years_day() -> None:
    assert members_on(date(2013, 12, 31), [GUATEMALA]) == ["GTM"]
    assert members_on(date(2014, 1, 1), [GUATEMALA]) == []
