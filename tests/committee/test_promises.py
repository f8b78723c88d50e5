"""Until when a report is in preparation, as missions write it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.promises import LONGEST, own_lines, perhaps_until, promised_until, speaks_of

TODAY = date(2012, 9, 4)


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("Our report is in preparation until 15 December 2012.", date(2012, 12, 15)),
        ("In preparation until 15 December", date(2012, 12, 15)),
        ("in preparation until 15 January", date(2013, 1, 15)),
        ("IN PREPARATION UNTIL 2012-12-15", date(2012, 12, 15)),
        ("The report is being prepared and will be sent by the 1st of March 2013", date(2013, 3, 1)),
        ("Le rapport est en préparation jusqu’au 15 décembre 2012.", date(2012, 12, 15)),
        ("En cours d'élaboration jusqu'au 1er février 2013", date(2013, 2, 1)),
        ("in preparation until December 15, 2012", date(2012, 12, 15)),
        ("in preparation until 15 Dec. 2012", date(2012, 12, 15)),
        ("in preparation until Dec 15th", date(2012, 12, 15)),
        ("in preparation until March 2013", None),
        ("in preparation until 31 November 2012", None),
        ("in preparation until 1 September 2012", None),
        ("in preparation until 15 December 2099", None),
        ("We shall report by 15 December 2012", None),
        ("in preparation. The meeting lasts until 15 December 2012", None),
        ("", None),
    ],
)
def test_a_promise_is_read_with_its_date(said: str, until: date | None) -> None:
    assert promised_until(own_lines(said), TODAY) == until


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("Our report is in preparation until March", date(2013, 3, 31)),
        ("It is in preparation, and comes by the end of February 2013", date(2013, 2, 28)),
        ("Le rapport est en préparation jusqu’à fin mars", date(2013, 3, 31)),
        ("in preparation until 15 March 2013", None),
        ("The annual report of our ministry is in preparation until 15 December", date(2012, 12, 15)),
        ("in preparation until March 2099", None),
        ("We may march", None),
    ],
)
def test_a_month_without_a_day_is_for_an_officer_to_confirm(said: str, until: date | None) -> None:
    assert perhaps_until(own_lines(said), TODAY) == until


@given(said=st.text(max_size=500))
def test_no_text_makes_it_fail(said: str) -> None:
    for read in (promised_until, perhaps_until):
        until = read(own_lines(f"in preparation until {said}"), TODAY)
        assert until is None or TODAY <= until <= TODAY + LONGEST


def test_words_of_any_length_are_read_in_a_moment() -> None:
    said = "Our report is in preparation until 15 December 2012."
    assert promised_until(own_lines("\n" * 19_000 + said), TODAY) == date(2012, 12, 15)
    assert promised_until(own_lines("Yes.\n" * 3_990 + said), TODAY) is None  # cut before the year: half a date is none
    assert promised_until(own_lines("Yes.\n" * 1_000_000 + said), TODAY) is None


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("En cours d'élaboration jusqu'au 30/11/2012", date(2012, 11, 30)),
        ("In preparation until 15.01.2013", date(2013, 1, 15)),
        ("In preparation until 03/03/2013", date(2013, 3, 3)),
    ],
)
def test_a_day_in_figures_counts_where_it_is_one_day_to_everybody(words: str, day: date) -> None:
    assert promised_until(own_lines(words), date(2012, 9, 4)) == day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("In preparation until 03/04/2013", date(2013, 4, 3)),
        ("The report will be submitted not later than 15 January 2013.", date(2013, 1, 15)),
        ("The report will be with you by 3 October 2012.", date(2012, 10, 3)),
        ("We will need more time, until 15 December", date(2012, 12, 15)),
        ("Le rapport sera transmis au plus tard le 15 décembre 2012", date(2012, 12, 15)),
        ("It will be finalised by March", date(2013, 3, 31)),
    ],
)
def test_what_resembles_a_promise_is_proposed(words: str, day: date) -> None:
    plain = own_lines(words)
    assert promised_until(plain, date(2012, 9, 4)) is None
    assert perhaps_until(plain, date(2012, 9, 4)) == day


@pytest.mark.parametrize(
    "words",
    [
        "The report is in preparation.", "التقرير قيد الإعداد حتى مارس 2013", "报告正在编写", "Доклад готовится",
        "El informe está en preparación", "O relatório está em elaboração", "under preparation, first quarter of 2013",
    ],
)  # fmt: skip
def test_of_what_speaks_of_a_report_to_come_somebody_reads_the_date(words: str) -> None:
    assert speaks_of(own_lines(words))
    assert not speaks_of(own_lines("The law was adopted."))
