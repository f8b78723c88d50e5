"""The day on which somebody is back: read where it is certain, and not guessed where it is not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.away import back_on

TODAY = date(2012, 9, 4)


@pytest.mark.parametrize(
    "said",
    [
        "I am away and will be back on 14 September.", "I will return to the office on Friday, 14 September 2012.",
        "I'll be back in the office on September 14th.", "Returning on 2012-09-14",
        "Je suis absent et serai de retour le 14 septembre 2012.", "de retour au bureau le vendredi 14 septembre",
        "Estaré de regreso el 14 de septiembre.", "Vuelvo a la oficina el viernes 14 de septiembre de 2012",
        "Я вернусь 14 сентября 2012 года.", "سأعود في 14 سبتمبر 2012", "سأعود إلى العمل يوم 14 سبتمبر",
        "我将于2012年9月14日返回办公室。", "我9月14日回来", "Back on 14 September; as said, I return on 14 September.",
    ],
)  # fmt: skip
def test_the_plain_forms_of_six_languages_name_the_day(said: str) -> None:
    assert back_on(said, TODAY) == date(2012, 9, 14)


@pytest.mark.parametrize(
    "said",
    [
        "Away until Monday.", "I am away until 14 September.", "Back on 9/14/2012", "Back on 31 November",
        "I was back on 3 September 2012.", "Back on 14 September 2019", "Back on 14 September or back on 17 September.",
        "Our meeting is on 14 September.", "Absent du 3 au 14 septembre", "de retour vers le 14 septembre",
        "back on or after 14 September", "", "Back on 99 September 0000",
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_guessed(said: str) -> None:
    assert back_on(said, TODAY) is None


def test_a_day_without_a_year_is_the_next_such_day() -> None:
    assert back_on("back on 3 January", date(2012, 12, 20)) == date(2013, 1, 3)


@given(st.text(max_size=200))
def test_whatever_is_written_is_a_day_ahead_or_none(said: str) -> None:
    for words in (said, f"back on {said}", f"1月{said}日返回"):
        day = back_on(words, TODAY)
        assert day is None or day >= TODAY
