"""Whose a mail is, by when it should be answered, and what asks something of us."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.calendar import NEW_YORK
from committee.cases import Case, Ending, asks, urgency, waiting
from committee.names import fold

TUESDAY = datetime(2012, 9, 4, 16, tzinfo=NEW_YORK)
CASE = Case("M-2012-0001", opened=TUESDAY, within=5)


def test_the_last_day_is_so_many_working_days_after_the_one_on_which_it_came() -> None:
    assert CASE.due(()) == date(2012, 9, 11)
    assert replace(CASE, opened=TUESDAY + timedelta(days=4)).due(()) == date(2012, 9, 17)  # a Saturday counts as Monday


def test_a_closure_moves_it_and_a_day_that_a_person_has_set_stands() -> None:
    closed = {date(2012, 9, 10), date(2012, 9, 11)}
    assert CASE.due(closed) == date(2012, 9, 13)
    assert replace(CASE, by=date(2012, 9, 10)).due(closed) == date(2012, 9, 10)


def test_the_day_is_new_yorks() -> None:
    late = datetime.fromisoformat("2012-09-05T02:00:00+00:00")  # ten in the evening of the fourth
    assert replace(CASE, opened=late).due(()) == date(2012, 9, 11)


def test_nothing_says_by_when_what_was_only_taken_is_to_be_answered() -> None:
    assert Case("M-2012-0002", opened=TUESDAY).due(()) is None
    assert not waiting(Case("M-2012-0002", opened=TUESDAY), date(2020, 1, 1), ()).overdue


def test_it_is_overdue_once_its_last_day_is_over() -> None:
    assert not waiting(CASE, date(2012, 9, 11), ()).overdue
    assert waiting(CASE, date(2012, 9, 12), ()).overdue


def test_what_is_due_first_is_the_most_urgent_and_what_has_no_day_the_least() -> None:
    sooner = replace(CASE, key="M-2012-0003", by=date(2012, 9, 6))
    never = Case("M-2012-0000", opened=TUESDAY)
    ordered = sorted((waiting(one, TUESDAY.date(), ()) for one in (never, CASE, sooner)), key=urgency)
    assert [one.case.key for one in ordered] == ["M-2012-0003", "M-2012-0001", "M-2012-0000"]


def test_what_had_ended_is_open_again_once_somebody_takes_it() -> None:
    ended = CASE.taken_by("officer-1", TUESDAY).closed(Ending.DONE, "officer-1", TUESDAY)
    assert not ended.is_open
    again = ended.taken_by("officer-2", TUESDAY + timedelta(days=30))
    assert (again.is_open, again.officer, again.due(())) == (True, "officer-2", None)


@pytest.mark.parametrize(
    "words",
    [
        "May we send it in French?",
        "هل يمكن إرسال التقرير بالفرنسية؟",
        "可否用法文提交？",
        "Please confirm receipt of the annex.",
        "We would be grateful for the form.",
        "Nous vous saurions gré de bien vouloir nous faire parvenir le formulaire.",
        "Pourriez-vous nous indiquer l'adresse",
        "Veuillez nous confirmer la date.",
        "Agradeceríamos una respuesta.",
        "Просим сообщить о сроках.",
    ],
)
def test_these_ask_something_of_us(words: str) -> None:
    assert asks(fold(words))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Please find enclosed the first report of Malawi.",
        "Veuillez agréer, Madame, Monsieur, l'expression de ma considération distinguée.",
        "The law stands at https://laws.example/act?number=12&lang=en",
        "Enclosed is our report. The Permanent Mission avails itself of this opportunity.",
    ],
)
def test_these_do_not(words: str) -> None:
    assert not asks(fold(words))


@given(st.text())
def test_no_words_make_the_reading_fail(words: str) -> None:
    assert asks(fold(words)) in {True, False}


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    assert not asks("a" * 4_000 + "?")
    assert not asks("https://" * 600)


def test_a_question_is_found_however_long_the_word_before_it() -> None:
    assert asks("x" * 3000 + " may we?")
    assert asks("please\nadvise")
    assert not asks("who@where.example?yes=1 and https://a.example/?q=1")
