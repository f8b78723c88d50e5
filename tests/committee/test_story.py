"""A story is in order: as it was committed, whatever the clock said; what no entry stands behind, by its moment."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from committee.audit import Change, Entry
from committee.story import Known, Line, in_order
from committee.telling import tell

NOON = datetime(2012, 9, 4, 12, tzinfo=UTC)
MOMENTS = st.integers(0, 9).map(lambda hours: NOON + timedelta(hours=hours))
LINES = st.lists(st.tuples(MOMENTS, st.none() | st.integers(1, 9)), max_size=12)


def line(at: datetime, seq: int | None, said: str = "") -> Line:
    return Line(at, "x", "y", "z", said, seq)


@given(LINES)
def test_nothing_is_lost_and_every_line_keeps_its_place(facts: list[tuple[datetime, int | None]]) -> None:
    lines = [line(at, seq, str(place)) for place, (at, seq) in enumerate(facts)]
    story = in_order(lines)
    assert sorted(one.said for one in story) == sorted(one.said for one in lines)
    committed = [(one.seq, int(one.said)) for one in story if one.seq is not None]
    assert committed == sorted(committed)
    others = [(one.at, int(one.said)) for one in story if one.seq is None]
    assert others == sorted(others)


@given(LINES)
def test_what_no_entry_stands_behind_comes_before_the_first_commit_that_is_later(
    facts: list[tuple[datetime, int | None]],
) -> None:
    story = in_order([line(at, seq) for at, seq in facts])
    for place, one in enumerate(story):
        if one.seq is None:
            assert all(before.at <= one.at for before in story[:place] if before.seq is None)
            after = [later for later in story[place + 1 :] if later.seq is not None]
            assert not after or after[0].at > one.at


@given(st.lists(st.sampled_from(["delivery sent", "mail received", "submission accept", "anything"]), max_size=5))
def test_every_entry_has_a_sentence_also_where_nothing_else_is_known(doings: list[str]) -> None:
    entries = [
        Entry(seq, NOON, "x", doing, "a key", (Change("deliveries", "k#1", "d"), Change("mail", "M", None)))
        for seq, doing in enumerate(doings, 1)
    ]
    assert [one.seq for one in tell(entries, Known())] == [*range(1, len(doings) + 1)]
    assert all(one.said for one in tell(entries, Known()))
