"""Whoever has a claim has it alone, for as long as its lease; what a server took is recorded whoever has it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from committee import claims
from committee.letters import MOVES, Copy, Delivery, DeliveryState, LetterKind

NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)
D = DeliveryState
QUEUED = Delivery("a#1", "a", LetterKind.RECEIPT, "MWI", "a", "pm@mwi.example", D.QUEUED, NOW, 0)
COPY = Copy(NOW, "250 OK", "mx.example:25", "TLSv1.3 AES", "0" * 64)


def claimed(token: str = "mine", clock: datetime = NOW) -> Delivery:
    return claims.claimed(QUEUED, token, now=NOW, clock=clock)


def test_a_claim_becomes_sending_once_and_for_its_own_token() -> None:
    sending = claims.sending(claimed(), "mine", now=NOW, clock=NOW)
    assert sending
    assert (sending.state, sending.lease) == (D.SENDING, NOW + claims.SENDING_LEASE)
    assert claims.sending(claimed(), "another's", now=NOW, clock=NOW) is None
    assert claims.sending(sending, "mine", now=NOW, clock=NOW) is None


@given(seconds=st.integers(-7200, 90_000))
def test_a_claim_holds_to_the_end_of_its_lease_by_the_stores_clock_and_no_longer(seconds: int) -> None:
    clock = NOW + timedelta(seconds=seconds)
    holds = claims.sending(claimed(), "mine", now=NOW, clock=clock) is not None
    assert holds == (clock < NOW + claims.CLAIM_LEASE)
    assert holds != claims.is_lost(claimed(), clock, alone=False)


def test_what_was_given_back_is_as_if_nobody_had_taken_it() -> None:
    assert claims.given_back(claimed(), "mine", NOW) == QUEUED
    assert claims.given_back(claimed(), "another's", NOW) is None


def test_an_answer_that_comes_too_late_changes_nothing_unless_it_says_that_it_was_taken() -> None:
    others = claimed("theirs")
    assert claims.answered(others, "mine", D.LATER, NOW, reply="450 later") == others
    taken = claims.accepted(others, "mine", COPY, NOW)
    assert (taken.state, taken.copies) == (D.SENT, (COPY,))


def test_where_two_have_sent_it_both_copies_are_on_record() -> None:
    theirs = claims.sending(claimed("theirs"), "theirs", now=NOW, clock=NOW)
    assert theirs
    late = claims.accepted(theirs, "mine", COPY, NOW)
    assert late.state is D.SENDING
    both = claims.accepted(late, "theirs", COPY, NOW)
    assert (both.state, len(both.copies)) == (D.SENT, 2)


def test_a_second_copy_that_is_put_off_is_not_tried_again_where_the_first_was_taken_after_all() -> None:
    theirs = claims.sending(claimed("theirs"), "theirs", now=NOW, clock=NOW)
    assert theirs
    late = claims.accepted(theirs, "mine", COPY, NOW)
    assert claims.answered(late, "theirs", D.LATER, NOW, reply="450 later").state is D.SENT


@given(state=st.sampled_from(D), token=st.sampled_from(["", "mine", "theirs"]))
def test_an_acceptance_is_recorded_in_every_state_by_a_move_of_the_table(state: DeliveryState, token: str) -> None:
    before = Delivery("a#1", "a", LetterKind.RECEIPT, "MWI", "a", "pm@mwi.example", state, NOW, 0, token=token)
    after = claims.accepted(before, "mine", COPY, NOW)
    assert after.copies == (COPY,)
    assert after.state is state or after.state in MOVES[state]


def test_who_works_alone_knows_that_what_is_in_flight_belongs_to_the_dead() -> None:
    assert claims.is_lost(claimed(), NOW, alone=True)
    assert not claims.is_lost(QUEUED, NOW, alone=True)
