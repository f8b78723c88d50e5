"""Yearly confirmations: everybody in turn, at most three letters a year, on working days outside the pause."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.announcements import Announcement, AnnouncementState, Timing
from committee.calendar import NEW_YORK
from committee.confirmation_schedule import Known, schedule, unanswered
from committee.confirmations import AGAIN_AFTER, REMINDERS, WEEKS, Asking, Rung, asked_on, group_of, last_day
from committee.confirming_words import says_all_is_right, speaks_of_it
from committee.promises import own_lines
from committee.regional_groups import GROUPS

PARTIES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ/", min_size=1, max_size=12)
GROUP = st.sampled_from(["", *GROUPS])
YEARS = st.integers(2012, 2040)
OFF = frozenset({date(2013, 1, 21), date(2013, 2, 18)})


@given(PARTIES, GROUP, YEARS)
def test_a_turn_comes_on_a_working_day_of_the_week_in_the_weeks_of_its_group(party: str, group: str, year: int) -> None:
    day = asked_on(party, group, year)
    place = ["", *GROUPS].index(group)
    begins = date(year, 1, 15) + timedelta(weeks=WEEKS * place)
    assert day.weekday() < 5
    assert begins <= day < begins + timedelta(weeks=WEEKS + 1)


@given(PARTIES, GROUP, YEARS)
def test_two_turns_of_one_party_are_a_year_apart_and_all_that_follows_ends_within_it(
    party: str, group: str, year: int
) -> None:
    day = asked_on(party, group, year)
    assert timedelta(days=358) <= asked_on(party, group, year + 1) - day <= timedelta(days=372)
    assert last_day(day).year == year


@given(PARTIES, YEARS)
def test_the_key_of_an_asking_names_it_and_nothing_else_does(party: str, year: int) -> None:
    asking = Asking(party, year)
    assert Asking.named(asking.key) == asking
    for wrong in (
        "",
        asking.key + "x",
        asking.key.removeprefix("confirmation/"),
        f"confirmation/{year}",
        f"{asking.key}/1",
    ):
        assert Asking.named(wrong) != asking


def known(party: str, group: str, sent: dict[str, date] | None = None) -> Known:
    timing = Timing(off=OFF)
    return Known({party: group}, timing, date(2012, 9, 4), addressed={party}, sent=sent or {})


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), NEW_YORK)


@given(PARTIES, GROUP, st.sampled_from([None, 10, 40, 90]))
def test_a_year_of_days_sends_three_letters_a_month_apart_on_working_days_until_the_party_answers(
    party: str, group: str, answers_after: int | None
) -> None:
    facts, gone = known(party, group), dict[str, date]()
    day, answered = date(2013, 1, 1), None
    while day.year == 2013:
        [*next_ones] = schedule(facts, noon(day), day)
        for one in next_ones:
            if one.announce_at <= noon(day) and not one.announced:
                made = Announcement(one.reminder.key, "confirmation", party, noon(day), one.due)
                facts = replace(facts, announcements={**facts.announcements, made.key: made})
            elif one.at and one.announced and one.at <= noon(day):
                assert facts.timing.allows(day)
                gone[one.reminder.key] = day
                facts = replace(facts, sent=gone)
        first = min(gone.values(), default=None)
        if first and answers_after and day == first + timedelta(days=answers_after):
            answered = day
            facts = replace(facts, answered={Asking(party, 2013).key})
        day += timedelta(days=1)
    days = sorted(gone.values())
    assert all(later - earlier >= AGAIN_AFTER for earlier, later in pairwise(days))
    expected = {None: 3, 10: 1, 40: 2, 90: 3}[answers_after]
    assert len(days) == expected
    assert answered is None or days[-1] <= answered
    waits = [] if answers_after else [Asking(party, 2013)]
    assert unanswered(facts, noon(date(2013, 12, 31))) == waits


def test_it_gives_way_to_another_reminder_of_the_same_month() -> None:
    turn = asked_on("MWI", "African Group", 2013)
    facts = known("MWI", "African Group")
    late = replace(facts, last_reminded={"MWI": turn - timedelta(days=3)})
    [one] = schedule(late, noon(turn), turn + timedelta(days=40))
    assert one.due >= turn + timedelta(days=25)


def test_nobody_is_asked_in_the_pause_nor_while_a_year_s_holidays_are_unconfirmed_nor_without_an_address() -> None:
    turn = asked_on("MWI", "African Group", 2013)
    facts = known("MWI", "African Group")
    paused = replace(facts, timing=Timing(pause=((turn.month, turn.day), (turn.month, turn.day))))
    assert schedule(paused, noon(turn), turn + timedelta(days=9))[0].due > turn
    for wrong, why in (
        (replace(facts, unconfirmed_years={2013}), "holidays of 2013"),
        (replace(facts, addressed=()), "no confirmed address"),
        (replace(facts, opened=turn + timedelta(days=5)), "before this desk opened"),
    ):
        [one] = schedule(wrong, noon(turn), turn + timedelta(days=5))
        assert one.at is None
        assert why in one.why_not


def test_what_is_held_stays_and_what_is_released_goes_in_office_hours() -> None:
    turn = asked_on("MWI", "African Group", 2013)
    held = Announcement(Rung(Asking("MWI", 2013)).key, "confirmation", "MWI", noon(turn - timedelta(days=5)), turn)
    stays = replace(held, state=AnnouncementState.HELD, why="ask the Chair")
    facts = replace(known("MWI", "African Group"), announcements={held.key: stays})
    assert "ask the Chair" in schedule(facts, noon(turn), turn + timedelta(days=5))[0].why_not
    freed = replace(held, released_at=noon(turn) + timedelta(hours=8))
    facts = replace(facts, announcements={held.key: freed})
    [one] = schedule(facts, freed.released_at, turn + timedelta(days=5))
    assert one.at is not None
    assert one.at.astimezone(NEW_YORK).time() == time(9)


def test_a_restored_desk_waits_a_month_before_it_reminds_again() -> None:
    turn = asked_on("MWI", "African Group", 2013)
    restored = turn + timedelta(days=60)
    facts = replace(known("MWI", "African Group", {Rung(Asking("MWI", 2013)).key: turn}), opened=restored)
    [one] = schedule(facts, noon(restored), restored + timedelta(days=60))
    assert one.reminder == Rung(Asking("MWI", 2013), 1)
    assert one.due >= restored + AGAIN_AFTER


def test_there_is_no_fourth_letter() -> None:
    turn = asked_on("MWI", "African Group", 2013)
    sent = {Rung(Asking("MWI", 2013), nth).key: turn + AGAIN_AFTER * nth for nth in range(REMINDERS + 1)}
    assert schedule(known("MWI", "African Group", sent), noon(turn + AGAIN_AFTER * 3), turn + AGAIN_AFTER * 4) == []


def test_a_state_goes_by_its_regional_group_and_an_organization_by_none() -> None:
    assert group_of(("African Group", "member-state")) == "African Group"
    assert group_of(("regional", "nuclear")) == ""


@pytest.mark.parametrize(
    "said",
    [
        "confirm", "Confirm.", "CONFIRMED", "Dear colleagues,\nWe confirm.\nAda Quill\nNew York, +1 212 555 0100", "Unchanged",
        "Confirmé.", "Nous confirmons", "« Sans changement »", "Confirmado", "Sin cambios.", "Подтверждаем.", "Без изменений",
        "نؤكد", "بدون تغيير", "确认", "没有变化。", "confirm\n> But the telephone is another\n> than before",
    ],
)  # fmt: skip
def test_a_plain_line_in_six_languages_says_that_all_is_right(said: str) -> None:
    assert says_all_is_right(own_lines(said))


@pytest.mark.parametrize(
    "said",
    [
        "", "We cannot confirm", "Please confirm receipt", "confirm?", "Confirm, but the telephone is +265 1 000 000",
        "Confirm.\nThe telephone, however, is +265 1 000 000", "Nous confirmons\nsauf le téléphone",
        "Confirmado\npero el teléfono es otro", "Подтверждаем\nкроме телефона", "确认\n但是电话改了",
        "> confirm", "unchanged\nMr. Banda has left us", "I do not confirm", "confirm" + "\nx" * 40,
    ],
)  # fmt: skip
def test_anything_beside_it_is_for_an_officer(said: str) -> None:
    assert not says_all_is_right(own_lines(said))


def test_a_plain_line_with_something_beside_it_is_proposed() -> None:
    assert speaks_of_it(own_lines("Confirmed\nbut for the telephone"))
    assert not speaks_of_it(own_lines("We shall confirm later"))
