"""What must never be answered by itself, and what kind of message it is then."""

import pytest

from mailflows.reading import automatic, read
from tests.mailflows.reading.mails import mail, reading_of


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("Return-Path: <>", "automatic"),
        ("Auto-Submitted: auto-replied (vacation)", "automatic"),
        ("Auto-Submitted: auto-generated; owner=x", "automatic"),
        ("Precedence: bulk", "automatic"),
        ("Precedence: junk", "automatic"),
        ("Precedence: auto_reply", "automatic"),
        ("Precedence: list", "list"),
        ("List-Id: Missions <missions.list.example>", "list"),
        ("X-Autoreply: yes", "automatic"),
        ("X-Auto-Response-Suppress: All", "automatic"),
        ("X-Verbale-Desk: 1540.example", "automatic"),
        ("Subject: Automatic reply: First report", "automatic"),
        ("Subject: Out of office: back on Monday", "automatic"),
        ("Subject: =?utf-8?Q?R=C3=A9ponse_automatique_:_rapport?=", "automatic"),
        ("Subject: Respuesta automática: informe", "automatic"),
        ("Subject: Автоматический ответ: доклад", "automatic"),
        ("Subject: رد تلقائي: التقرير", "automatic"),
        ("Subject: 自动回复: 报告", "automatic"),
    ],
)
def test_never_answered(field: str, kind: str) -> None:
    reading = reading_of("I am away.", field)
    assert automatic(reading)
    assert reading.kind == kind


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mx.example", "postmaster@mx.example", "Mailer-Daemon+x@mx.example"])
def test_a_mailer_daemon_is_never_answered(sender: str) -> None:
    assert automatic(read(mail(sender=f"From: {sender}")))


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: no",
        "Return-Path: <pm@malawi.mission.example>",
        "Precedence: first-class",
        "X-Auto-Response-Suppress: None",
        "Subject: Re: Automatic reply: First report",
        "Subject: Automatic reply systems of the customs service",
        "Subject: First report",
    ],
)
def test_a_person_is_answered(field: str) -> None:
    reading = reading_of("Our report.", field)
    assert automatic(reading, "1540.example") is None
    assert reading.kind == "message"


def test_our_own_message_id_is_never_answered() -> None:
    reading = reading_of("x", "Message-ID: <letter.1@1540.EXAMPLE>")
    assert automatic(reading, "1540.example")
    assert automatic(reading) is None
    assert automatic(reading_of("x", "Message-ID: <a@1540.example.evil.test>"), "1540.example") is None
