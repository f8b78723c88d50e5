"""Posts in a channel, a chat that loses answers, and crashes: every card stands there once, in its order, whatever happens."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from committee import posts
from committee.cards import EventCard
from committee.letters import Letter, LetterKind
from committee.posts import MOVES, OPEN, Post, PostState

NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)
S = PostState
CHANNEL = "C01DESK"
MOST = 6


def card(nth: int = 1, *, thread: str = "") -> EventCard:
    about = f"S-2012-{nth:04}"
    return EventCard(
        f"submission-arrived/{about}", "submission-arrived", NOW, about, f"{about}: a matrix", "", {}, thread=thread
    )


def post(state: PostState = S.QUEUED) -> Post:
    queued = posts.post_of(card(), CHANNEL, NOW)
    return {
        S.QUEUED: queued,
        S.POSTING: posts.begun(queued, "t", NOW),
        S.POSTED: posts.posted(posts.begun(queued, "t", NOW), "1.1", "", NOW),
        S.LATER: posts.put_off(posts.begun(queued, "t", NOW), "away", NOW),
        S.UNCERTAIN: posts.in_doubt(posts.begun(queued, "t", NOW), "no answer", NOW),
        S.GIVEN_UP: posts.begun(queued, "t", NOW).moved(S.GIVEN_UP, NOW, why="invalid_blocks"),
    }[state]


@given(state=st.sampled_from(S), to=st.sampled_from(S))
def test_a_post_moves_as_the_table_says_and_no_other_way(state: PostState, to: PostState) -> None:
    if to in MOVES[state]:
        assert post(state).moved(to, NOW).state is to
    else:
        with pytest.raises(ValueError, match="cannot go"):
            post(state).moved(to, NOW)


@given(state=st.sampled_from(S))
def test_a_post_waits_in_its_channel_exactly_while_it_is_open(state: PostState) -> None:
    assert post(state).queue == (CHANNEL if state in OPEN else "")
    assert bool(post(state).token) == (state is S.POSTING)


def test_the_same_card_in_the_same_channel_is_the_same_post() -> None:
    later = NOW + timedelta(days=1)
    assert posts.post_of(card(), CHANNEL, NOW).key == posts.post_of(card(), CHANNEL, later).key
    assert posts.post_of(card(), CHANNEL, NOW).key != posts.post_of(card(), "C02OTHER", NOW).key
    assert posts.update_of(post(), 1, NOW).key != post().key


@given(tries=st.integers(1, 100), seconds=st.none() | st.integers(0, 7200))
def test_waits_grow_to_five_minutes_and_chats_own_are_never_shortened(tries: int, seconds: int | None) -> None:
    after = None if seconds is None else timedelta(seconds=seconds)
    waits = posts.wait(tries, after)
    assert waits >= posts.FIRST_WAIT
    assert after is None or waits >= after
    assert posts.wait(tries + 1, after) >= waits
    assert posts.wait(tries) <= posts.LONGEST_WAIT


def test_what_stands_there_perhaps_is_looked_up_and_a_change_of_it_is_repeated() -> None:
    assert post(S.UNCERTAIN).is_looked_up
    update = posts.in_doubt(posts.begun(posts.update_of(post(S.POSTED), 1, NOW), "t", NOW), "no answer", NOW)
    assert not update.is_looked_up


def letter(key: str, kind: LetterKind, **facts: str) -> Letter:
    common = {"party": "MWI", "language": "en", "reference": "L-2012-0001", "release": "R-2012-0001", "template": "t"}
    return Letter(
        key=key, kind=kind, rungs=(key,), words={}, addressees=(), message_id="<a@b>", queued_at=NOW, by="ada",
        **{**common, **facts},
    )  # fmt: skip


def test_a_thread_is_a_submission_or_the_run_of_a_letter() -> None:
    assert posts.concerns(card(7)) == "S-2012-0007"
    assert posts.concerns(card(7, thread="S-2012-0003")) == "S-2012-0003"
    receipt = letter("receipt/S-2012-0007", LetterKind.RECEIPT, conversation="S-2012-0007")
    assert posts.run_of(receipt) == "S-2012-0007"
    assert posts.run_of(letter("closure-notice/2012-10-01/MWI", LetterKind.CLOSURE_NOTICE)) == "R-2012-0001"
    reminders = [f"first-report/{state}/programme-11/2{again}" for state in ("MWI", "ZMB") for again in ("", "/again")]
    runs = {posts.run_of(letter(key, LetterKind.FIRST_REPORT_REMINDER)) for key in reminders}
    assert runs == {"first-report/programme-11/2"}


@dataclass(slots=True)
class Chat:
    """What stands in the channel: keys in their order, each by its ts."""

    messages: list[tuple[str, str]] = field(default_factory=list)

    def takes(self, key: str) -> str:
        ts = f"{len(self.messages) + 1}.0"
        self.messages.append((key, ts))
        return ts

    def finds(self, key: str) -> str | None:
        return next((ts for one, ts in self.messages if one == key), None)


class Channel(RuleBasedStateMachine):
    """As the flow does it over a store: one leader at a time, every change one commit, `posting` before the call."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.chat, self.rows, self.added = NOW, Chat(), dict[str, Post](), 0
        self.in_hand: str | None = None  # what this life is posting
        self.ts = ""  # chat has taken it, and the answer is on its way

    @rule()
    def something_happens(self) -> None:
        if self.added < MOST:
            self.added += 1
            new = posts.post_of(card(self.added), CHANNEL, self.now)
            self.rows[new.key] = new

    @rule()
    def goes_on(self) -> None:
        """One step of the loop, with whatever is first in the channel."""
        head = self._head()
        if head is None:
            return
        if head.state is S.POSTING and self.in_hand is None:  # its life has ended: this is the next one
            self._put(head, posts.in_doubt(head, "the desk ended", self.now, at_once=True))
        elif head.state is S.POSTING:
            self.ts = self.ts or self.chat.takes(head.key)
        elif head.may_go(self.now):
            self._begins(head)

    def _begins(self, head: Post) -> None:
        if head.is_looked_up and (ts := self.chat.finds(head.key)):
            self._put(head, posts.posted(head, ts, "", self.now))
        else:
            self._put(head, posts.begun(head, "mine", self.now))
            self.in_hand = head.key

    @rule()
    def the_answer_is_recorded(self) -> None:
        if self.in_hand and self.ts:
            head = self.rows[self.in_hand]
            self._put(head, posts.posted(head, self.ts, "", self.now))
            self.in_hand, self.ts = None, ""

    @rule(seconds=st.none() | st.integers(1, 900))
    def chat_takes_nothing(self, seconds: int | None) -> None:
        if self.in_hand and not self.ts:
            head = self.rows[self.in_hand]
            after = None if seconds is None else timedelta(seconds=seconds)
            self._put(head, posts.put_off(head, "ratelimited", self.now, after))
            self.in_hand = None

    @rule(taken=st.booleans())
    def no_answer_comes(self, taken: bool) -> None:
        if self.in_hand:
            head = self.rows[self.in_hand]
            if taken and not self.ts:
                self.chat.takes(head.key)
            self._put(head, posts.in_doubt(head, "no answer", self.now))
            self.in_hand, self.ts = None, ""

    @rule()
    def it_cannot_be_looked_up(self) -> None:
        head = self._head()
        if head and head.is_looked_up and head.may_go(self.now):
            self._put(head, posts.in_doubt(head, "internal_error", self.now))

    @rule()
    def is_killed(self) -> None:
        self.in_hand, self.ts = None, ""

    @rule()
    def is_restored(self) -> None:
        """From a backup of this moment: nobody knows what left since."""
        self.is_killed()
        for row in self.rows.values():
            if row.state in {S.QUEUED, S.LATER, S.POSTING}:
                self._put(row, row.moved(S.UNCERTAIN, self.now))

    @rule(seconds=st.integers(1, 600))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def nothing_stands_there_twice(self) -> None:
        keys = [key for key, _ in self.chat.messages]
        assert len(keys) == len(set(keys))

    @invariant()
    def all_stands_there_in_its_order(self) -> None:
        order = list(self.rows)
        assert [key for key, _ in self.chat.messages] == order[: len(self.chat.messages)]

    @invariant()
    def the_ledger_knows_by_which_ts(self) -> None:
        for row in self.rows.values():
            if row.state is S.POSTED:
                assert row.ts == row.root == self.chat.finds(row.key)

    def teardown(self) -> None:
        """Chat is well again: all that happened comes to stand there."""
        for _ in range(6 * MOST):
            self.now += timedelta(hours=1)
            self.goes_on()
            self.the_answer_is_recorded()
        assert [key for key, _ in self.chat.messages] == list(self.rows)
        assert {row.state for row in self.rows.values()} <= {S.POSTED}

    def _head(self) -> Post | None:
        return next((row for row in self.rows.values() if row.queue), None)

    def _put(self, before: Post, after: Post) -> None:
        assert after.state is before.state or after.state in MOVES[before.state]
        self.rows[before.key] = after


TestChannel = Channel.TestCase
TestChannel.settings = hypothesis.settings(
    deadline=None, stateful_step_count=40, max_examples=hypothesis.settings().max_examples
)
