"""The subject of an answer has "Re:" once, in whatever way the other's mail program had put it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.reply_subjects import about


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("First report", "First report"),
        ("Re: First report", "First report"),
        ("RE: FW: Re[2]: First report", "First report"),
        ("RÉF : Premier rapport", "Premier rapport"),
        ("Ответ: Первый доклад", "Первый доклад"),
        ("رد: التقرير الأول", "التقرير الأول"),
        ("答复：首次报告", "首次报告"),
        ("Report: annex 2", "Report: annex 2"),
        ("Re: Re:", ""),
        ("", ""),
    ],
)
def test_what_a_subject_is_about(subject: str, said: str) -> None:
    assert about(subject) == said


@given(st.text(), st.integers(0, 5))
def test_more_marks_of_answers_change_nothing(subject: str, times: int) -> None:
    assert about("Re: " * times + subject) == about(subject)


def test_a_subject_of_nothing_but_marks_is_read_at_once() -> None:
    assert about("re:" * 4_000 + "x") == "x"
    assert about("re [" * 4_000) == ("re [" * 4_000).strip()
