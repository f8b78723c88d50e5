"""While chat is silent the administrators hear by mail what they would have seen there; mail and reminders go on."""

from dataclasses import replace
from datetime import timedelta

from committee.alarms import AlarmKind
from committee.cards import EventCard
from committee.letters import DeliveryState, LetterKind
from mailflows import composed, repairs
from mailflows.alarms import Measured, Watch
from mailflows.chat import Away, NotLetIn, TooFast
from mailflows.figures import Figures
from mailflows.rendering import freeze, render
from tests.conftest import PracticeDesk
from tests.mailflows.scripted_chat import Secretariat, arrives

BOSS = "administrator-1"
MINUTES = timedelta(minutes=1)


async def watched(desk: PracticeDesk) -> tuple[Secretariat, Watch]:
    """An administrator who can be written to, and a channel."""
    person = await desk.person(BOSS)
    async with desk.desk.store.transaction(by="test", doing="address", about=BOSS, at=desk.desk.now) as tx:
        await tx.staff.put(replace(person, address="boss@1540.example"))
    return await Secretariat(desk).has(), Watch(Figures())


async def look(at: Secretariat, watch: Watch, measured: Measured | None = None) -> set[str]:
    return {alarm.key for alarm in await watch.look(at.desk.desk, measured or Measured())}


async def letters(at: Secretariat) -> list[str]:
    return [one.key for one in await at.desk.desk.store.letters.find(kind=LetterKind.STAFF_ALARM)]


async def alarms(at: Secretariat, kind: str = "alarm") -> list[EventCard]:
    return [card for card in await at.desk.desk.store.cards.find(kind=kind) if card.about.startswith(AlarmKind.CHAT)]


async def test_a_revoked_token_is_told_by_mail_at_once_and_once(desk: PracticeDesk) -> None:
    at, watch = await watched(desk)
    await arrives(desk, "MWI")
    at.chat.down = lambda: NotLetIn("token_revoked")
    await at.posts()
    for _ in range(3):
        assert await look(at, watch) == {AlarmKind.CHAT}
        await at.passes(MINUTES)
    assert len(await letters(at)) == len(await alarms(at)) == 1
    await at.desk.delivers()
    handed = dict(desk.post.handed)
    assert "mission" in "".join(handed)  # the receipt goes on
    raw = handed["boss@1540.example"]
    assert b"Chat does not take the desk's cards" in raw
    assert b"SLACK_BOT_TOKEN" in raw


async def test_chat_that_is_away_is_an_alarm_after_a_quarter_of_an_hour_and_over_when_it_is_back(
    desk: PracticeDesk,
) -> None:
    at, watch = await watched(desk)
    await arrives(desk, "MWI")
    await desk.delivers()
    at.chat.down = lambda: Away("connection refused")
    for _ in range(15):
        await at.posts()
        assert await look(at, watch) == set()
        await at.passes(MINUTES)
    await at.passes(MINUTES)
    assert await look(at, watch) == {AlarmKind.CHAT}
    assert len(await letters(at)) == 1
    at.chat.down = None
    await at.passes(5 * MINUTES)
    await at.posts()
    assert await look(at, watch) == set()
    await at.posts()
    shown = at.chat.in_channel()
    assert [key.partition("/")[0] for key in shown] == ["submission-arrived", "alarm", "alarm-over"]
    assert len(await letters(at)) == 1
    [begun] = [one for one in at.chat.messages if one.key.startswith("alarm/")]
    assert begun.shown.card.decided.startswith("over, ")


async def test_what_else_stands_still_meanwhile_is_told_by_mail_too_and_otherwise_in_chat_alone(
    desk: PracticeDesk,
) -> None:
    at, watch = await watched(desk)
    unread = Measured(unread_seconds=3600.0)
    assert await look(at, watch, unread) == {AlarmKind.MAILBOX}
    assert await letters(at) == []
    await look(at, watch, Measured(unread_seconds=1.0))
    at.chat.down = lambda: NotLetIn("account_inactive")
    await at.posts()
    await look(at, watch, Measured(unread_seconds=1.0))
    assert await look(at, watch, unread) == {AlarmKind.MAILBOX, AlarmKind.CHAT}
    assert len(await letters(at)) == 2


