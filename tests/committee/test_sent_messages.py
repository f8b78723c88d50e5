"""What a letter owes to the record: every message that left is kept or named as not kept, and looked at once."""

from hypothesis import given
from hypothesis import strategies as st

from committee.letters import Record
from committee.sent_messages import Left, Packed, SentMessage, record_of, with_message

HASHES = st.sampled_from(["a", "b", "c", "d"])
PACKED = st.builds(Packed, HASHES, st.just(""))
LEFT = st.builds(Left, st.lists(HASHES, unique=True).map(tuple), st.booleans(), st.booleans())
ROWS = st.lists(st.tuples(LEFT, st.none() | PACKED))


def after(steps: list[tuple[Left, Packed | None]]) -> SentMessage:
    row = SentMessage("receipt/S-2012-0001", "template", ())
    for left, composed in steps:
        row = with_message(row, left, composed)
    return row


@given(ROWS, LEFT, PACKED)
def test_what_left_is_kept_or_named_and_nothing_is_kept_that_is_on_record_otherwise(
    steps: list[tuple[Left, Packed | None]], left: Left, composed: Packed
) -> None:
    before, row = after(steps), with_message(after(steps), left, composed)
    assert all(map(row.knows, left.hashes))
    assert not left.asks_for(row)
    assert set(row.messages) >= set(before.messages)
    assert {one.sha256 for one in row.messages}.isdisjoint(row.not_kept)
    assert with_message(row, left, composed) == row
    if left.hashes:
        assert set(row.messages) - set(before.messages) <= {composed}
        assert composed.sha256 in {*left.hashes, *before.not_kept} or row.messages == before.messages


@given(ROWS, LEFT)
def test_it_stays_owed_while_more_may_come_and_is_settled_else(
    steps: list[tuple[Left, Packed | None]], left: Left
) -> None:
    row = after([*steps, (left, Packed("a", ""))])
    record = record_of(row, left)
    assert (record is Record.OWED) is left.under_way
    if record is Record.KEPT:
        assert all(row.message(sha256) for sha256 in left.hashes)
    if record is Record.NOTHING:
        assert left.hashes == ()


@given(LEFT)
def test_nothing_is_asked_for_where_nothing_left(left: Left) -> None:
    row = after([])
    assert left.asks_for(row) is (bool(left.hashes) or left.uncertain)
