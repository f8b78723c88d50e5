"""A mail of one word asks the desk itself; anything longer is a letter, and somebody reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.nothing_new import says_nothing_new
from committee.promises import own_lines
from committee.questions import LONGEST, Question, question_of


@pytest.mark.parametrize(
    ("subject", "words", "asked"),
    [
        ("help", "", Question.HELP),
        ("Re: Status?", "", Question.STATUS),
        ("A question", "Help!\n\nA. Person\nMinistry", Question.HELP),
        ("Question", "« État »", Question.STATUS),
        ("RE: RE : aide", "Merci.", Question.HELP),
        ("Вопрос", "Помощь", Question.HELP),
        ("", "status", Question.STATUS),
        ("", "状态", Question.STATUS),
        ("", "الحالة", Question.STATUS),
        ("", "estado", Question.STATUS),
    ],
)
def test_one_word_is_understood_in_each_language(subject: str, words: str, asked: Question) -> None:
    assert question_of(subject, words, encloses=False) is asked
    assert question_of(subject, words, encloses=True) is None


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Help with our report", "We would like the help of an expert."),
        ("Status of the report of Malawi", "The report is with the cabinet."),
        ("First report", "Please help us.\nhelp"),
        ("", ""),
        ("status", "x" * (LONGEST + 1)),
        ("help", "Could you help us prepare the report? We need a template."),
        ("Help", "The Ministry requests legislative assistance. Please contact Mr. Banda."),
        ("Status", "Our contact point has changed: please write to Ms. Phiri in the Ministry."),
        ("Re: status", "The report will be sent in October."),
        ("help", "Help\n\nWe need a template."),
        ("status", "In preparation until 15 December 2012"),
    ],
)
def test_a_letter_is_no_question(subject: str, words: str) -> None:
    assert question_of(subject, words, encloses=False) is None


@given(subject=st.text(max_size=80), words=st.text(max_size=400), encloses=st.booleans())
def test_whatever_is_written_has_an_answer(subject: str, words: str, *, encloses: bool) -> None:
    assert question_of(subject, words, encloses=encloses) in {None, *Question}
    assert says_nothing_new(own_lines(words)) in {True, False}


@pytest.mark.parametrize(
    "words",
    [
        "Nothing new to report.",
        "Dear colleagues,\nthere is nothing new.\nRegards",
        "We have no new information to provide at this time.",
        "No changes.",
        "Rien de nouveau.",
        "Nous n’avons rien à signaler.",
        "Il n’y a aucun changement.",
        "Aucune information nouvelle.",
        "The Permanent Mission of Brazil informs the Committee that it has nothing new to report.",
        "La Mission permanente n'a rien de nouveau à signaler.",
    ],
)
def test_nothing_new_is_understood(words: str) -> None:
    assert says_nothing_new(own_lines(words))


@pytest.mark.parametrize(
    "words",
    [
        "> Nothing new",
        "A new law has been adopted.",
        "It is nothing newer than the law of 2004.",
        "The annex has nothing to do with it.",
        "We report that changes were made.",
    ],
)
def test_other_sentences_are_not_nothing_new(words: str) -> None:
    assert not says_nothing_new(own_lines(words))
