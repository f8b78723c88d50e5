"""Event cards come to stand in chat once, in their order, and stay true there."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from committee.cards import Offer
from committee.errors import Refused
from committee.posts import Post, PostState
from committee.staff import Person, Role
from mailflows import cards, channels, posts
from mailflows.chat import Away, Gone, NoChannel, NotLetIn, NotTaken, Shown, TooFast, Unanswered
from mailflows.posting import Posting
from mailflows.presses import Act
from tests.conftest import PracticeDesk
from tests.mailflows.scripted_chat import ADMINISTRATOR, DESK, OTHER, Secretariat, arrives

S = PostState


async def ledger(at: Secretariat, **columns: object) -> list[Post]:
    return await at.desk.desk.store.posts.find(**columns)


async def test_a_desk_without_a_channel_queues_nothing(desk: PracticeDesk) -> None:
    at = Secretariat(desk)
    await arrives(desk, "MWI")
    assert await ledger(at) == []
    assert await at.posts() == 0


async def test_a_card_is_queued_for_each_channel_in_its_own_commit(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has(DESK, OTHER)
    [key] = await arrives(desk, "MWI")
    [entry] = [one for one in await desk.desk.store.trail.find() if one.doing == "mail received"]
    assert {f"submission-arrived/{key}@{DESK}", f"submission-arrived/{key}@{OTHER}"} <= {
        change.key for change in entry.changes if change.table == "posts"
    }
    assert await at.posts() == 2
    assert at.chat.in_channel(DESK) == at.chat.in_channel(OTHER) == [f"submission-arrived/{key}"]
    assert {post.state for post in await ledger(at)} == {S.POSTED}


async def test_one_message_a_second_and_channel_and_one_at_a_time(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has(DESK, OTHER)
    await arrives(desk, "MWI", "ZMB", "KEN")
    first = await at.round()
    assert (first.posted, first.next_in) == (2, 1.0)
    assert (await at.round()).posted == 0
    at.seconds += 0.5
    assert (await at.round()).next_in == 0.5
    at.seconds += 0.5
    assert (await at.round()).posted == 2
    await at.posts()
    assert at.chat.most == 1


async def test_all_about_one_submission_stands_in_one_thread(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    first, second = await arrives(desk, "MWI", "ZMB")
    await desk.types(f'submission {first} clarify "Which annex?"')
    letter = (await desk.desk.store.letters.find(key=f"clarification/{first}/1"))[0]
    reply = (await desk.mission_of("MWI")).writes("Annex 2", answers=letter.message_id)
    await desk.takes_in(reply)
    await at.posts()
    opened = {one.key: one.ts for one in at.chat.messages if not one.thread_ts}
    assert {key.partition("@")[0] for key in opened} == {f"submission-arrived/{first}", f"submission-arrived/{second}"}
    [answer] = [one for one in at.chat.messages if one.thread_ts]
    assert answer.key == f"submission-arrived/{first}/2@{DESK}"
    assert answer.thread_ts == opened[f"submission-arrived/{first}@{DESK}"]


async def test_a_mail_that_was_set_aside_and_its_submission_are_one_thread(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    [aside] = await desk.takes_in(desk.stranger().writes("A letter", attach="a.pdf"))
    await at.posts()
    card = await desk.types(f"mail {aside.key} assign MWI")
    await at.posts()
    first, second = at.chat.messages
    assert (first.shown.card.kind, second.shown.card.kind) == ("mail-set-aside", "submission-arrived")
    assert (second.thread_ts, first.changes) == (first.ts, 1)
    repeat = desk.stranger("another@elsewhere.test").writes("The same", attach="a.pdf")
    [again] = await desk.takes_in(repeat)
    await at.posts()
    await desk.types(f"mail {again.key} once MWI")
    await desk.types(f'submission {card.fields["submission"]} clarify "Which annex?"')
    [letter] = await desk.desk.store.letters.find(key=f"clarification/{card.fields['submission']}/1")
    await desk.takes_in(desk.stranger().writes("Annex 2", answers=letter.message_id))
    await at.posts()
    assert at.chat.messages[-1].shown.card.about == card.fields["submission"]
    assert at.chat.messages[-1].thread_ts == first.ts  # and not the thread of its repeat


async def test_a_decision_shows_in_every_channel_who_decided_and_the_buttons_are_gone(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has(DESK, OTHER)
    [key] = await arrives(desk, "MWI")
    await at.posts()
    assert all(len(one.shown.actions) >= 4 for one in at.chat.messages)
    await desk.types(f"submission {key} accept")
    assert await at.posts() == 2
    for one in at.chat.messages:
        assert one.shown.actions == ()
        assert one.shown.card.decided.startswith("accept by ")
        assert "4 September" in one.shown.card.decided


async def test_what_was_decided_before_it_was_posted_is_posted_decided_and_not_changed_again(
    desk: PracticeDesk,
) -> None:
    at = await Secretariat(desk).has()
    [key] = await arrives(desk, "MWI")
    await desk.types(f"submission {key} accept")
    assert await at.posts() == 1
    assert at.chat.messages[0].shown.actions == ()
    assert (at.chat.calls, at.chat.messages[0].changes) == (["post"], 0)


async def test_what_is_reopened_has_its_buttons_again(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    [key] = await arrives(desk, "MWI")
    await at.posts()
    await desk.types(f"submission {key} accept")
    await at.posts()
    await desk.types(f'submission {key} reopen "by mistake"')
    await at.posts()
    [message] = at.chat.messages
    assert (len(message.shown.actions), message.shown.card.decided, message.changes) == (4, "", 2)


async def test_several_changes_that_wait_are_one(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    [key] = await arrives(desk, "MWI")
    await at.posts()
    for _ in range(3):
        await desk.types(f"submission {key} accept")
        await desk.types(f'submission {key} reopen "by mistake"')
    assert await at.posts() == 1
    assert len(at.chat.messages[0].shown.actions) == 4


async def test_a_button_that_was_used_is_gone_while_the_others_stay(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    text = "A first report is in preparation; we hope to submit it."
    [mail] = await desk.takes_in((await desk.mission_of("MWI")).writes("Our matrix", text, attach="m.pdf"))
    assert mail.submission
    async with desk.desk.store.transaction(by="test", doing="card", about="x", at=at.now) as tx:
        offers = (Offer("Note it", 'state MWI note "in preparation"'), Offer("Look", "state MWI"))
        await cards.post(tx, "letter-refused", "x/1", "x", "y", now=at.now, offers=offers)
    await at.posts()
    card = await desk.desk.store.cards.get("letter-refused/x/1")
    assert card
    _, status = await desk.presses(card.actions[0])
    assert status == 0
    await at.posts()
    assert [action.label for action in at.chat.messages[-1].shown.actions] == ["Look"]


async def test_too_fast_is_obeyed_by_the_worlds_seconds_and_the_order_kept(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has(DESK, OTHER)
    keys = [f"submission-arrived/{key}" for key in await arrives(desk, "MWI", "ZMB", "KEN")]
    at.chat.troubles = [TooFast("ratelimited", timedelta(seconds=30))]  # of the first channel alone
    assert (await at.round()).posted == 1
    at.seconds += 29.5
    await at.round()
    assert at.chat.in_channel(DESK) == []
    at.seconds += 0.5
    await at.posts()
    assert at.chat.in_channel(DESK) == at.chat.in_channel(OTHER) == keys
    assert {post.state for post in await ledger(at)} == {S.POSTED}


@pytest.mark.parametrize("error", [Away("connection refused"), Unanswered("500"), NoChannel("not_in_channel")])
async def test_after_an_hour_without_chat_all_stands_there_in_order_and_none_twice(
    desk: PracticeDesk, error: Exception
) -> None:
    at = await Secretariat(desk).has()
    keys = [f"submission-arrived/{key}" for key in await arrives(desk, "MWI", "ZMB")]
    at.chat.down = lambda: error
    for nth in range(60):
        await at.posts()
        if nth == 30:
            keys += [f"submission-arrived/{key}" for key in await arrives(desk, "KEN")]
        await at.passes(timedelta(minutes=1))
    assert at.chat.messages == []
    tried = len(at.chat.calls)
    assert 10 <= tried <= 40  # by growing waits, and never given up
    at.chat.down = None
    await at.passes(timedelta(minutes=5))
    await at.posts()
    assert at.chat.in_channel() == keys
    assert {post.state for post in await ledger(at)} == {S.POSTED}


async def test_on_a_practice_desk_whose_clock_stands_still_chat_is_tried_again_by_the_worlds(
    desk: PracticeDesk,
) -> None:
    at = await Secretariat(desk).has()
    at.posting = Posting(at.chat, monotonic=lambda: at.seconds)
    await arrives(desk, "MWI")
    at.chat.troubles = [Away("connection refused"), Unanswered("500")]
    assert (await at.round()).posted == 0
    at.seconds += 1
    assert (await at.round()).next_in == 4.0
    at.seconds += 4
    await at.round()
    at.seconds += 4
    assert at.chat.calls == ["post", "post"]
    at.posting = Posting(
        at.chat, monotonic=lambda: at.seconds
    )  # another process waits for nothing that this one put off
    assert (await at.round()).posted == 1
    assert at.chat.calls == ["post", "post", "look_up", "post"]


async def test_an_answer_that_was_lost_is_looked_up_before_anything_is_repeated(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    keys = [f"submission-arrived/{key}" for key in await arrives(desk, "MWI", "ZMB")]
    at.chat.lost = [Unanswered("timed out")]
    await at.posts()
    [doubtful, _] = await ledger(at)
    assert (doubtful.state, at.chat.calls) == (S.UNCERTAIN, ["post"])
    await at.passes(timedelta(minutes=1))
    await at.posts()
    assert at.chat.calls == ["post", "look_up", "post"]
    assert at.chat.in_channel() == keys
    assert [post.ts for post in await ledger(at)] == [one.ts for one in at.chat.messages]


async def test_what_is_not_found_is_repeated_and_a_look_that_fails_is_repeated_first(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    await arrives(desk, "MWI")
    at.chat.troubles = [Unanswered("500"), Away("connection refused"), TooFast("ratelimited", timedelta(seconds=90))]
    for _ in range(4):
        await at.posts()
        await at.passes(timedelta(minutes=2))
    assert at.chat.calls == ["post", "look_up", "look_up", "look_up", "post"]
    assert len(at.chat.messages) == 1


async def test_a_change_whose_answer_was_lost_is_made_again(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    [key] = await arrives(desk, "MWI")
    await at.posts()
    await desk.types(f"submission {key} accept")
    at.chat.lost = [Unanswered("timed out")]
    await at.posts()
    await at.passes(timedelta(minutes=1))
    await at.posts()
    assert at.chat.calls == ["post", "update", "update"]
    assert {post.state for post in await ledger(at)} == {S.POSTED}


@pytest.mark.parametrize("taken", [True, False])
async def test_killed_while_it_was_posting_it_is_looked_up_by_the_next_life(desk: PracticeDesk, *, taken: bool) -> None:
    at = await Secretariat(desk).has()
    await arrives(desk, "MWI", "ZMB")
    (at.chat.lost if taken else at.chat.troubles).append(asyncio.CancelledError())  # type: ignore[arg-type] # as a kill
    with pytest.raises(asyncio.CancelledError):
        await at.round()
    assert [post.state for post in await ledger(at)] == [S.POSTING, S.QUEUED]
    at.starts_anew()
    await at.posts()
    assert at.chat.calls == ["post", "look_up", *(["post"] if taken else ["post", "post"])]
    assert len(at.chat.messages) == 2


async def test_whoever_does_not_lead_any_more_posts_nothing(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    await arrives(desk, "MWI")
    at.leads = False
    await at.posts()
    assert at.chat.calls == []
    [post] = await ledger(at)
    assert post.state is S.QUEUED


async def test_a_lead_that_is_lost_before_the_call_gives_the_post_back(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    await arrives(desk, "MWI")
    asked: list[bool] = []
    at.posting._lead = lambda: not asked and not asked.append(True)  # type: ignore[func-returns-value] # lost at the second look
    await at.round()
    assert at.chat.calls == []
    assert [post.state for post in await ledger(at)] == [S.QUEUED]


async def test_a_card_that_chat_does_not_take_is_shown_by_another_and_the_next_goes_on(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    first, second = await arrives(desk, "MWI", "ZMB")
    at.chat.troubles = [NotTaken("invalid_blocks")]
    await at.posts()
    assert at.chat.in_channel() == [
        f"submission-arrived/{second}", f"alarm/post/submission-arrived/{first}@{DESK}",
    ]  # fmt: skip
    assert "invalid_blocks" in at.chat.messages[-1].shown.card.text
    await desk.types(f"submission {first} accept")
    await at.posts()
    assert len(at.chat.messages) == 2


async def test_a_mistake_of_ours_holds_nobody_up_for_ever(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    first, second = await arrives(desk, "MWI", "ZMB")
    at.chat.down = lambda: Away("connection refused")
    for _ in range(9):
        await at.posts()
        await at.passes(timedelta(minutes=6))
    at.chat.down, at.chat.poison = None, f"submission-arrived/{first}@"
    for nth in range(6):
        assert at.chat.in_channel() == [], nth  # an outage before it costs none of its tries
        await at.posts()
        await at.passes(timedelta(minutes=6))
        if at.chat.messages:
            break
    assert at.chat.in_channel()[0] == f"submission-arrived/{second}"
    [failed] = await ledger(at, state=S.GIVEN_UP)
    assert (failed.card, failed.why, failed.mistakes) == (f"submission-arrived/{first}", "ValueError", 5)


async def test_where_a_thread_is_gone_the_next_card_opens_another(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    [key] = await arrives(desk, "MWI")
    await at.posts()
    for nth in (2, 3):
        async with desk.desk.store.transaction(by="test", doing="card", about=key, at=at.now) as tx:
            await cards.post(tx, "submission-arrived", key, "again", "", now=at.now, nth=nth)
    at.chat.troubles = [Gone("thread_not_found")]
    await at.posts()
    second, third = at.chat.messages[1:]
    assert (second.thread_ts, third.thread_ts) == ("", second.ts)


async def test_a_message_that_somebody_took_away_is_not_changed_and_nobody_is_told(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    [key] = await arrives(desk, "MWI")
    await at.posts()
    await desk.types(f"submission {key} accept")
    at.chat.troubles = [Gone("message_not_found")]
    await at.posts()
    assert len(at.chat.messages) == 1
    assert [post.state for post in await ledger(at)] == [S.POSTED, S.GIVEN_UP]


async def test_what_waits_is_looked_up_after_a_restore(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    first, second = await arrives(desk, "MWI", "ZMB")
    async with desk.desk.store.transaction(by="test", doing="restore", about="x", at=at.now) as tx:
        await posts.restored(tx)
    card = await desk.desk.store.cards.get(f"submission-arrived/{first}")
    assert card
    await at.chat.post(DESK, "", Shown(card), f"submission-arrived/{first}@{DESK}")
    at.chat.calls.clear()
    await at.posts()
    assert at.chat.calls == ["look_up", "look_up", "post"]
    assert at.chat.in_channel() == [f"submission-arrived/{first}", f"submission-arrived/{second}"]


async def test_chat_that_does_not_let_us_in_is_noted_with_its_moment_until_it_does(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    await arrives(desk, "MWI")
    at.chat.down = lambda: NotLetIn("token_revoked")
    since = at.now
    for _ in range(3):
        assert (await at.round()).trouble == "token_revoked"
        await at.passes(timedelta(minutes=6))
    facts = await posts.facts(desk.desk.store)
    assert (facts.trouble, facts.since) == ("token_revoked", since)
    assert "does not let the desk in since" in (await desk.types("chat")).text
    at.chat.down = None
    await at.posts()
    facts = await posts.facts(desk.desk.store)
    assert (facts.trouble, facts.since) == ("", None)


async def test_who_may_say_where_cards_stand_and_by_which_words(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    act = Act(ADMINISTRATOR, desk.desk)
    assert (await channels.post_to("<#C02OTHER|other>", act)).channels == (DESK, OTHER)
    for typed in (DESK, "#desk", "c01desk", "D01DIRECT", "", "C01 DESK"):
        with pytest.raises(Refused):
            await channels.post_to(typed, act)
    for role in (Role.READER, Role.OFFICER, Role.APPROVER):
        with pytest.raises(Refused):
            await channels.post_to("C03NEW", Act(Person("x", "X", (role,)), desk.desk))
        with pytest.raises(Refused):
            await channels.leave(DESK, Act(Person("x", "X", (role,)), desk.desk))
    await arrives(desk, "MWI")
    await channels.leave(OTHER, act)
    await at.posts()
    assert (len(at.chat.in_channel(DESK)), at.chat.in_channel(OTHER)) == (1, [])
    [left] = await ledger(at, state=S.GIVEN_UP)
    assert left.channel == OTHER
    with pytest.raises(Refused):
        await channels.leave(OTHER, act)


async def test_in_a_channel_that_was_left_nothing_waits_any_more(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has(DESK, OTHER)
    [first] = await arrives(desk, "MWI")
    await at.posts()
    [_] = await arrives(desk, "ZMB")
    at.chat.lost = [asyncio.CancelledError()]
    with pytest.raises(asyncio.CancelledError):
        await at.round()
    act = Act(ADMINISTRATOR, desk.desk)
    await channels.leave(DESK, act)
    await channels.leave(OTHER, act)
    await channels.post_to("C03NEW", act)
    await desk.types(f"submission {first} accept")
    at.starts_anew()
    await at.posts()
    assert await posts.waiting(desk.desk.store) == []
    assert await desk.desk.store.cards.find(kind="alarm") == []


async def test_no_subject_no_words_and_no_file_name_go_to_chat(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has()
    mission, stranger = await desk.mission_of("MWI"), desk.stranger()
    await desk.takes_in(
        mission.writes("Matrix: SECRET-SUBJECT", "SECRET-WORDS restricted", attach="SECRET-FILE.pdf"),
        stranger.writes("SECRET-SUBJECT", "SECRET-WORDS", attach="SECRET-FILE.pdf"),
    )
    await at.posts()
    assert len(at.chat.messages) == 2
    for one in at.chat.messages:
        assert "SECRET" not in repr(one.shown)


def test_no_flow_changes_a_card_without_showing_it_where_it_stands() -> None:
    flows = Path(posts.__file__).parent
    assert [
        file.name
        for file in sorted(flows.glob("*.py"))
        if "cards.put(" in file.read_text().replace("await cards.put(", "")
    ] == ["cards.py"]


async def test_the_log_of_a_thing_says_when_it_was_told_in_chat(desk: PracticeDesk) -> None:
    at = await Secretariat(desk).has(DESK, OTHER)
    [key] = await arrives(desk, "MWI")
    [aside] = await desk.takes_in(desk.stranger().writes("A letter", attach="a.pdf"))
    assert "Told in chat" not in repr((await desk.types(f"log {key}")).rows)
    await at.posts()
    await desk.types(f"submission {key} accept")
    await at.posts()
    for what, title in ((key, f"{key}: "), ("MWI", f"{key}: "), (aside.key, aside.key)):
        told = [str(row["said"]) for row in (await desk.types(f"log {what}")).rows if row["doing"] == "post posted"]
        assert len(told) == 2
        assert {line.partition(": ")[0] for line in told} == {f"Told in chat, in {DESK}", f"Told in chat, in {OTHER}"}
        assert all(title in line for line in told)
