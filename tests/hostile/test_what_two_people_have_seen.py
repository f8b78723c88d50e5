"""What is released is what both have seen, by whoever still may in the commit that releases it, and once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot import dispatch
from committee.letters import LetterKind
from committee.staff import Person, Role
from mailflows import letters
from mailflows.rendering import Frozen, freeze
from tests.conftest import PracticeDesk
from tests.hostile.test_borrowed_identities import KIM, ROBIN, prepared

Change = Callable[[PracticeDesk], Awaitable[None]]


async def types(desk: PracticeDesk, typed: str) -> None:
    card, status = await desk.answers(typed)
    assert status == 0, card.text


async def an_address_more(desk: PracticeDesk) -> None:
    await types(desk, 'contact add GMB national-contact-point other@gambia.example "Contact"')


async def an_address_held(desk: PracticeDesk) -> None:
    await types(desk, 'contact GMB/national-contact-point/1 hold "moved"')


async def an_address_replaced(desk: PracticeDesk) -> None:
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        mission = await desk.contact("GMB")
        await tx.contacts.put(replace(mission, address="new@gambia.mission.example"))


async def a_language(desk: PracticeDesk) -> None:
    await types(desk, "language fr sign")
    await types(desk, 'state GMB language fr "its note verbale of today"')


async def a_name_of_a_state(desk: PracticeDesk) -> None:
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        state = await tx.states.get("GMB")
        assert state
        names = state.names[-1]
        mission = replace(names.words["en"], mission="the Permanent Mission of the Islamic Republic of the Gambia")
        await tx.states.put(replace(state, names=(replace(names, words={**names.words, "en": mission}),)))


async def a_first_report(desk: PracticeDesk) -> None:
    await types(desk, "state GMB confirm reported")


async def a_day_more(desk: PracticeDesk) -> None:
    await types(desk, "closure add 2012-12-04 storm")


async def the_address_of_the_desk(desk: PracticeDesk) -> None:
    desk.desk = replace(desk.desk, address="other@1540.example")


CHANGES: list[Change] = [
    an_address_more, an_address_held, an_address_replaced, a_language, a_name_of_a_state, a_first_report, a_day_more,
    the_address_of_the_desk,
]  # fmt: skip


async def sent(desk: PracticeDesk) -> int:
    return await desk.desk.store.letters.count(kind=LetterKind.CLOSURE_NOTICE)


async def cards_button(desk: PracticeDesk) -> str:
    """The button on the card that stands in the channel, for everybody to see."""
    [card] = [one for one in await desk.desk.store.cards.find(kind="letters-to-release") if not one.decided]
    return card.actions[0]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("emergency", [False, True])
async def test_whatever_of_it_has_changed_nobody_releases_what_nobody_has_seen(
    desk: PracticeDesk, change: Change, emergency: bool
) -> None:
    await prepared(desk, by="officer-1")
    key, presses = await cards_button(desk), ROBIN
    if emergency:
        shown = await desk.types("approval A-2012-0001 emergency-release “It is urgent”", by=KIM)
        key, presses = shown.actions[0].key, KIM
    await change(desk)
    card, status = await desk.presses(key, by=presses)
    assert (status, await sent(desk)) == (1, 0), card.text


async def test_an_upgrade_that_changes_the_letter_is_seen_before_it_is_released(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await prepared(desk, by="officer-1")
    key = await cards_button(desk)

    def upgraded(kind: LetterKind, language: str) -> Frozen:
        frozen = freeze(kind, language)
        return frozen._replace(sha256="0" * 64) if kind is LetterKind.CLOSURE_NOTICE else frozen

    monkeypatch.setattr(letters, "freeze", upgraded)  # what another version of the program is shipped with
    card, status = await desk.presses(key, by=ROBIN)
    assert (status, await sent(desk)) == (1, 0), card.text


@pytest.mark.parametrize(("roles", "left"), [((Role.OFFICER,), False), ((Role.READER,), False), ((), True)])
async def test_a_role_that_was_taken_while_the_press_was_under_way_releases_nothing(
    desk: PracticeDesk, roles: tuple[Role, ...], left: bool
) -> None:
    """Whoever came in a moment ago as an approver is none in the commit."""
    await prepared(desk, by="officer-1")
    key, as_they_came_in = await cards_button(desk), await desk.person(ROBIN)
    now = as_they_came_in.gone(desk.desk.now) if left else replace(as_they_came_in, roles=roles)
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        await tx.staff.put(now)
    card, status = await dispatch.press(desk.desk, as_they_came_in, key)
    assert (status, await sent(desk)) == (1, 0), card.text


async def test_whoever_is_in_no_register_any_more_releases_nothing(desk: PracticeDesk) -> None:
    await prepared(desk, by="officer-1")
    ghost = Person("ghost", "Somebody", (Role.APPROVER, Role.ADMINISTRATOR))
    card, status = await dispatch.press(desk.desk, ghost, await cards_button(desk))
    assert (status, await sent(desk)) == (1, 0), card.text


async def test_who_releases_and_who_withdraws_at_once_are_not_both_right(desk: PracticeDesk) -> None:
    await prepared(desk, by="officer-1")
    key = await cards_button(desk)
    (_, released), (_, withdrawn) = await asyncio.gather(
        desk.presses(key, by=ROBIN), desk.answers("approval A-2012-0001 withdraw", "officer-2")
    )
    assert {released, withdrawn} == {0, 1}
    assert await sent(desk) == (24 if released == 0 else 0)


async def test_an_emergency_and_an_approver_at_once_release_once(desk: PracticeDesk) -> None:
    await prepared(desk, by="officer-1")
    key = await cards_button(desk)
    shown = await desk.types("approval A-2012-0001 emergency-release “It is urgent”", by=KIM)
    answers = await asyncio.gather(desk.presses(key, by=ROBIN), desk.presses(shown.actions[0].key, by=KIM))
    assert sorted(status for _, status in answers) == [0, 1]
    assert await sent(desk) == 24
    emergencies = await desk.desk.store.cards.find(kind="emergency-release")
    assert len(emergencies) == (1 if answers[1][1] == 0 else 0)
