"""Delivery status notifications, old and new, and messages that only look like one."""

import pytest

from mailflows.reading import Bounce, Failure, Reading, read
from tests.mailflows.reading.mails import TO, mail, many, part, reading_of

DAEMON = "From: Mail Delivery System <MAILER-DAEMON@mx.example>"
RETURNED = "Message-ID: <letter.1@1540.example>\r\nSubject: Reminder\r\nFrom: desk@1540.example\r\n"


def notification(
    *recipients: str, to: str = TO, returned: str = RETURNED, kind: str = "message/delivery-status", envelope: str = ""
) -> Reading:
    status = "\r\n\r\n".join([f"Reporting-MTA: dns; mx.example\r\n{envelope}".strip(), *recipients])
    raw = many(
        "report; report-type=delivery-status",
        part("text/plain", "It could not be delivered."),
        part(kind, status, encoding="7bit"),
        part("text/rfc822-headers", returned, encoding="7bit"),
        fields=(DAEMON, to, "Return-Path: <>", "Auto-Submitted: auto-replied"),
    )
    return read(raw)


FAILED = (
    "Final-Recipient: rfc822; PM@Malawi.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <pm@malawi.example>\r\n no such user"
)


def test_a_dead_address_is_told_with_the_servers_words() -> None:
    reading = notification(FAILED, envelope="Original-Envelope-Id: D-77")
    assert reading.kind == "bounce"
    failure = Failure("pm@malawi.example", "5.1.1", "550 5.1.1 <pm@malawi.example> no such user", permanent=True)
    assert reading.bounce == Bounce((failure,), (), "<letter.1@1540.example>", None, "D-77")
    assert reading.attachments == ()


def test_the_token_of_the_envelope_sender_names_the_delivery() -> None:
    assert notification(FAILED, to="To: desk+b-MFRGG2LB@1540.example").bounce.token == "mfrgg2lb"  # type: ignore[union-attr]
    assert notification(FAILED, to=TO + "\r\nDelivered-To: desk+b-abc@1540.example").bounce.token == "abc"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fields", "failed", "delayed"),
    [
        ("Action: delayed\r\nStatus: 4.4.1", [], [False]),
        ("Action: failed\r\nStatus: 4.4.7", [False], []),
        ("Action: failed", [True], []),
        ("Status: 5.2.2", [True], []),
        ("Status: 4.2.2", [], [False]),
        ("Action: Failed (once and for all)\r\nStatus: 5.0.0 (unknown)", [True], []),
    ],
)
def test_failed_and_delayed_permanent_and_not(fields: str, failed: list[bool], delayed: list[bool]) -> None:
    bounce = notification(f"Original-Recipient: rfc822;a@b.example\r\n{fields}").bounce
    assert bounce
    assert [failure.permanent for failure in bounce.failed] == failed
    assert [failure.permanent for failure in bounce.delayed] == delayed


def test_a_delivery_that_succeeded_is_no_bounce() -> None:
    reading = notification("Final-Recipient: rfc822; a@b.example\r\nAction: delivered\r\nStatus: 2.0.0")
    assert (reading.kind, reading.bounce) == ("automatic", None)


def test_international_addresses_and_encoded_reports_are_read() -> None:
    reading = notification(
        "Final-Recipient: utf-8; bücher@bücher.example\r\nAction: failed\r\nStatus: 5.1.1",
        kind="message/global-delivery-status",
    )
    assert reading.bounce
    assert reading.bounce.failed[0].address == "bücher@xn--bcher-kva.example"


def test_the_servers_words_are_cut_and_clean() -> None:
    reading = notification(
        "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nDiagnostic-Code: smtp; \x1b[2J" + "long " * 300
    )
    assert reading.bounce
    said = reading.bounce.failed[0].said
    assert said
    assert len(said) <= 500
    assert said.isprintable()


def test_an_old_notification_in_free_text_is_read() -> None:
    text = "Hi. This is the mail program at mx.example.\nI could not deliver:\n\n<pm@malawi.example>:\n550 5.1.1 no mailbox here\n"
    reading = read(mail(text, "Return-Path: <>", sender=DAEMON))
    assert reading.kind == "bounce"
    assert reading.bounce == Bounce(
        (Failure("pm@malawi.example", "5.1.1", "550 5.1.1 no mailbox here", permanent=True),)
    )


def test_what_a_stranger_writes_about_a_dead_address_is_no_bounce() -> None:
    text = "550 5.1.1 pm@malawi.example does not exist"
    assert reading_of(text).bounce is None
    assert read(mail(text, sender=DAEMON)).bounce is None
    assert reading_of(text, "Return-Path: <>").bounce is None


def test_a_report_that_says_nothing_is_not_a_bounce() -> None:
    assert notification("Final-Recipient: rfc822;").bounce is None
    assert notification().bounce is None


def test_a_read_receipt_and_an_abuse_report_are_known_and_say_what_they_are_about() -> None:
    receipt = many(
        "report; report-type=disposition-notification",
        part("text/plain", "Your message was read."),
        part(
            "message/disposition-notification",
            "Disposition: manual-action\r\nOriginal-Message-ID: <letter.1@1540.example>",
            encoding="7bit",
        ),
        fields=(DAEMON.replace("MAILER-DAEMON", "pm"), TO),
    )
    assert (read(receipt).kind, read(receipt).about) == ("receipt", "<letter.1@1540.example>")
    report = many(
        "report; report-type=feedback-report",
        part("text/plain", "This is an abuse report."),
        part("message/feedback-report", "Feedback-Type: abuse\r\nVersion: 1", encoding="7bit"),
        part("message/rfc822", RETURNED + "\r\nbody", encoding="7bit"),
        fields=("From: abuse@provider.example", TO),
    )
    assert (read(report).kind, read(report).about) == ("report", "<letter.1@1540.example>")