async def test_where_nobody_can_be_written_to_there_is_no_letter_and_the_card_is_there(desk: PracticeDesk) -> None:
    at, watch = await Secretariat(desk).has(), Watch(Figures())
    await arrives(desk, "MWI")
    at.chat.down = lambda: NotLetIn("token_revoked")
    await at.posts()
    assert await look(at, watch) == {AlarmKind.CHAT}
    assert await letters(at) == []
    assert len(await alarms(at)) == 1


async def test_a_desk_without_chat_knows_no_such_alarm(desk: PracticeDesk) -> None:
    at = Secretariat(desk)
    await arrives(desk, "MWI")
    await at.passes(timedelta(days=9))
    assert await look(at, Watch(Figures()), Measured(unread_seconds=1.0, tick_seconds=1.0)) <= {AlarmKind.LETTERS}


async def test_the_letter_reads_in_both_languages(desk: PracticeDesk) -> None:
    at, watch = await watched(desk)
    await arrives(desk, "MWI")
    at.chat.down = lambda: NotLetIn("token_revoked")
    await at.posts()
    await look(at, watch)
    [letter] = await desk.desk.store.letters.find(kind=LetterKind.STAFF_ALARM)
    assert letter.party == f"staff/{BOSS}"
    await composed.message(replace(letter, date=at.now), desk.desk)
    for language, begins in (("en", "Alarm: Chat"), ("fr", "Alarme\u00a0: Chat")):
        read = render(freeze(letter.kind, language).data, replace(letter, language=language))
        assert read.subject.startswith(begins)
        assert "token was revoked" in " ".join(read.text.split())


async def test_an_alarm_that_is_refused_by_its_server_is_no_ones_contact_to_mend(desk: PracticeDesk) -> None:
    at, watch = await watched(desk)
    await arrives(desk, "MWI")
    at.chat.down = lambda: NotLetIn("token_revoked")
    await at.posts()
    await look(at, watch)
    [letter] = await desk.desk.store.letters.find(kind=LetterKind.STAFF_ALARM)
    async with desk.desk.store.transaction(by="test", doing="x", about="x", at=at.now) as tx:
        [copy] = await tx.deliveries.find(letter=letter.key)
        claimed = copy.moved(DeliveryState.CLAIMED, at.now)
        refused = claimed.moved(DeliveryState.REFUSED, at.now, reply="550 5.1.1 no such user")
        await tx.deliveries.put(refused)
        await repairs.undelivered(tx, refused, letter, desk.desk)
    assert await desk.desk.store.repairs.all() == []
    assert (await desk.types("outbox")).ok
    assert (await desk.types("unserved")).ok


async def test_a_practice_desks_clock_that_is_moved_while_a_card_waits_is_no_alarm(desk: PracticeDesk) -> None:
    at, watch = await watched(desk)
    await arrives(desk, "MWI")
    await desk.delivers()
    at.desk.desk = at.desk.desk.at(at.now + timedelta(days=30))
    assert await look(at, watch) == set()
    at.chat.troubles.append(TooFast("ratelimited", timedelta(seconds=30)))
    await at.round()
    at.desk.desk = at.desk.desk.at(at.now + timedelta(days=30))
    assert await look(at, watch) == set()


async def test_a_real_desks_card_that_nobody_has_tried_to_post_is_an_alarm(desk: PracticeDesk) -> None:
    at, watch = await watched(desk)
    await arrives(desk, "MWI")
    await desk.delivers()
    await at.passes(16 * MINUTES)
    real = replace(at.desk.desk, facts=replace(at.desk.desk.facts, practice=False))
    assert AlarmKind.CHAT in {alarm.key for alarm in await watch.look(real, Measured())}
