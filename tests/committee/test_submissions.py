"""What may be decided about a submission, and when."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.errors import Refused
from committee.letters import Enclosure
from committee.submissions import MOVES, SAID, Decision, Kind, Submission, SubmissionState

NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)
S = SubmissionState


def submission(state: SubmissionState = S.WAITING) -> Submission:
    return Submission("S-2012-0001", Kind.FIRST_REPORT, "MWI", state, NOW, mails=("M-2012-0001",))


def test_the_second_officer_is_told_who_was_first() -> None:
    accepted = submission().decide(Decision("Ana", NOW, "accept"), S.ACCEPTED)
    with pytest.raises(Refused, match=r"S-2012-0001 is accepted \(accept by Ana, .*reopen it first"):
        accepted.decide(Decision("Ben", NOW, "accept"), S.ACCEPTED)


@given(state=st.sampled_from(S), what=st.sampled_from(sorted(MOVES)))
def test_each_decision_is_open_in_its_states_only(state: SubmissionState, what: str) -> None:
    if state in MOVES[what]:
        assert submission(state).decide(Decision("Ana", NOW, what), S.ACCEPTED).decisions
    else:
        with pytest.raises(Refused):
            submission(state).decide(Decision("Ana", NOW, what), S.ACCEPTED)


def test_an_answer_brings_it_back_to_waiting_and_adds_only_new_enclosures() -> None:
    report, annex = (Enclosure(name, "application/pdf", 3, name * 8) for name in ("report", "annex"))
    asked = submission(S.CLARIFYING).with_mail("M-2012-0002", (report,))
    answered = asked.with_mail("M-2012-0003", (report, annex))
    assert asked.state is S.WAITING
    assert [file.name for file in answered.files] == ["report", "annex"]
    assert answered.mails == ("M-2012-0001", "M-2012-0002", "M-2012-0003")


def test_every_kind_has_its_words() -> None:
    assert {*SAID} == {*Kind}
