"""The message that leaves, read back by another reader: whole, plain ASCII, and the same each time."""

import email
import email.policy
import hashlib
import re
from dataclasses import replace
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.errors import Refused
from committee.letters import Addressee, Enclosure, Letter, LetterKind
from mailflows import headers
from mailflows.composing import Letterhead, compose
from mailflows.rendering import Rendered, freeze, render
from tests.mailflows.sample_letters import MALAWI, every_letter, released

HEAD = Letterhead("secretariat@1540.example")
PDF = b"%PDF-1.4 \r\n.\r\n--=_\n" + bytes(range(256))
SHA = hashlib.sha256(PDF).hexdigest()
RECEIPT, REPEAT, CLARIFICATION, *OTHERS, REMINDER = (released(draft) for draft in every_letter(MALAWI))
RENDERED = Rendered("A subject", "Plain\n.\nFrom here\n", "<p>HTML</p>")
ANYTHING = st.text() | st.text(alphabet='a\r\n\t\0:;<>"\\,@=?é\u202e\u200f ', max_size=80)


def made(
    letter: Letter, rendered: Rendered = RENDERED, enclosures: dict[str, bytes] | None = None, reply_to: str = ""
) -> bytes:
    return bytes(compose(letter, rendered, letterhead=HEAD, enclosures=enclosures or {}, reply_to=reply_to))


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def fields(raw: bytes) -> list[str]:
    """The names of the header fields, as a reader that knows only lines sees them."""
    return re.findall(rb"(?m)^([!-9;-~]+):".decode(), raw.partition(b"\r\n\r\n")[0].decode())


def test_the_reminder_is_from_the_chair_to_the_mission_with_copy_to_the_capital() -> None:
    message = read(made(REMINDER, render(freeze(REMINDER.kind, "en").data, REMINDER)))
    assert message["From"] == '"Chair, 1540 Committee" <secretariat@1540.example>'
    assert message["To"] == "Permanent Mission of Malawi <mission@malawi.example>"
    assert message["Cc"] == "National Contact Point of Malawi <contact@capital.malawi.example>"
    assert message["Date"] == "Tue, 04 Sep 2012 09:05:00 -0400"
    assert message["Subject"] == "First report on the implementation of resolution 1540 (2004)"
    assert message["Message-ID"] == REMINDER.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Verbale-Desk"] == "1540.example"
    assert message["Content-Language"] == "en"
    assert message["X-Auto-Response-Suppress"] is None
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_a_receipt_answers_its_mail_and_asks_for_no_automatic_answer() -> None:
    message = read(made(RECEIPT, reply_to="secretariat+token@1540.example"))
    assert message["In-Reply-To"] == message["References"] == "<first@malawi.example>"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["Reply-To"] == '"Secretariat, 1540 Committee" <secretariat+token@1540.example>'


def test_what_a_person_wrote_does_not_say_that_no_person_did() -> None:
    assert read(made(CLARIFICATION))["Auto-Submitted"] is None


def test_the_same_letter_is_the_same_bytes() -> None:
    assert made(REMINDER) == made(replace(REMINDER))


def test_text_and_enclosures_come_out_as_they_went_in() -> None:
    letter = replace(REMINDER, enclosures=(Enclosure("Rapport – été.pdf", "application/pdf", len(PDF), SHA),))
    message = read(made(letter, enclosures={SHA: PDF}))
    assert [part.get_content_type() for part in message.walk()][:2] == ["multipart/mixed", "multipart/alternative"]
    (enclosed,) = message.iter_attachments()
    assert (enclosed.get_filename(), enclosed.get_content_type()) == ("Rapport – été.pdf", "application/pdf")
    assert enclosed.get_content() == PDF
    plain = message.get_body(("plain",))
    assert plain
    assert plain.get_content().replace("\r\n", "\n") == RENDERED.text


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "text/html\r\nX: y", "", "TEXT", "a/b; name=x"])
def test_a_type_that_cannot_be_enclosed_becomes_plain_bytes(kind: str) -> None:
    letter = replace(REMINDER, enclosures=(Enclosure("a.bin", kind, len(PDF), SHA),))
    (enclosed,) = read(made(letter, enclosures={SHA: PDF})).iter_attachments()
    assert enclosed.get_content_type() == "application/octet-stream"


