"""Two senders, a clock that jumps, crashes, stops and hands: no copy is lost, and none leaves more often than its mishaps allow."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from committee import claims
from committee.letters import MOVES, RULES, WAITING, Copy, Delivery, DeliveryState, LetterKind
from committee.retries import next_try

NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)
D = DeliveryState
KINDS = {"receipt": LetterKind.RECEIPT, "letter": LetterKind.CLARIFICATION, "bulk": LetterKind.FIRST_REPORT_REMINDER}
KEYS = tuple(KINDS)
NOT_BEGUN = {D.QUEUED, D.CLAIMED, D.LATER}
ENDED = {D.SENT, D.BOUNCED, D.REFUSED, D.EXPIRED, D.WITHDRAWN}
JUMPS = st.sampled_from([timedelta(hours=-1), timedelta(minutes=6), timedelta(minutes=21), timedelta(days=1)])
WORKERS, ANY_KEY, STEPS = st.integers(0, 1), st.sampled_from(KEYS), st.integers(1, 3)


@dataclass(slots=True)
class InHand:
    """What a sender has of one delivery: its claim, whether the text went out, and whether a server took it."""

    token: str
    sending: bool = False
    taken: Copy | None = None


@dataclass(slots=True)
class Told:
    """What truly happened to a delivery, whatever the ledger says."""

    texts: int = 0  # how often its text went out
    accepted: int = 0
    mishaps: int = 0  # crashes with it in sending, sending leases that ran out, answers that were none or a later
    laters: int = 0  # those of them that a server has asked for
    forgotten: int = 0  # acceptances whose sender died before it could record them
    by_hand: int = 0  # a person let it go again


@dataclass(slots=True)
class World:
    rows: dict[str, Delivery]
    told: dict[str, Told]
    hands: tuple[dict[str, InHand], dict[str, InHand]] = field(default_factory=lambda: ({}, {}))
    tokens: int = 0


def _queued(key: str) -> Delivery:
    kind = KINDS[key]
    return Delivery(f"{key}#1", key, kind, "MWI", key, "pm@mwi.example", D.QUEUED, NOW, RULES[kind].priority)


class Outbox(RuleBasedStateMachine):
    """As the flows do it over a store: every change is one commit on the row as it is then."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.clock = NOW
        self.stopped, self.alone = False, False
        self.world = World({key: _queued(key) for key in KEYS}, {key: Told() for key in KEYS})

    @initialize(alone=st.booleans())
    def one_works_alone_or_two_beside_each_other(self, alone: bool) -> None:
        self.alone = alone

    # Senders.

    @rule(key=ANY_KEY, steps=STEPS)
    def the_first_goes_on(self, key: str, steps: int) -> None:
        self._goes_on(0, key, steps)

    @rule(key=ANY_KEY, steps=STEPS)
    def the_second_goes_on(self, key: str, steps: int) -> None:
        self._goes_on(1, key, steps)

    @rule(steps=STEPS)
    def both_go_on(self, steps: int) -> None:
        for key in KEYS:
            self._goes_on(0, key, steps)
            self._goes_on(1, key, steps)

    def _goes_on(self, worker: int, key: str, steps: int) -> None:
        """From nothing to claimed, sending, taken by a server, and recorded; where all is over, another letter comes."""
        if self.world.rows[key].state in ENDED and not any(key in hand for hand in self.world.hands):
            self.world.rows[key], self.world.told[key] = _queued(key), Told()
        for _ in range(steps):
            one = self._hand(worker).get(key)
            if one is None:
                self._claims_it(worker, key)
            elif not one.sending:
                self._begins(worker, key)
            elif one.taken is None:
                self._is_taken(worker, key)
            else:
                self._records_that_it_was_taken(worker, key)

    def _claims_it(self, worker: int, key: str) -> None:
        row = self.world.rows[key]
        due = row.due <= self.now.timestamp()
        if row.state in WAITING and due and not self.stopped and key not in self._hand(worker):
            self.world.tokens += 1
            token = f"{worker}/{self.world.tokens}"
            self._put(key, claims.claimed(row, token, now=self.now, clock=self.clock))
            self._hand(worker)[key] = InHand(token)

    def _begins(self, worker: int, key: str) -> None:
        one, row = self._hand(worker).get(key), self.world.rows[key]
        if one is None or one.sending:
            return
        if self.stopped:
            self._give_back(worker, key)
        elif sending := claims.sending(row, one.token, now=self.now, clock=self.clock):
            assert row.lease
            assert self.clock < row.lease
            self._put(key, sending, one.token)
            one.sending = True
            self.world.told[key].texts += 1
        else:
            del self._hand(worker)[key]

    @rule(worker=WORKERS, key=ANY_KEY)
    def gives_it_back(self, worker: int, key: str) -> None:
        one = self._hand(worker).get(key)
        if one and not one.sending:
            self._give_back(worker, key)

    def _is_taken(self, worker: int, key: str) -> None:
        """A server has it; the answer is on its way, or waits to be recorded."""
        one = self._hand(worker).get(key)
        if one and one.sending and one.taken is None:
            self.world.told[key].accepted += 1
            one.taken = Copy(self.now, f"250 taken as {one.token}", "mx.example:25", "", "0" * 64)

    def _records_that_it_was_taken(self, worker: int, key: str) -> None:
        one = self._hand(worker).get(key)
        if one and one.taken:
            self._put(key, claims.accepted(self.world.rows[key], one.token, one.taken, self.now))
            del self._hand(worker)[key]

    @rule(worker=WORKERS, key=ANY_KEY, state=st.sampled_from([D.LATER, D.REFUSED, D.UNCERTAIN]))
    def is_answered_otherwise(self, worker: int, key: str, state: DeliveryState) -> None:
        one, row = self._hand(worker).get(key), self.world.rows[key]
        if one and one.sending and one.taken is None:
            after = claims.answered(row, one.token, state, self.now, reply="said")
            if after is not row:
                self.world.told[key].mishaps += 1
                self.world.told[key].laters += state is D.LATER
                after = after.waiting_until(next_try(self.now, after.tries) if state is D.LATER else None)
            self._put(key, after, one.token)
            del self._hand(worker)[key]

    @rule(worker=WORKERS)
    def crashes(self, worker: int) -> None:
        for key, one in self._hand(worker).items():
            self.world.told[key].mishaps += one.sending and self.world.rows[key].token == one.token
            self.world.told[key].forgotten += one.taken is not None
        self._hand(worker).clear()

    @rule(worker=WORKERS)
    def puts_right_what_nobody_has_any_more(self, worker: int) -> None:
        """Whoever works alone does so when nothing of its own is under way."""
        if self.alone and self._hand(worker):
            return
        for key, row in self.world.rows.items():
            if claims.is_lost(row, self.clock, alone=self.alone):
                self._recover(key, row)
        for key, row in self.world.rows.items():
            if row.state is D.UNCERTAIN and RULES[row.kind].again_after_crash and not row.by_hand:
                wait = next_try(self.now, row.tries) if row.tries > 1 else None
                self._put(key, row.moved(D.QUEUED, self.now, next_try=wait))

    @rule(worker=WORKERS, key=ANY_KEY, steps=st.integers(0, 4))
    def takes_over_what_the_other_has(self, worker: int, key: str, steps: int) -> None:
        """Its leases have run out, whether or not it lives."""
        self.clock += claims.SENDING_LEASE
        self.puts_right_what_nobody_has_any_more(worker)
        self._goes_on(worker, key, steps)

    @rule(
        key=ANY_KEY, before=STEPS, meanwhile=STEPS, then=st.sampled_from(["goes on", "gives it back", "was deferred"])
    )
    def sleeps_past_its_lease_and_wakes(self, key: str, before: int, meanwhile: int, then: str) -> None:
        """What the first had begun, the second has taken over, and has come so far with it."""
        self._goes_on(0, key, before)
        self.takes_over_what_the_other_has(1, key, meanwhile)
        if then == "goes on":
            self._goes_on(0, key, 1)
        elif then == "gives it back":
            self.gives_it_back(0, key)
        else:
            self.is_answered_otherwise(0, key, D.LATER)

    # People, and time.

    @rule(key=ANY_KEY)
    def a_person_holds_it(self, key: str) -> None:
        if self.world.rows[key].state in NOT_BEGUN:
            self._put(key, self.world.rows[key].moved(D.HELD, self.now))

    @rule(key=ANY_KEY)
    def a_person_lets_it_go(self, key: str) -> None:
        row = self.world.rows[key]
        if row.state in {D.HELD, D.UNCERTAIN, D.EXPIRED}:
            self.world.told[key].by_hand += row.state is not D.HELD
            self._put(key, row.moved(D.QUEUED, self.now, next_try=None, first_try=None))

    @rule(key=ANY_KEY, how=st.sampled_from([D.WITHDRAWN, D.EXPIRED, D.BOUNCED]), really=st.integers(0, 5))
    def it_ends_otherwise(self, key: str, how: DeliveryState, really: int) -> None:
        """A person withdraws it, its last useful moment passes, or it bounces: seldom, for little can become of it then."""
        row = self.world.rows[key]
        states = {D.WITHDRAWN: {*NOT_BEGUN, D.HELD, D.UNCERTAIN}, D.EXPIRED: WAITING, D.BOUNCED: {*D}}[how]
        may = how is not D.BOUNCED or (self.world.told[key].accepted and how in MOVES[row.state])
        if really == 0 and may and row.state in states:
            self._put(key, row.moved(how, self.now))

    @rule(really=st.integers(0, 3))
    def stop(self, really: int) -> None:
        self.stopped = self.stopped or really == 0

    @precondition(lambda self: self.stopped)
    @rule()
    def resume(self) -> None:
        self.stopped = False

    @rule(by=JUMPS)
    def the_stores_clock_jumps(self, by: timedelta) -> None:
        self.clock += by

    @rule(minutes=st.integers(1, 600))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.clock += timedelta(minutes=minutes)

    # What always holds.

    @invariant()
    def no_text_goes_out_more_often_than_mishaps_and_people_allow(self) -> None:
        for key, told in self.world.told.items():
            assert told.texts <= 1 + told.mishaps + told.by_hand, key

    @invariant()
    def what_a_person_wrote_goes_again_after_a_doubt_by_a_person_alone(self) -> None:
        told = self.world.told["letter"]
        assert told.texts <= 1 + told.laters + told.by_hand

    @invariant()
    def the_ledger_says_what_happened(self) -> None:
        for key, row in self.world.rows.items():
            told, unrecorded = (
                self.world.told[key],
                sum(bool(hand.get(key) and hand[key].taken) for hand in self.world.hands),
            )
            assert len(row.copies) == told.accepted - unrecorded - told.forgotten
            assert len({copy.reply for copy in row.copies}) == len(row.copies)
            if row.state is D.SENT:
                assert row.copies

    @invariant()
    def only_one_claim_holds(self) -> None:
        for key, row in self.world.rows.items():
            assert bool(row.token) == (row.state in claims.IN_FLIGHT)
            mine = [one.token for hand in self.world.hands if (one := hand.get(key)) and one.token == row.token]
            assert len(mine) <= 1

    def teardown(self) -> None:
        """Both die, nothing is stopped or held any longer, and one goes on: whatever can still go, goes."""
        for worker in (0, 1):
            self.crashes(worker)
        self.resume()
        before = {key: told.texts for key, told in self.world.told.items()}
        for _ in range(2):
            self.clock = max(self.clock, self.now) + timedelta(days=2)
            self.now += timedelta(hours=5)
            self.puts_right_what_nobody_has_any_more(0)
            self.now += timedelta(hours=5)
            for key, row in self.world.rows.items():
                if row.state in {D.HELD, D.UNCERTAIN}:
                    self.a_person_lets_it_go(key)
                for step in (self._claims_it, self._begins, self._is_taken, self._records_that_it_was_taken):
                    step(0, key)
        for key, row in self.world.rows.items():
            assert row.state in ENDED, f"{key} is {row.state}"
            assert self.world.told[key].texts <= before[key] + 1
        self.no_text_goes_out_more_often_than_mishaps_and_people_allow()
        self.the_ledger_says_what_happened()

    # How.

    def _hand(self, worker: int) -> dict[str, InHand]:
        return self.world.hands[0 if self.alone else worker]

    def _give_back(self, worker: int, key: str) -> None:
        one = self._hand(worker).pop(key)
        if back := claims.given_back(self.world.rows[key], one.token, self.now):
            self._put(key, back, one.token)

    def _recover(self, key: str, row: Delivery) -> None:
        assert self.alone or (row.lease and row.lease <= self.clock)
        if row.state is D.CLAIMED:
            back = claims.given_back(row, row.token, self.now)
            assert back
            self._put(key, back)
            return
        held = Counter(one.token for hand in self.world.hands for one in hand.values() if one.sending)
        self.world.told[key].mishaps += held[row.token]  # its sender lives, and thinks that it has it
        self._put(key, row.moved(D.UNCERTAIN, self.now, reply="not heard of"))

    def _put(self, key: str, after: Delivery, token: str | None = None) -> None:
        """By a move of the table; and a sender moves what is its own, or proves that a server took it."""
        before = self.world.rows[key]
        assert token is None or after is before or before.token == token
        assert after.state is before.state or after.state in MOVES[before.state], f"{before.state} to {after.state}"
        self.world.rows[key] = after


TestOutbox = Outbox.TestCase
TestOutbox.settings = hypothesis.settings(
    deadline=None, stateful_step_count=50, max_examples=2 * hypothesis.settings().max_examples
)
