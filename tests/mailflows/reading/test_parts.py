"""Messages that are broken, deep, or of very many parts: what can be read is read, the rest is told."""

import base64

import pytest

from mailflows.reading import read
from mailflows.reading.transfer import content_of
from tests.mailflows.reading.mails import FROM, enclosure, mail, many, multipart, part, reading_of

PDF = b"%PDF-1.4 x"


def test_a_thousand_parts_are_listed_up_to_a_limit_and_the_rest_is_told() -> None:
    reading = read(multipart(*[enclosure(f"{n}.pdf", PDF) for n in range(1_000)]))
    assert len(reading.attachments) == 200
    assert any("more than 200 parts" in problem for problem in reading.problems)


def test_parts_within_parts_are_read_to_a_depth_and_kept_whole_below() -> None:
    raw = part("text/plain", "deep")
    for depth in range(2_000):
        raw = many("mixed", part("text/plain", f"level {depth}"), raw, boundary=f"x{depth}")
    reading = read(FROM.encode() + b"\r\n" + raw)
    assert "level 1999" in reading.text
    assert any("more than 20 deep" in problem for problem in reading.problems)
    assert len(reading.attachments) == 1


def test_messages_within_messages_without_end_are_one_attachment() -> None:
    raw = b"Subject: innermost\r\n\r\nx"
    for _ in range(2_000):
        raw = b"Content-Type: message/rfc822\r\n\r\n" + raw
    assert len(read(FROM.encode() + b"\r\n" + raw).attachments) == 1


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/mixed",
        'multipart/mixed; boundary=""',
        "multipart/mixed; boundary=other",
        "multipart/mixed; boundary*=x''%",
        "nonsense",
        "/",
        "a/b/c",
        "",
    ],
)
def test_words_are_read_whatever_the_content_type_says(content_type: str) -> None:
    assert "words" in reading_of("These are words.", f"Content-Type: {content_type}").text


def test_a_multipart_without_its_end_keeps_its_last_part() -> None:
    raw = multipart(part("text/plain", "Words."), enclosure("a.pdf", PDF))
    reading = read(raw.removesuffix(b"--b1--\r\n"))
    assert [a.content for a in reading.attachments] == [PDF]


def test_an_inner_multipart_without_its_end_does_not_swallow_the_outer() -> None:
    inner = many("alternative", part("text/plain", "Words."), boundary="b2").removesuffix(b"--b2--\r\n")
    reading = read(multipart(inner, enclosure("a.pdf", PDF)))
    assert (reading.text, [a.content for a in reading.attachments]) == ("Words.", [PDF])


def test_a_boundary_that_begins_as_another_is_not_that_other() -> None:
    raw = multipart(many("alternative", part("text/plain", "Words."), boundary="b1-inner"), enclosure("a.pdf", PDF))
    assert [a.content for a in read(raw).attachments] == [PDF]


def test_lines_may_end_in_any_way() -> None:
    raw = multipart(part("text/plain", "Words."), enclosure("a.pdf", PDF))
    for ending in (b"\n", b"\r"):
        reading = read(raw.replace(b"\r\n", b"\n").replace(b"\n", ending))
        assert (reading.text, [a.content for a in reading.attachments]) == ("Words.", [PDF])


@pytest.mark.parametrize(
    ("encoded", "content"),
    [
        (b"SGVsbG8=", b"Hello"), (b"SGVsbG8", b"Hello"), (b"SGVs\r\nbG8=", b"Hello"), (b"SGV!sbG8=", b"Hello"),
        (b"SGVsbG8gd29ybGQ", b"Hello world"),
        (b"SGVsbG8=\r\nIHdvcmxk", b"Hello world"), (b"SGVsbG8=\r\n-- \r\nA list's footer.", b"Hello"),
        (b"SGVsbG8gd", b"Hello "), (b"", b""), (b"=", b""),
    ],
)  # fmt: skip
def test_base64_with_faults_keeps_what_can_be_read(encoded: bytes, content: bytes) -> None:
    assert content_of(encoded, "base64", []) == content


@pytest.mark.parametrize(
    ("encoded", "content"),
    [
        (b"R=C3=A9ponse", "Réponse".encode()),
        (b"one=\r\ntwo", b"onetwo"),
        (b"50 = 50 =ZZ", b"50 = 50 =ZZ"),
        (b"end=", b"end"),
        (b"a=3D1", b"a=1"),
    ],
)
def test_quoted_printable_with_faults_keeps_what_can_be_read(encoded: bytes, content: bytes) -> None:
    assert content_of(encoded, "quoted-printable", []) == content


def test_an_unknown_transfer_encoding_is_told_and_kept_as_sent() -> None:
    reading = reading_of("Words.", "Content-Transfer-Encoding: x-own")
    assert reading.text == "Words."
    assert "x-own" in reading.problems[0]


def test_a_whole_message_in_base64_is_read() -> None:
    assert read(mail(base64.b64encode("Réponse".encode()), "Content-Transfer-Encoding: BASE64")).text == "Réponse"


def test_sealed_mail_says_so() -> None:
    reading = reading_of("MIIB", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")
    assert "sealed" in " ".join(reading.problems)
    assert [a.name for a in reading.attachments] == ["smime.p7m"]
