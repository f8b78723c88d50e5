"""What left is kept as it left: byte for byte years later, whatever was set, changed or killed meanwhile."""

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import building
from bot.settings import without_environment
from committee.letters import DeliveryState, Enclosure, Record, record_of
from mailflows import archiving, outbox, rendering, sent_messages
from mailflows.accepted import Bounced, Deferred, Uncertain
from mailflows.proof import proof
from storage.folder import add_key
from tests.conftest import PDF, PracticeDesk
from tests.mailflows.accepting import reminded, stands

MWI = "first-report/MWI/programme-11/2"
RECEIPT = "receipt/S-2012-0001"


async def record(desk: PracticeDesk, key: str = MWI) -> Record:
    return record_of(await desk.desk.store.deliveries.find(letter=key))


async def records(desk: PracticeDesk) -> list[Record]:
    """Of each letter, in the order in which they were queued."""
    return [await record(desk, letter.key) for letter in await desk.outbox()]


async def shown(desk: PracticeDesk, key: str = MWI) -> list[tuple[bytes, bool, bool]]:
    found = await sent_messages.sent(await proof(key, desk.desk), desk.desk)
    return [(one.raw, one.proven, one.kept) for one in found]


async def changes(desk: PracticeDesk) -> int:
    return len(await desk.desk.store.trail.find())


async def a_receipt(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))


async def test_what_left_is_kept_with_its_hash_and_once(desk: PracticeDesk) -> None:
    await reminded(desk)
    assert await archiving.catch_up(desk.desk) == 0  # nothing of them has left
    await desk.delivers()
    assert await records(desk) == [Record.OWED] * 2
    assert await archiving.catch_up(desk.desk) == 2
    assert await records(desk) == [Record.KEPT] * 2
    before = await changes(desk)
    assert await archiving.catch_up(desk.desk) == 0
    assert await changes(desk) == before
    [row, _] = await desk.desk.store.sent_messages.find()
    handed = {hashlib.sha256(raw).hexdigest() for _, raw in desk.post.handed}
    assert {one.sha256 for one in row.messages} < handed
    assert [finding for finding in await desk.desk.store.verify() if not finding.note] == []


