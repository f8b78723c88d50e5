"""Header fields as people and programs write them: folded, encoded, broken; each becomes one clean line."""

import pytest

from mailflows.reading import read
from mailflows.reading.headers import one_line, words_of
from tests.mailflows.reading.mails import mail, reading_of


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [
        ("=?utf-8?Q?R=C3=A9ponse_du_Malawi?=", "Réponse du Malawi"),
        ("=?UTF-8?B?UsOpcG9uc2U=?= du Malawi", "Réponse du Malawi"),
        ("=?utf-8?Q?R=C3?= =?utf-8?Q?=A9ponse?=", "Réponse"),
        ("=?koi8-r?B?5M/LzMHE?=", "Доклад"),
        ("=?windows-1256?Q?=CA=DE=D1=ED=D1?=", "تقرير"),
        ("=?gb2312?B?sai45g==?=", "报告"),
        ("=?utf-8*fr?Q?R=C3=A9ponse?=", "Réponse"),
        ("=?utf-8?Q?Which day?=", "Which day"),
        ("=?utf-8?Q?Quel_jour_?_?=", "Quel jour ?"),
        ("=?no-such?Q?abc?=", "abc"),
        ("=?utf-8?B?####?=", ""),
        ("not =? encoded ?=", "not =? encoded ?="),
    ],
)
def test_encoded_words_are_read(sent: str, read_as: str) -> None:
    assert one_line(words_of(sent)) == read_as


def test_a_line_break_in_an_encoded_word_becomes_one_line() -> None:
    assert (
        reading_of("x", "Subject: =?utf-8?Q?First=0D=0ABcc:_x=40y.example_re\r\n port?=").subject
        == "First Bcc: x@y.example re port"
    )
    assert reading_of("x", "Subject: =?utf-8?B?Rmlyc3QK?=\r\n =?utf-8?B?cmVwb3J0?=").subject == "First report"


def test_control_characters_and_direction_marks_are_gone() -> None:
    subject = reading_of("x", "Subject: re\x00port\x1b[31m \u202eFDP.exe\u2066").subject
    assert subject == "re port [31m FDP.exe"


def test_a_header_of_ten_thousand_characters_is_read_whole() -> None:
    assert reading_of("x", "Subject: " + "report " * 1_500).subject == ("report " * 1_500).strip()


def test_a_null_byte_in_a_header_loses_nothing_else() -> None:
    reading = read(b"From: a@b.example\0\r\nSubject: one\0two\r\n\r\nwords")
    assert (reading.subject, reading.text) == ("one two", "words")


def test_bare_eight_bit_headers_are_read_in_the_charset_of_the_body() -> None:
    raw = mail("Доклад", charset="koi8-r").replace(b"To:", b"Subject: " + "Доклад".encode("koi8-r") + b"\r\nTo:")
    assert read(raw).subject == "Доклад"
    assert read("From: a@b.example\r\nSubject: Réponse\r\n\r\nx".encode("cp1252")).subject == "Réponse"


def test_a_message_without_an_empty_line_still_has_its_words() -> None:
    assert read(b"From: a@b.example\r\nSubject: s\r\nThis line is no field\r\nnor this").text.startswith(
        "This line is no field"
    )


def test_an_mbox_line_and_a_byte_order_mark_are_no_part_of_the_message() -> None:
    assert read(b"From a@b.example Tue Sep  4 10:00:00 2012\nFrom: a@b.example\n\nx").kind == "message"
    assert read(b"\xef\xbb\xbfFrom: a@b.example\n\nx").kind == "message"


def test_dates_keep_their_zone_and_impossible_ones_are_told() -> None:
    assert reading_of("x", "Date: Tue, 4 Sep 2012 10:00:00 +0200").date.isoformat() == "2012-09-04T10:00:00+02:00"  # type: ignore[union-attr]
    assert reading_of("x", "Date: Tue, 4 Sep 2012 10:00:00 -0000").date.isoformat() == "2012-09-04T10:00:00+00:00"  # type: ignore[union-attr]
    for wrong in (
        "yesterday",
        "Tue, 99 Sep 2012 10:00:00 +0000",
        "4 Sep 2012 10:00:00 +99999999",
        "1 Jan 9999 00:00:00 +0000",
    ):
        reading = reading_of("x", f"Date: {wrong}")
        assert reading.date is None
        assert any("is no date" in problem for problem in reading.problems)


def test_the_topmost_received_field_says_when_it_came() -> None:
    received = "Received: from mx.test by desk.test; Tue, 4 Sep 2012 10:00:00 +0000"
    reading = reading_of("x", received, received.replace("10:00", "09:00"))
    assert reading.received
    assert reading.received.isoformat() == "2012-09-04T10:00:00+00:00"
    assert reading_of("x", "Received: from a by b").received is None


def test_message_ids_keep_their_brackets() -> None:
    reading = reading_of(
        "x",
        "Message-ID: <A.1@b.example>",
        "In-Reply-To: answer to <c@d.example>",
        "References: <1@x.test>\r\n <2@x.test>",
    )
    assert (reading.message_id, reading.in_reply_to) == ("<A.1@b.example>", "<c@d.example>")
    assert reading.references == ("<1@x.test>", "<2@x.test>")
    assert reading_of("x", "Message-ID: bare@b.example").message_id == "<bare@b.example>"
    assert reading_of("x", "Message-ID:").message_id is None


def test_of_an_absurd_subject_the_beginning_is_given_and_it_is_said() -> None:
    reading = reading_of("x", "Subject: " + "report " * 5_000)
    assert reading.subject == ("report " * 5_000)[:12_000].strip()
    assert reading.problems == ("Its subject has 34,999 characters; the first 12,000 are given.",)
