"""How far each copy of a letter has come: the one table of allowed moves."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.letters import (
    MOVES,
    OPEN,
    RULES,
    WAITING,
    Addressee,
    Delivery,
    DeliveryState,
    Letter,
    LetterKind,
    deliveries_of,
    state_of,
)

NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)
D = DeliveryState


def letter(*addressees: Addressee) -> Letter:
    return Letter(
        key="first-report/MWI/programme-11/2", kind=LetterKind.FIRST_REPORT_REMINDER, party="MWI", language="en",
        reference="L-2012-0001", release="R-2012-0001", rungs=("first-report/MWI/programme-11/2",), template="0" * 64,
        words={}, addressees=addressees, message_id="<a@1540.example>", queued_at=NOW, by="officer-1",
    )  # fmt: skip


def delivery(state: DeliveryState) -> Delivery:
    return Delivery("a#1", "a", LetterKind.RECEIPT, "MWI", "a", "pm@mwi.example", state, NOW, 0)


def test_every_kind_has_a_rule_and_every_state_its_moves() -> None:
    assert {*RULES} == {*LetterKind}
    assert {*MOVES} == {*DeliveryState}


def test_each_address_is_one_delivery_however_often_it_stands_in_the_letter() -> None:
    to = Addressee("pm@mwi.example", "Mission")
    copies = deliveries_of(letter(to, Addressee("ncp@mwi.example", "Contact", copy=True), to))
    assert [copy.address for copy in copies] == ["pm@mwi.example", "ncp@mwi.example"]
    assert len({copy.key for copy in copies}) == 2


@given(path=st.lists(st.sampled_from(DeliveryState), max_size=8))
def test_what_was_sent_is_never_sent_again_and_no_move_outside_the_table_passes(path: list[DeliveryState]) -> None:
    current = delivery(D.QUEUED)
    for state in path:
        if state in MOVES[current.state]:
            current = current.moved(state, NOW)
        else:
            with pytest.raises(ValueError, match="cannot go"):
                current.moved(state, NOW)
    assert MOVES[D.SENT] == {D.BOUNCED}


def test_nothing_is_sent_that_was_not_claimed_before() -> None:
    assert [state for state, moves in MOVES.items() if D.SENDING in moves] == [D.CLAIMED]
    assert {state for state, moves in MOVES.items() if D.CLAIMED in moves} == WAITING


def test_what_left_the_hands_of_its_claim_keeps_no_token() -> None:
    claimed = delivery(D.QUEUED).moved(D.CLAIMED, NOW, token="t", lease=NOW)
    assert claimed.moved(D.SENDING, NOW).token == "t"
    assert (claimed.moved(D.QUEUED, NOW).token, claimed.moved(D.QUEUED, NOW).lease) == ("", None)


@given(seconds=st.floats(0, 4e9, allow_nan=False))
def test_what_waits_until_a_moment_is_not_due_before_it(seconds: float) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    waits = delivery(D.QUEUED).waiting_until(moment)
    assert waits.due >= moment.timestamp() > waits.due - 1.001
    assert waits.waiting_until(None) == delivery(D.QUEUED)


def test_a_party_is_served_when_one_of_its_addresses_has_accepted() -> None:
    assert state_of([delivery(D.REFUSED), delivery(D.SENT)]) is D.SENT
    assert state_of([delivery(D.REFUSED), delivery(D.REFUSED)]) is D.REFUSED


@given(states=st.lists(st.sampled_from(sorted(OPEN)), min_size=1), done=st.lists(st.sampled_from(D), max_size=3))
def test_a_letter_with_an_open_copy_is_never_shown_as_done(
    states: list[DeliveryState], done: list[DeliveryState]
) -> None:
    assert state_of([delivery(state) for state in (*done, *states)]) in OPEN
