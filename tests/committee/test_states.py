"""A State's name of the day, its status, and what it has promised."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from committee.states import NameIn, Names, Note, ReportStatus, State, alphabetical, yet_to_report

CHANGED = date(2018, 4, 19)
NOW = datetime(2012, 9, 4, 13, 0, tzinfo=UTC)


def names(listed: str, until: date | None = None) -> Names:
    return Names(
        listed, {"en": NameIn(listed, f"the Kingdom of {listed}", f"the Permanent Mission of {listed}")}, until
    )


SWAZILAND = State(
    key="SWZ",
    iso2="SZ",
    m49="748",
    names=(names("Swaziland", CHANGED - timedelta(days=1)), names("Eswatini")),
    group="African Group",
    member_since=1968,
)
OBSERVER = replace(SWAZILAND, key="VAT", member_since=None, status=ReportStatus.NON_REPORTING)


@given(st.dates())
def test_a_state_bears_its_former_name_until_the_day_before_the_change(day: date) -> None:
    assert SWAZILAND.named_on(day).listed == ("Swaziland" if day < CHANGED else "Eswatini")


@given(st.lists(st.sampled_from(ReportStatus), max_size=30))
def test_only_members_that_are_known_not_to_have_reported_are_yet_to_report(statuses: list[ReportStatus]) -> None:
    states = [*(replace(SWAZILAND, status=status) for status in statuses), OBSERVER]
    assert len(yet_to_report(states)) == statuses.count(ReportStatus.NON_REPORTING)


@given(st.lists(st.one_of(st.none(), st.dates(date(2012, 1, 1), date(2013, 12, 31))), max_size=8))
def test_the_newest_note_with_a_date_is_the_promise(untils: list[date | None]) -> None:
    state = SWAZILAND
    for until in untils:
        state = state.noting(Note("said in a corridor", "an officer", NOW, until))
    dated = [until for until in untils if until]
    assert (state.promise.until if state.promise else None) == (dated[-1] if dated else None)
    assert len(state.notes) == len(untils)


def test_a_report_counts_from_its_day_and_a_second_one_does_not_move_it() -> None:
    first = SWAZILAND.confirmed_as(ReportStatus.NON_REPORTING, date(2012, 6, 1)).reported(date(2012, 9, 4))
    assert (first.status, first.since) == (ReportStatus.REPORTED, date(2012, 9, 4))
    assert first.reported(date(2012, 10, 1)) == first


def test_a_change_leaves_the_state_as_it_was() -> None:
    SWAZILAND.reported(date(2012, 9, 4)).noting(Note("a note", "an officer", NOW))
    assert (SWAZILAND.status, SWAZILAND.notes) == (ReportStatus.UNCONFIRMED, ())


def test_accents_case_and_the_article_do_not_count_in_the_order_of_a_list() -> None:
    typed = [
        "Turkey",
        "The former Yugoslav Republic of Macedonia",
        "Thailand",
        "the Gambia",
        "Timor-Leste",
        "Côte d'Ivoire",
        "Costa Rica",
        "Croatia",
        "Gabon",
    ]
    assert sorted(typed, key=alphabetical) == [
        "Costa Rica", "Côte d'Ivoire", "Croatia", "Gabon", "the Gambia",
        "Thailand", "The former Yugoslav Republic of Macedonia", "Timor-Leste", "Turkey",
    ]  # fmt: skip
