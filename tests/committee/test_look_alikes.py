"""Domains that look like another one, and what else is to be looked at in the address book."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.book_rules import doubts, why_no_term
from committee.contacts import Contact, Office
from committee.look_alikes import at_a_glance, domain_of
from committee.parties import PartyKind
from committee.policies import KINDS, RETAINED, observing, years_kept
from mailflows.erasing import years_after

DAY = date(2012, 9, 4)
SHARED = {"shared.example"}
CYRILLIC_A = "\N{CYRILLIC SMALL LETTER A}"


def contact(key: str, address: str, name: str = "", **facts: object) -> Contact:
    party, office, _ = key.split("/")
    return Contact(key, party, Office(office), name, address, **facts)  # type: ignore[arg-type] # the fields a test names


def said(*book: Contact) -> list[str]:
    return [one.said for one in doubts(book[:1], book, SHARED, DAY)]


@pytest.mark.parametrize("other", [
    f"gov-m{CYRILLIC_A}lawi.example", "gov-ma1awi.example", "gov-malavvi.example", "g0v-malawi.example",
    "gov-rnalawi.example", "govmalawi.example",
    f"gov-m{CYRILLIC_A}lawi".encode("punycode").decode().join(("xn--", ".example")),
])  # fmt: skip
def test_a_domain_that_can_be_taken_for_another_is_known(other: str) -> None:
    assert at_a_glance(other) == at_a_glance("gov-malawi.example")


@pytest.mark.parametrize("other", ["gov-mali.example", "gov-malawi.test", "malawi.example"])
def test_other_domains_are_others(other: str) -> None:
    assert at_a_glance(other) != at_a_glance("gov-malawi.example")


@given(st.text())
def test_no_domain_breaks_the_look(domain: str) -> None:
    assert isinstance(at_a_glance(domain), str)
    assert isinstance(at_a_glance(f"xn--{domain}"), str)
    assert domain_of(f"a@{domain}") == domain.rpartition("@")[2].casefold()


def test_each_doubt_is_said() -> None:
    one = contact("MWI/expert/1", "a@gov-ma1awi.example", "Ada")
    assert said(one, contact("ZMB/expert/1", "b@gov-malawi.example")) == [
        "gov-ma1awi.example looks like gov-malawi.example, the domain of ZMB, and is another one"
    ]
    assert said(one, contact("ZMB/expert/1", one.address)) == [f"{one.address} stands under ZMB too (ZMB/expert/1)"]
    assert said(one, contact("MWI/expert/2", one.address)) == [f"{one.address} stands there twice (MWI/expert/2)"]
    assert said(one, contact("MWI/expert/2", "b@x.example", "ADA")) == ["Ada stands there twice (MWI/expert/2)"]
    assert said(contact("MWI/expert/1", "a@shared.example")) == [
        "shared.example is a domain that many parties share: mail from other addresses of it names nobody"
    ]


def test_whoever_has_left_or_was_erased_raises_no_doubt() -> None:
    one = contact("MWI/expert/1", "a@x.example", "Ada")
    for gone in ({"end": date(2012, 9, 3)}, {"erased": "erased"}):
        assert not said(one, contact("ZMB/expert/1", one.address, "Ada", **gone))
    assert not said(one, contact("MWI/expert/2", "b@x.example", "Ada", person=one.key))


def test_many_experts_hold_their_office_together_and_one_representative_alone() -> None:
    for office, alone in (("expert", False), ("permanent-representative", True)):
        first, second = (contact(f"MWI/{office}/{place}", f"{place}@x.example", "Ada") for place in (1, 2))
        assert bool(why_no_term(second, [first])) == alone
        assert not why_no_term(second, [contact(first.key, "a@x.example", erased="erased")])


def test_each_kind_of_party_has_its_years() -> None:
    assert {*RETAINED} == {*PartyKind}
    assert {f"retain.{kind}" for kind in PartyKind} <= {*KINDS}
    assert (years_kept(PartyKind.STATE, (), DAY), years_kept(PartyKind.PRESS, (), DAY)) == (10, 2)
    assert observing((), DAY) == (11, 15)


@given(st.dates(), st.integers(0, 100))
def test_years_after_a_day_are_a_day(day: date, years: int) -> None:
    later = years_after(day, years)
    assert later == date.max or (later.year, later.month) == (day.year + years, day.month)
