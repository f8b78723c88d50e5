"""The address book: terms, people with several addresses, and where each fact is from."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from committee.addressing import CAPITAL, MISSION, Addressing, in_force, of_a_state, placed
from committee.contacts import Contact, Office, each_once, of_office, overlaps
from committee.letters import LetterKind
from committee.provenance import Door, Source

DAY = date(2012, 9, 4)
SOURCE = Source(Door.OFFICER, "Alex Inkwell", datetime(2012, 9, 4, 13, tzinfo=UTC))
DAYS = st.dates(date(2012, 1, 1), date(2013, 12, 31))
OFFICES = st.sampled_from([Office.PERMANENT_MISSION, Office.DEPUTY, Office.NATIONAL_CONTACT_POINT, Office.MINISTRY])


def contact(office: Office = Office.PERMANENT_MISSION, order: int = 1, **facts: object) -> Contact:
    known = Contact(
        f"MWI/{office}/{order}", "MWI", office, "", f"{office}-{order}@malawi.example", order, confirmed=True
    )
    return replace(known, **facts)  # type: ignore[arg-type] # the fields that a test names


@st.composite
def books(draw: st.DrawFn) -> list[Contact]:
    offices = draw(st.lists(OFFICES, max_size=6))
    return [
        contact(office, order, held=draw(st.sampled_from(["", "", "dead"])), confirmed=draw(st.booleans()))
        for order, office in enumerate(offices, 1)
    ]


@given(books(), st.lists(OFFICES, unique=True), st.lists(OFFICES, unique=True))
def test_a_capital_is_never_written_to_without_its_mission(
    known: list[Contact], to: list[Office], copies: list[Office]
) -> None:
    first, others = placed(known, Addressing("MWI", "MWI", tuple(to), tuple(copies)), DAY)
    offices = [one.office for one in (*first, *others)]
    assert not {*offices} & CAPITAL or {*offices} & {*MISSION}
    assert len({one.whose for one in (*first, *others)}) == len(offices)
    assert bool(first) == any(one.confirmed and one.serves_on(DAY) and one.office in MISSION for one in known)


def test_a_letter_to_a_state_goes_to_its_mission_with_its_contact_points_in_copy() -> None:
    known = [contact(Office.NATIONAL_CONTACT_POINT), contact(Office.MINISTRY), contact()]
    to, copies = placed(known, in_force([], "MWI", LetterKind.LETTER) or of_a_state("MWI"), DAY)
    assert [one.office for one in to] == ["permanent-mission"]
    assert [one.office for one in copies] == ["national-contact-point"]


def test_an_addressing_of_one_kind_of_letter_is_of_that_kind_alone() -> None:
    wish = Addressing("MWI/letter", "MWI", (Office.MINISTRY,), (), LetterKind.LETTER)
    assert in_force([wish], "MWI", LetterKind.LETTER) is wish
    assert in_force([wish], "MWI", LetterKind.CLOSURE_NOTICE) is None
    to, copies = placed([contact(), contact(Office.MINISTRY)], wish, DAY)
    assert [one.office for one in (*to, *copies)] == ["ministry", "permanent-mission"]


def test_a_persons_next_address_is_written_to_when_the_first_is_held() -> None:
    first = contact(Office.EXPERT)
    second = contact(Office.EXPERT, 2, person=first.key)
    assert of_office([second, first], Office.EXPERT, DAY) == [first]
    held = replace(first, held="dead")
    assert of_office([second, held], Office.EXPERT, DAY) == [second]
    assert each_once([first, second, contact()]) == [first, contact()]


@given(st.tuples(DAYS, DAYS).map(sorted), st.tuples(DAYS, DAYS).map(sorted), DAYS)
def test_terms_overlap_when_a_day_lies_in_both(one: list[date], other: list[date], day: date) -> None:
    first, second = (contact(start=start, end=end) for start, end in (one, other))
    assert overlaps(first, second) == overlaps(second, first)
    if first.speaks_on(day) and second.speaks_on(day):
        assert overlaps(first, second)
    assert overlaps(first, second) == any(first.speaks_on(edge) and second.speaks_on(edge) for edge in (*one, *other))


def test_a_term_without_end_overlaps_every_later_one() -> None:
    assert overlaps(contact(), contact(start=DAY))
    assert not overlaps(contact(end=DAY), contact(start=date(2012, 9, 5)))


def test_each_fact_has_who_said_it_and_what_it_was() -> None:
    named = contact().changed(SOURCE, name="Ada Quill", title="Ambassador").changed(SOURCE, title="Counsellor")
    fact = named.told_last("title")
    assert fact
    assert (fact.was, fact.now, fact.source.by) == ("Ambassador", "Counsellor", "Alex Inkwell")
    assert len(named.history) == 3
    assert named.changed(SOURCE, title="Counsellor") is named


def test_a_person_is_called_by_style_name_and_title() -> None:
    assert contact(name="Ada Quill", style="H.E. Ms.", title="Ambassador").called == "H.E. Ms. Ada Quill, Ambassador"
    assert contact(name="Registry").called == "Registry"


def test_nothing_speaks_for_a_party_once_it_is_erased() -> None:
    assert not contact(erased="on 4 September 2012").speaks_on(DAY)
