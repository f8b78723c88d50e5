"""Posts: what is to stand in one channel of chat, how far it has come, and when it is tried again; never lost, never doubled."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from committee.cards import EventCard
from committee.letters import Letter, LetterKind


@dataclass(frozen=True, slots=True)
class ChatFacts:
    """One document: in which channels the cards stand, and what keeps chat from taking any, in chat's own code."""

    key: str
    channels: tuple[str, ...] = ()
    trouble: str = ""
    since: datetime | None = None  # of the trouble


class PostState(StrEnum):
    QUEUED = "queued"
    POSTING = "posting"  # durable before chat is called
    POSTED = "posted"
    LATER = "later"  # chat did not take it, and certainly has nothing of it
    UNCERTAIN = "uncertain"  # it may stand there: it is looked up before it is repeated
    GIVEN_UP = "given-up"  # chat will never take it as it is, or nobody wants it there any more


S = PostState
MOVES = {
    S.QUEUED: {S.POSTING, S.UNCERTAIN, S.GIVEN_UP},
    S.POSTING: {S.POSTED, S.LATER, S.UNCERTAIN, S.QUEUED, S.GIVEN_UP},
    S.LATER: {S.POSTING, S.UNCERTAIN, S.GIVEN_UP},
    S.UNCERTAIN: {S.POSTED, S.POSTING, S.GIVEN_UP},
    S.POSTED: set(),
    S.GIVEN_UP: set(),
}
"""The one table of allowed moves; from queued and later to uncertain goes a desk that was restored from a backup."""

OPEN = frozenset({S.QUEUED, S.POSTING, S.LATER, S.UNCERTAIN})
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Post:
    """One card in one channel, or (`updates`) a change of one that stands there, or (`second_look`) a look for its double.

    What is drawn is the card as it is when it is posted. `queue` is the channel for as long as the post waits in its turn
    there: a channel's posts go one after the other, in the order in which they were added.
    """

    key: str
    card: str
    channel: str
    place: str  # the channel, and what it concerns: the first post there opens a thread, later ones go into it
    state: PostState
    queued_at: datetime
    since: datetime
    queue: str = ""
    updates: str = ""  # the key of the post that it changes
    ts: str = ""  # by which chat knows the message; of an update the message that it changed
    root: str = ""  # of the message that opens its thread: its own, where it does
    tries: int = 0
    mistakes: int = 0  # of the tries, those that failed by a mistake of ours
    next_try: datetime | None = None
    why: str = ""  # chat's own code of why it waits, or was given up; never anybody's words
    token: str = ""  # of whoever is posting it
    opens: bool = False  # its thread is gone, so it opens another one
    second_look: bool = False  # what it `updates` may stand there twice: all but one is taken away

    def moved(self, state: PostState, at: datetime, **facts: Any) -> "Post":
        """The post in its next state; a move that the table does not allow is a programming error."""
        if state not in MOVES[self.state]:
            raise ValueError(f"{self.key} cannot go from {self.state} to {state}")
        queue = self.channel if state in OPEN else ""
        return replace(self, **{"token": "", "next_try": None, **facts}, state=state, since=at, queue=queue)

    def may_go(self, now: datetime) -> bool:
        """Whether its turn has come, where it is the first in its channel."""
        return self.state in {S.QUEUED, S.LATER, S.UNCERTAIN} and (self.next_try is None or self.next_try <= now)

    @property
    def is_looked_up(self) -> bool:
        """Whether it may stand there already; to change what stands there twice does no harm."""
        return self.state is S.UNCERTAIN and not self.updates


def post_of(card: EventCard, channel: str, at: datetime) -> Post:
    """The card is to stand in `channel`: the same card there again has the same key."""
    place = f"{channel}/{concerns(card)}"
    return Post(f"{card.key}@{channel}", card.key, channel, place, S.QUEUED, at, at, channel)


def update_of(post: Post, nth: int, at: datetime) -> Post:
    """What stands there is to be shown as the card is now."""
    key = f"{post.key}/update/{nth}"
    return Post(key, post.card, post.channel, post.place, S.QUEUED, at, at, post.channel, updates=post.key)


def second_look_at(post: Post, token: str, at: datetime) -> Post:
    """Whoever had `token` posted it, or may have, when another had taken it over: two of it may stand there."""
    key = f"{post.key}/second-look/{token}"
    return Post(
        key, post.card, post.channel, post.place, S.QUEUED, at, at, post.channel, updates=post.key, second_look=True
    )


def begun(post: Post, token: str, now: datetime) -> Post:
    """It is being posted, by whoever has `token`."""
    return post.moved(S.POSTING, now, token=token, tries=post.tries + 1, why="")


def posted(post: Post, ts: str, root: str, now: datetime) -> Post:
    """It stands there: chat has said so, or it was found."""
    return post.moved(S.POSTED, now, ts=ts, root=root or ts, why="")


def stands_after_all(post: Post, ts: str, root: str, now: datetime) -> Post:
    """Somebody has posted it already, whoever was to do so by now."""
    known = post if post.state in {S.POSTING, S.UNCERTAIN} else in_doubt(post, "", now, at_once=True)
    return posted(known, ts, root, now)


def put_off(post: Post, why: str, now: datetime, after: timedelta | None = None) -> Post:
    """Chat did not take it: it is tried again after a while, for as long as it takes."""
    return post.moved(S.LATER, now, why=why, next_try=now + wait(post.tries, after))


def given_back(post: Post, why: str, now: datetime, *, opens: bool = False) -> Post:
    """Chat has nothing of it, and it may go again at once: only faster than chat allows, or into a thread that is gone."""
    return post.moved(S.QUEUED, now, why=why, opens=opens or post.opens)


def given_up(post: Post, why: str, now: datetime) -> Post:
    return post.moved(S.GIVEN_UP, now, why=why)


def in_doubt(post: Post, why: str, now: datetime, *, after: timedelta | None = None, at_once: bool = False) -> Post:
    """It may stand there, or whether it does could not be looked up: it is looked up, at once or after a while."""
    next_try = None if at_once else now + wait(post.tries, after)
    if post.state is S.UNCERTAIN:  # it could not be looked up this time
        return replace(post, tries=post.tries + 1, why=why, next_try=next_try)
    return post.moved(S.UNCERTAIN, now, why=why, next_try=next_try)


def wait(tries: int, after: timedelta | None = None) -> timedelta:
    """Five seconds, doubled with each try up to five minutes; chat's own "again in N" is honoured where it is longer."""
    doublings = min(max(tries - 1, 0), 10)
    return max(min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT), after or FIRST_WAIT)


def concerns(card: EventCard) -> str:
    """The key of what a card concerns; all that concerns one thing stays in one thread."""
    return card.thread or card.about


def run_of(letter: Letter) -> str:
    """The key of what a letter concerns: the submission that it answers, else the run in which it went.

    Reminders of one cycle are one run, whoever released them and however many times.
    """
    if letter.kind is LetterKind.FIRST_REPORT_REMINDER:
        return run_of_reminder(letter.key)
    return letter.conversation or letter.release


def run_of_reminder(key: str) -> str:
    """first-report/programme-11/2, of whichever State: first-report/MWI/programme-11/2."""
    subject, _, rest = key.partition("/")
    cycle = "/".join(rest.split("/")[1:3])
    return f"{subject}/{cycle}"