@pytest.mark.parametrize("kept", [{}, {SHA: b"other bytes"}])
def test_an_enclosure_that_is_not_the_released_one_never_leaves(kept: dict[str, bytes]) -> None:
    letter = replace(REMINDER, enclosures=(Enclosure("a.pdf", "application/pdf", len(PDF), SHA),))
    with pytest.raises(Refused, match="not the file that was released"):
        made(letter, enclosures=kept)


@given(name=ANYTHING, subject=ANYTHING, text=ANYTHING, answers=ANYTHING, file=ANYTHING)
def test_no_word_or_name_adds_a_header_or_breaks_a_line(
    name: str, subject: str, text: str, answers: str, file: str
) -> None:
    letter = replace(
        REMINDER,
        addressees=(
            Addressee("mission@malawi.example", name),
            Addressee("contact@capital.malawi.example", name, copy=True),
        ),
        answers=answers,
        enclosures=(Enclosure(file, "application/pdf", len(PDF), SHA),),
    )
    safe = text.encode("utf-8", "ignore").decode()
    raw = made(letter, Rendered(subject, safe, f"<p>{safe}</p>"), {SHA: PDF})
    expected = fields(made(replace(letter, answers=""), enclosures={SHA: PDF}))
    assert [name for name in fields(raw) if name not in {"In-Reply-To", "References"}] == expected
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.isascii()
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw)
    message = read(raw)
    assert [mailbox.addr_spec for mailbox in message["To"].addresses] == ["mission@malawi.example"]
    assert [mailbox.addr_spec for mailbox in message["Cc"].addresses] == ["contact@capital.malawi.example"]
    assert len(list(message.iter_attachments())) == 1


@pytest.mark.parametrize(
    "name",
    [
        "x" * 5_000,
        "é" * 5_000,
        "Mission " * 700,
        'An "own" name; with, signs',
        "\u200fبعثة\u202e",
        "=?utf-8?q?x?=",
        "a\0b",
    ],
)
def test_names_of_any_length_and_script_come_out_whole_or_shortened(name: str) -> None:
    message = read(made(replace(REMINDER, addressees=(Addressee("a@b.example", name),))))
    (mailbox,) = message["To"].addresses
    # Python's reader keeps the space between two encoded words of a name; RFC 2047, 6.2 does not.
    shown, plain = ("".join(text.split()) for text in (mailbox.display_name, re.sub("[\0\u202e]", "", name)))
    assert plain.startswith(shown)
    assert len(shown) >= min(len(plain), headers.LONGEST_NAME - 20)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ('"a;b\\"c"@mission.example', '"a;b\\"c"@mission.example'),
        ("o'neil+un@mission.example", "o'neil+un@mission.example"),
        ("desk@bücher.example", "desk@xn--bcher-kva.example"),
        ("desk@[127.0.0.1]", "desk@[127.0.0.1]"),
    ],
)
def test_unusual_addresses_are_written_as_they_are(address: str, written: str) -> None:
    assert headers.ascii_address(address) == written
    assert read(made(replace(REMINDER, addressees=(Addressee(address, ""),))))["To"] == written


NO_ADDRESSES = (
    "", "nobody", "a@", "@b.example", "a b@c.example", "a@b.example>", "a@b.example\r\nX: y", "é@b.example",
    "a@b..example", "a;b@c.example", "a@\u200fb.example", "a" * 250 + "@b.example", "a\0@b.example", "a@b c.example", '"a"b"@c.example',
)  # fmt: skip


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_address_is_refused_with_the_way_out(address: str) -> None:
    with pytest.raises(Refused, match="is not an address that mail can be sent to"):
        made(replace(REMINDER, addressees=(Addressee(address, "A name"),)))


@given(st.text())
def test_no_address_breaks_a_header(address: str) -> None:
    try:
        written = headers.ascii_address(address)
    except Refused:
        return
    assert re.fullmatch(r"[ -~]+@[!-~]+", written)


def test_only_receipts_ask_for_no_automatic_answer() -> None:
    asking = [
        each.kind
        for each in (RECEIPT, REPEAT, CLARIFICATION, REMINDER)
        if "X-Auto-Response-Suppress" in fields(made(each))
    ]
    assert asking == [LetterKind.RECEIPT, LetterKind.RECEIPT_REPEAT]
