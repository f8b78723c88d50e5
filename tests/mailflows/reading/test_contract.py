"""The words of the contract: every field always there, for every file; nothing raises, whatever the bytes are."""

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflows.reading import as_json, read
from tests.mailflows.reading.mails import enclosure, mail, many, multipart, part, zipped

FIELDS = [
    "file", "kind", "from", "to", "subject", "date", "message_id", "in_reply_to", "text", "reply", "language", "attachments",
    "bounce", "calendar", "authentication", "problems",
]  # fmt: skip
KINDS = {"message", "automatic", "bounce", "calendar", "list", "report", "receipt", "unreadable"}
ORDINARY = multipart(
    many(
        "alternative",
        part("text/plain; charset=koi8-r", "Доклад".encode("koi8-r"), encoding="8bit"),
        part(
            "text/html; charset=utf-8", "<p>Доклад <a href='https://un.example'>здесь</a>", encoding="quoted-printable"
        ),
        part(
            "text/calendar; method=REPLY",
            "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example\r\n",
        ),
        boundary="b2",
    ),
    enclosure("report.zip", zipped({"a.txt": b"x"}), "application/zip"),
    part(
        "message/delivery-status",
        "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1",
        encoding="7bit",
    ),
    fields=(
        "Date: Tue, 4 Sep 2012 10:00:00 +0200",
        "Message-ID: <1@x.example>",
        "Authentication-Results: mx.test; spf=pass; dmarc=pass (p=none) header.from=malawi.mission.example",
        "Received: from a by b; Tue, 4 Sep 2012 10:00:00 +0200",
    ),
)


def keeps_the_contract(raw: bytes) -> None:
    line = json.dumps(as_json(read(raw), "a.eml"), ensure_ascii=False)
    line.encode("utf-8")  # raises for a lone surrogate
    said = json.loads(line)
    assert [name for name in said if name in FIELDS] == FIELDS
    assert said["kind"] in KINDS
    assert list(said["authentication"]) == ["spf", "dkim", "dmarc", "arc"]
    for name in ("subject", "message_id", "in_reply_to"):
        assert said[name] is None or said[name].isprintable() or not set(said[name]) & set("\r\n\0\x1b")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0",
        b"\r\n",
        b"noise",
        b"From",
        b":",
        os.urandom(5_000),
        b"\xff\xfe" * 500,
        "\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_noise_is_unreadable_and_told(raw: bytes) -> None:
    keeps_the_contract(raw)
    reading = read(raw)
    assert reading.kind == "unreadable"
    assert reading.problems


@given(st.binary(max_size=2_000))
def test_any_bytes_keep_the_contract(raw: bytes) -> None:
    keeps_the_contract(raw)


@given(st.data())
@settings(max_examples=300)
def test_ordinary_mail_with_any_faults_keeps_the_contract(data: st.DataObject) -> None:
    raw = ORDINARY
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 30))
        raw = raw[:at] + data.draw(st.binary(max_size=12)) + raw[at + length :]
    keeps_the_contract(raw)
    assert not any("could not be read" in problem for problem in read(raw).problems)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "From",
                    "To",
                    "Subject",
                    "Date",
                    "Content-Type",
                    "Received",
                    "Message-ID",
                    "Authentication-Results",
                    "Return-Path",
                    "List-Id",
                ]
            ),
            st.text(max_size=80),
        )
    ),
    st.text(max_size=300),
)
def test_any_words_in_any_field_keep_the_contract(fields: list[tuple[str, str]], body: str) -> None:
    raw = "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n" + body
    keeps_the_contract(raw.encode("utf-8", "surrogatepass"))
    assert not any("could not be read" in problem for problem in read(raw.encode("utf-8", "surrogatepass")).problems)


def test_an_ordinary_message_as_json() -> None:
    said = as_json(
        read(mail("Nous avons le plaisir de vous transmettre le rapport de la République.", "Subject: Rapport")),
        "in/1.eml",
    )
    assert said["file"] == "in/1.eml"
    assert said["from"] == {"address": "pm@malawi.mission.example", "name": "Mission of Malawi"}
    assert (said["to"], said["language"], said["kind"]) == (["desk@1540.example"], "fr", "message")
    assert (said["attachments"], said["bounce"], said["calendar"], said["date"], said["problems"]) == (
        [],
        None,
        None,
        None,
        [],
    )


def test_an_attachment_a_bounce_and_a_calendar_as_json() -> None:
    said = as_json(read(ORDINARY), "\udcff")
    assert said["file"] == "\ufffd"
    assert list(said["attachments"][0]) == ["name", "type", "declared", "size", "sha256", "flags", "inline"]
    assert list(said["bounce"]) == ["failed", "delayed", "about"]
    assert said["bounce"]["failed"][0]["address"] == "a@b.example"
    assert said["calendar"]["attendees"] == [{"address": "a@b.example", "partstat": "ACCEPTED"}]
    assert said["authentication"] == {"spf": "pass", "dkim": None, "dmarc": "pass", "arc": None}


@pytest.mark.long
@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(mail(b"Words of a long report.\r\n" * 1_250_000), id="text"),
        pytest.param(
            multipart(part("text/plain", "x"), enclosure("a.pdf", b"%PDF-1.4" + bytes(22_000_000))), id="enclosure"
        ),
        pytest.param(mail(b"a" * 30_000_000), id="one line"),
        pytest.param(b"Subject: " + b"a" * 30_000_000, id="one header"),
        pytest.param(b"X: y\r\n" * 5_000_000, id="headers"),
        pytest.param(bytes(30_000_000), id="noise"),
    ],
)
def test_thirty_megabytes_are_read(raw: bytes) -> None:
    keeps_the_contract(raw)