async def test_years_later_it_comes_out_byte_for_byte_whatever_was_changed(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_receipt(desk)
    await desk.delivers()
    await archiving.catch_up(desk.desk)
    add_key(desk.folder)
    monkeypatch.setattr(rendering, "_source", lambda *_: "Another subject\n\nAnother body.\n")
    rendering.freeze.cache_clear()
    try:
        async with building.open_desk(desk.folder, without_environment()) as reopened:
            moved = replace(reopened, address="elsewhere@1540.example", now=reopened.now + timedelta(days=4000))
            later = PracticeDesk(desk.folder, moved)
            assert await shown(later, RECEIPT) == [(desk.post.handed[0][1], True, True)]
            [composed] = await sent_messages.as_sent((await later.outbox())[0], ["0" * 64], moved)
            assert composed.raw != desk.post.handed[0][1]
            card = await later.types(f"letter {RECEIPT}")
            assert "kept as they left" in card.text
            assert card.page
            assert ("From", f"Secretariat, 1540 Committee <{desk.desk.address}>") in card.page.heading
    finally:
        rendering.freeze.cache_clear()


async def test_the_page_of_what_was_kept_reads_as_the_letter_did(desk: PracticeDesk) -> None:
    await a_receipt(desk)
    await desk.delivers()
    composed = await desk.types(f"letter {RECEIPT}")
    await archiving.catch_up(desk.desk)
    kept = await desk.types(f"letter {RECEIPT}")
    assert kept.page == composed.page
    assert ("composed again" in composed.text, "kept as they left" in kept.text) == (True, True)
    assert (composed.fields["record"], kept.fields["record"]) == (Record.OWED, Record.KEPT)


async def test_what_was_owed_when_a_process_died_is_made_up_for_by_the_next(desk: PracticeDesk) -> None:
    await reminded(desk)
    await desk.delivers()
    async with building.open_desk(desk.folder, without_environment()) as opened:
        again = PracticeDesk(desk.folder, opened)
        assert await archiving.catch_up(opened) == 2
        assert [proven for _, proven, kept in await shown(again) if kept] == [True]


async def test_killed_in_the_commit_that_keeps_it_is_kept_whole_by_the_next(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reminded(desk)
    await desk.delivers()

    async def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(archiving, "_keep", dies)
        with pytest.raises(KeyboardInterrupt):
            await archiving.catch_up(desk.desk)
    assert await desk.desk.store.sent_messages.count() == 0
    assert await archiving.catch_up(desk.desk) == 2


async def test_hundreds_are_kept_in_few_commits_and_an_end_is_heard(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    [letter] = await desk.outbox()
    many = [replace(letter, key=f"{letter.key}/{nth}", message_id=f"<{nth}@1540.example>") for nth in range(300)]
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        await outbox.add(tx, many)
    await desk.delivers()
    before = await changes(desk)
    assert await archiving.catch_up(desk.desk, ending=lambda: True) == 0
    assert await archiving.catch_up(desk.desk, 60) == 100
    assert await archiving.catch_up(desk.desk) == 201
    assert await changes(desk) - before == 7
    assert Counter(await records(desk)) == {Record.KEPT: 301}
    assert await shown(desk, many[-1].key) == [
        (next(raw for _, raw in desk.post.handed if b"<299@" in raw), True, True)
    ]


async def test_what_cannot_be_composed_as_it_left_is_said_once_and_stays_said(desk: PracticeDesk) -> None:
    await reminded(desk)
    await desk.delivers()
    moved = PracticeDesk(desk.folder, replace(desk.desk, address="elsewhere@1540.example"))
    with capture_logs() as logged:
        assert await archiving.catch_up(moved.desk) == 2
        assert await archiving.catch_up(moved.desk) == 0
    assert [line["key"] for line in logged if line["event"].startswith("message not kept")] == sorted(
        letter.key for letter in await desk.outbox()
    )
    assert await record(desk) is Record.DIFFERS
    card = await moved.types(f"letter {MWI}")
    assert "NOT the bytes that were sent, which were not kept" in card.text
    assert "composed again" in (await desk.types(f"letter {MWI}")).text  # the setting is as it was


async def test_copies_that_went_in_two_rounds_are_one_message(desk: PracticeDesk) -> None:
    [letter] = await reminded(desk, "MWI")
    first = letter.addressees[0].address
    desk.post.troubles[first] = [Deferred("450 4.2.1 busy, try again in 300 seconds")]
    await desk.delivers()
    assert await archiving.catch_up(desk.desk) == 1  # at once: the second copy may wait for days
    await desk.delivers(timedelta(seconds=300))
    assert await record(desk) is Record.OWED
    assert await archiving.catch_up(desk.desk) == 1
    assert await record(desk) is Record.KEPT
    [row] = await desk.desk.store.sent_messages.find()
    assert len(row.messages) == 1


async def test_copies_that_left_as_two_messages_are_both_kept(
    desk: PracticeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [letter] = await reminded(desk, "MWI")
    desk.post.troubles[letter.addressees[0].address] = [Deferred("450 4.2.1 busy, try again in 300 seconds")]
    await desk.delivers()
    await archiving.catch_up(desk.desk)
    desk.desk = replace(desk.desk, address="elsewhere@1540.example")
    await desk.delivers(timedelta(seconds=300))
    await archiving.catch_up(desk.desk)
    assert await record(desk) is Record.KEPT
    sent = [raw for _, raw in desk.post.handed]
    assert len(set(sent)) == 2
    assert await shown(desk) == [(raw, True, True) for raw in sent]
    monkeypatch.chdir(tmp_path)
    card = await desk.types(f"proof {MWI} --message sent.eml")
    assert "2 different messages" in card.text
    assert [(tmp_path / name).read_bytes() for name in ("sent.eml", "sent-2.eml")] == sent


async def test_what_nobody_has_taken_is_not_looked_at_again_until_it_goes_again(desk: PracticeDesk) -> None:
    desk.post.reads_first = True
    [letter] = await reminded(desk, "MWI")
    for person in letter.addressees:
        desk.post.troubles[person.address] = [Deferred("450 4.2.1 busy, try again in 300 seconds")]
    await desk.delivers()
    assert await record(desk) is Record.OWED
    assert await archiving.catch_up(desk.desk) == 1
    assert await record(desk) is Record.NOTHING
    assert await desk.desk.store.sent_messages.count() == 0
    await desk.delivers(timedelta(seconds=300))
    assert await archiving.catch_up(desk.desk) == 1
    assert [kept for _, _, kept in await shown(desk)] == [True]


async def test_what_is_on_its_way_stays_owed_and_keeps_nothing_else_back(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiving, "A_SLICE", 1)
    await reminded(desk)
    await desk.delivers()
    on_its_way = (await desk.desk.store.deliveries.find(letter=MWI))[:1]
    await stands(desk, on_its_way, DeliveryState.SENDING, copies=())
    before = await changes(desk)
    assert await archiving.catch_up(desk.desk) == 1
    assert await changes(desk) - before <= 2
    assert await record(desk) is Record.OWED


async def test_what_may_have_left_is_kept_before_anybody_says_so(desk: PracticeDesk) -> None:
    await a_receipt(desk)
    await desk.delivers()
    await desk.types('submission S-2012-0001 clarify "Where is annex 2?"')
    [one, *_] = [d for d in await desk.desk.store.deliveries.find() if d.kind == "clarification"]
    desk.post.troubles["*"] = [Uncertain("the connection broke after the final dot")] * 9
    await desk.delivers()
    assert await archiving.catch_up(desk.desk) == 2
    assert await record(desk, one.letter) is Record.KEPT
    [(raw, proven, kept)] = await shown(desk, one.letter)
    assert (proven, kept) == (False, True)
    desk.post.troubles.clear()
    await desk.types(f"letter {one.letter} again")
    await desk.delivers()
    assert await archiving.catch_up(desk.desk) == 1
    assert await shown(desk, one.letter) == [(raw, True, True)]


async def test_what_was_refused_with_its_text_owes_nothing(desk: PracticeDesk) -> None:
    desk.post.reads_first = True
    await reminded(desk, "MWI")
    desk.post.troubles["*"] = [Bounced("550 5.1.1 no such user")] * 9
    await desk.delivers()
    assert await archiving.catch_up(desk.desk) == 1
    assert await record(desk) is Record.NOTHING


async def test_what_was_refused_before_its_text_is_not_looked_at(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    desk.post.troubles["*"] = [Bounced("550 5.1.1 no such user")] * 9
    await desk.delivers()
    assert await record(desk) is Record.NOTHING
    assert await archiving.catch_up(desk.desk) == 0


async def test_a_letter_that_cannot_be_composed_keeps_no_other_back(desk: PracticeDesk) -> None:
    await reminded(desk)
    await desk.delivers()
    letter = await desk.desk.store.letters.get(MWI)
    assert letter
    lost = Enclosure("a.pdf", "application/pdf", 3, "0" * 64)
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        await tx.letters.put(replace(letter, enclosures=(lost,)))
    with capture_logs() as logged:
        assert await archiving.catch_up(desk.desk) == 2
    assert {line["key"] for line in logged} == {MWI}
    assert sorted(await records(desk)) == [Record.DIFFERS, Record.KEPT]


async def test_a_large_enclosure_is_kept_once_and_named_by_what_needs_it(desk: PracticeDesk) -> None:
    enclosed = await with_a_large_enclosure(desk)
    await desk.delivers()
    assert await archiving.catch_up(desk.desk) == 2
    rows = await desk.desk.store.sent_messages.find()
    assert [row.enclosures for row in rows] == [(enclosed,)] * 2
    assert all(len(one.data) < 6_000 for row in rows for one in row.messages)
    sent = {raw for _, raw in desk.post.handed}
    assert {(await shown(desk, row.key))[0][0] for row in rows} == sent
    (desk.folder / "kept" / enclosed[:2] / enclosed).unlink()
    assert "sent_messages" not in {finding.key for finding in await desk.desk.store.verify()}
    card = await desk.types(f"letter {MWI}")  # the page is shown, and that the message is not
    assert card.ok
    assert enclosed[:12] in card.text


async def with_a_large_enclosure(desk: PracticeDesk) -> str:
    await reminded(desk)
    content = PDF * 40_000
    sha256 = await desk.desk.store.keep(content)
    enclosed = Enclosure("a.pdf", "application/pdf", len(content), sha256)
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        await tx.letters.put(*(replace(letter, enclosures=(enclosed,)) for letter in await tx.letters.find()))
    return sha256


async def test_the_card_of_an_uncertain_letter_offers_a_second_copy_and_shows_it_first(desk: PracticeDesk) -> None:
    await a_receipt(desk)
    desk.post.troubles["*"] = [Uncertain("the connection broke after the final dot")] * 2
    await desk.delivers()
    [card, *_] = await desk.desk.store.cards.find(kind="letter-uncertain")
    [action] = [one for one in await desk.desk.store.actions.find(card=card.key) if one.label == "Write a second copy"]
    pressed, status = await desk.presses(action.key)
    assert status == 0
    assert [one.label for one in pressed.actions][-1] == "Send a second copy"
