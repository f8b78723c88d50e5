"""Whose addresses stand in a field: an encoded or quoted name never makes one, a broken field never hides one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflows.reading import Mailbox, read
from mailflows.reading.addresses import a_label, mailboxes
from tests.mailflows.reading.mails import mail, reading_of


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("pm@malawi.example", [("pm@malawi.example", None)]),
        ("PM@Malawi.Example", [("pm@malawi.example", None)]),
        ("Mission of Malawi <pm@malawi.example>", [("pm@malawi.example", "Mission of Malawi")]),
        ('"Banda, A." <a@b.example>, c@d.example', [("a@b.example", "Banda, A."), ("c@d.example", None)]),
        ("a@b.example (A. Banda)", [("a@b.example", "A. Banda")]),
        ("a@b.example; c@d.example;", [("a@b.example", None), ("c@d.example", None)]),
        (
            "Missions: a@b.example, C <c@d.example>;, e@f.example",
            [("a@b.example", None), ("c@d.example", "C"), ("e@f.example", None)],
        ),
        ("undisclosed-recipients:;", []),
        ('"a;b\\"c"@d.example', [('"a;b\\"c"@d.example', None)]),
        ('"O\'Brien; \\"Ann\\"" <o\'brien@d.example>', [("o'brien@d.example", 'O\'Brien; "Ann"')]),
        ('"plain"@d.example', [("plain@d.example", None)]),
        ("=?utf-8?Q?x=40evil=2Eexample=2C?= <a@b.example>", [("a@b.example", "x@evil.example,")]),
        ('"pm@malawi.example" <x@evil.example>', [("x@evil.example", "pm@malawi.example")]),
        ("<@relay.example,@other.example:a@b.example>", [("a@b.example", None)]),
        ("Foo <a@b.example, Bar <c@d.example>", [("a@b.example", "Foo"), ("c@d.example", "Bar")]),
        ("<mailto:a@b.example>", [("a@b.example", None)]),
        ("a@bücher.example", [("a@xn--bcher-kva.example", None)]),
        ("Ministry of Foreign Affairs", []),
        ("a@b@c.example", []),
        ("a b@c.example", [("b@c.example", None)]),
        ("<a b@c.example>", []),
        ("@", []),
        ("", []),
        ("(never closed a@b.example", [("a@b.example", None)]),
    ],
)
def test_mailboxes(field: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(mailbox.address, mailbox.name) for mailbox in mailboxes([field])] == expected


def test_an_invisible_character_makes_no_registered_address() -> None:
    for hidden in ("\u202e", "\u200f", "\x00"):
        assert mailboxes([f"<p{hidden}m@malawi.example>"]) == ()


@given(st.text())
def test_any_field_gives_addresses_of_one_shape(field: str) -> None:
    for mailbox in mailboxes([field]):
        assert mailbox.address == mailbox.address.strip()
        assert "@" in mailbox.address
        assert "\n" not in mailbox.address


def test_names_of_domains_compare_as_a_labels() -> None:
    assert a_label("BÜCHER.example.") == "xn--bcher-kva.example"
    assert a_label("..") == ""


def test_more_than_one_from_names_nobody() -> None:
    five = "From: " + ", ".join(f"p{n}@mission{n}.example" for n in range(5))
    reading = read(mail(sender=five))
    assert reading.from_ is None
    assert len(reading.senders) == 5
    assert "From names 5 mailboxes" in reading.problems[0]
    twice = read(mail(sender="From: a@b.example\r\nFrom: c@d.example"))
    assert (twice.from_, len(twice.senders)) == (None, 2)


def test_a_message_without_from_is_read_and_names_nobody() -> None:
    reading = read(mail("Our report", sender=""))
    assert (reading.from_, reading.senders, reading.text, reading.kind) == (None, (), "Our report", "message")
    assert read(mail(sender="From:")).from_ is None


def test_one_from_names_its_mailbox() -> None:
    assert reading_of("x").from_ == Mailbox("pm@malawi.mission.example", "Mission of Malawi")


def test_the_envelope_is_read_as_servers_noted_it() -> None:
    reading = reading_of(
        "x", "Return-Path: <A@b.example>", "Delivered-To: desk+abc@1540.example", "X-Original-To: desk+abc@1540.example"
    )
    assert reading.envelope_sender == "a@b.example"
    assert reading.delivered_to == ("desk+abc@1540.example",)
    assert reading_of("x", "Return-Path: <>").envelope_sender == ""
    assert reading_of("x").envelope_sender is None


def test_of_very_many_addresses_the_first_are_given_and_it_is_said() -> None:
    fields = (f"Cc: {', '.join(f'a{line}-{number}@b.example' for number in range(500))}" for line in range(10))
    reading = reading_of("x", *fields)
    assert [reading.cc[0].address, reading.cc[-1].address] == ["a0-0@b.example", "a1-499@b.example"]
    assert reading.problems == ("To or Cc names very many mailboxes; the first 1,000 are given.",)
