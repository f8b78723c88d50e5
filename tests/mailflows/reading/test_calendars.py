"""Answers to invitations, as calendars send them."""

import pytest

from mailflows.reading import Attendee, Calendar, read
from mailflows.reading.calendars import calendar_of
from tests.mailflows.reading.mails import multipart, part

REPLY = """BEGIN:VCALENDAR
PRODID:-//Calendar//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VTIMEZONE
TZID:America/New_York
END:VTIMEZONE
BEGIN:VEVENT
DTSTART:20121120T150000Z
UID:meeting-7@1540.example
SEQUENCE:2
ATTENDEE;CN="Banda; A.";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:PM@Mala
 wi.example
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def test_an_answer_to_an_invitation_says_who_answers_what() -> None:
    plain = part("text/plain", "Accepted.")
    reading = read(multipart(plain, part("text/calendar; method=REPLY; charset=utf-8", REPLY), kind="alternative"))
    assert reading.kind == "calendar"
    assert reading.calendar == Calendar(
        "REPLY", "meeting-7@1540.example", 2, (Attendee("pm@malawi.example", "ACCEPTED"),)
    )
    assert (reading.text, reading.attachments) == ("Accepted.", ())


def test_a_calendar_that_is_only_enclosed_does_not_make_the_message_one() -> None:
    reading = read(
        multipart(
            part("text/plain", "Our report."),
            part("text/calendar", REPLY, "Content-Disposition: attachment; filename=i.ics"),
        )
    )
    assert (reading.kind, reading.calendar) == ("message", None)
    assert [a.name for a in reading.attachments] == ["i.ics"]


@pytest.mark.parametrize("text", ["", "noise", "BEGIN:VEVENT\nUID:1\nEND:VEVENT", "BEGIN VCALENDAR"])
def test_what_is_no_calendar_is_none(text: str) -> None:
    assert calendar_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSEQUENCE:x\nATTENDEE:nobody",
        "begin:vcalendar\nbegin:vevent\nattendee;partstat=:mailto:a b",
    ],
)
def test_a_broken_calendar_gives_what_it_has(text: str) -> None:
    calendar = calendar_of(text)
    assert calendar
    assert (calendar.sequence, calendar.attendees) == (None, ())
