"""Attachments: the exact bytes, a safe name, the true type, and the warnings."""

import hashlib
import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflows.reading import Flag, read
from mailflows.reading.archives import zip_flags, zip_type
from mailflows.reading.names import clean
from mailflows.reading.sniffing import type_of
from tests.mailflows.reading.mails import FROM, TO, enclosed, enclosure, many, multipart, part, zipped

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
ODT = "application/vnd.oasis.opendocument.text"
DOCX = zipped({"[Content_Types].xml": b"x", "word/document.xml": b"x"})


def test_two_pdfs_are_read_to_the_byte() -> None:
    first, second = PDF, PDF + os.urandom(5_000) + b"\r\n--b1 \n.\n"
    reading = read(
        multipart(part("text/plain", "Enclosed."), enclosure("report.pdf", first), enclosure("annex.pdf", second))
    )
    assert [(a.name, a.type, a.declared, a.content) for a in reading.attachments] == [
        ("report.pdf", "application/pdf", "application/pdf", first),
        ("annex.pdf", "application/pdf", "application/pdf", second),
    ]
    assert reading.attachments[1].sha256 == hashlib.sha256(second).hexdigest()
    assert [a.flags for a in reading.attachments] == [(), ()]
    assert (reading.text, reading.problems) == ("Enclosed.", ())


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n", b"\r\n\r\n"])
def test_bytes_sent_as_they_are_keep_their_line_breaks(ending: bytes) -> None:
    content = b"one\r\ntwo\nthree\x00" + ending
    [attachment] = read(multipart(part("application/octet-stream", content, encoding="binary"))).attachments
    assert attachment.content == content


def test_the_bytes_are_not_shown_when_a_reading_is_printed() -> None:
    assert "PDF-1.4" not in repr(enclosed("a.pdf", PDF))


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ('attachment; filename="report.pdf"', "report.pdf"),
        ("attachment; filename=first report.pdf", "first report.pdf"),
        ("attachment; filename*=utf-8''R%C3%A9ponse%20du%20Malawi.pdf", "Réponse du Malawi.pdf"),
        ("attachment; filename*0*=utf-8''R%C3%A9; filename*1*=ponse%20; filename*2=du.pdf", "Réponse du.pdf"),
        ("attachment; filename*=koi8-r''%E4%CF%CB%CC%C1%C4.pdf", "Доклад.pdf"),
        ('attachment; filename="=?utf-8?B?UsOpcG9uc2UucGRm?="', "Réponse.pdf"),
        ('attachment; filename="=?utf-8?Q?R=C3=A9?=\r\n =?utf-8?Q?ponse.pdf?="', "Réponse.pdf"),
        ('attachment; filename="Réponse.pdf"', "Réponse.pdf"),
        ("attachment; filename=\"plain.pdf\"; filename*=utf-8''R%C3%A9el.pdf", "Réel.pdf"),
        ('attachment; filename="C:\\Users\\me\\report.pdf"', "report.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="annex\u202efdp.exe"', "annexfdp.exe"),
        ('attachment; filename="a;b \\"c\\".pdf"', "a;b _c_.pdf"),
        ('attachment; filename=".."', "unnamed-1.pdf"),
        ("attachment", "unnamed-1.pdf"),
    ],
)
def test_names_are_understood_and_made_safe(field: str, name: str) -> None:
    raw = multipart(part("application/pdf", PDF, "Content-Disposition: @")).replace(
        b"@\r\n", field.encode() + b"\r\n", 2
    )
    [attachment] = read(raw.replace(TO.replace("@", field).encode(), TO.encode())).attachments
    assert attachment.name == name


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_stored(name: str) -> None:
    cleaned = clean(name, number=3, kind="application/pdf")
    assert 0 < len(cleaned.encode()) <= 255
    assert not set(cleaned) & set('/\\\0\r\n\u202e<>:"|?*')
    assert cleaned not in {".", ".."}


def test_a_long_name_keeps_its_extension_and_no_half_character() -> None:
    name = clean("é" * 300 + ".pdf", number=1, kind="")
    assert len(name.encode()) <= 255
    assert name.endswith("é.pdf")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"), (b"\xef\xbb\xbf\r\n" + PDF, "application/pdf"),
        (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (zipped({"a.txt": b"x"}), "application/zip"), (OLE + "WordDocument".encode("utf-16-le"), "application/msword"),
        (OLE + "Workbook".encode("utf-16-le"), "application/vnd.ms-excel"), (b"{\\rtf1 x}", "application/rtf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(9), "image/png"), (b"\xff\xd8\xff\xe0" + bytes(9), "image/jpeg"), (b"GIF89a" + bytes(9), "image/gif"),
        (b"Dear colleagues", "text/plain"), (b"MZ is how it begins", "text/plain"), (b"<!DOCTYPE html><p>", "text/html"),
        (bytes(20), "application/octet-stream"), (b"", "application/octet-stream"),
        (zipped({"mimetype": ODT.encode(), "content.xml": b"x"}, 0), ODT),
    ],
)  # fmt: skip
def test_the_type_is_what_the_bytes_show(content: bytes, kind: str) -> None:
    assert type_of(content) == kind


def test_what_the_bytes_cannot_show_is_what_the_sender_says() -> None:
    assert enclosed("a.csv", b"a,b\n1,2\n", "text/csv").type == "text/csv"
    assert enclosed("a.bin", bytes(20), "application/x-special").type == "application/x-special"
    assert enclosed("a.pdf", bytes(20), "application/pdf").type == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "content", "declared", "flags"),
    [
        ("report.pdf", PDF, "application/octet-stream", []),
        ("report.docx", DOCX, "application/octet-stream", []),
        ("report.pdf", b"MZ" + bytes(60) + b"PE\0\0" + bytes(9), "application/pdf", ["mismatch", "executable"]),
        ("photo.jpg", PDF, "image/jpeg", ["mismatch"]),
        ("report.pdf.exe", b"anything", "application/octet-stream", ["mismatch", "executable"]),
        ("files.zip", zipped({"a.txt": b"x"}), "application/zip", ["archive"]),
        ("files.zip", zipped({"run.exe": b"x"}), "application/zip", ["archive", "executable"]),
        (
            "report.docm",
            zipped({"[Content_Types].xml": b"x", "word/vbaProject.bin": b"x"}),
            "application/octet-stream",
            ["macro"],
        ),
        ("report.doc", OLE + "WordDocument_VBA_PROJECT".encode("utf-16-le"), "application/msword", ["macro"]),
        (
            "report.docx",
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "application/octet-stream",
            ["mismatch", "encrypted-archive"],
        ),
        ("report.odt", zipped({"mimetype": ODT.encode(), "content.xml": b"x"}, 0), ODT, []),
        ("files.7z", b"7z\xbc\xaf\x27\x1c" + bytes(20), "application/x-7z-compressed", ["archive"]),
        ("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(20), "application/ms-tnef", ["tnef"]),
        ("report.pdf", b"", "application/pdf", ["empty"]),
        ("many.zip", zipped({f"inner{n}.zip": b"x" for n in range(16)}), "application/zip", ["archive", "bomb"]),
    ],
)
def test_warnings(name: str, content: bytes, declared: str, flags: list[str]) -> None:
    assert [flag.value for flag in enclosed(name, content, declared).flags] == flags


def test_a_zip_bomb_is_told_and_never_unpacked() -> None:
    bomb = zipped({"zeros": bytes(60_000_000)})
    assert Flag.BOMB in enclosed("report.zip", bomb, "application/zip").flags
    claims = bytearray(zipped({"small": b"x"}))
    struct.pack_into("<I", claims, claims.rfind(b"PK\x01\x02") + 24, 0xFFFFFFF0)
    assert zip_flags(bytes(claims)) == {Flag.ARCHIVE, Flag.BOMB}


def test_a_directory_without_end_is_a_bomb_and_is_not_read() -> None:
    lies = bytearray(zipped({"small": b"x"}))
    struct.pack_into("<I", lies, lies.rfind(b"PK\x05\x06") + 12, 50_000_000)
    assert zip_flags(bytes(lies)) == {Flag.ARCHIVE, Flag.BOMB}


def test_an_encrypted_zip_is_told() -> None:
    raw = bytearray(zipped({"secret": b"x"}))
    raw[raw.rfind(b"PK\x01\x02") + 8] |= 1
    assert Flag.ENCRYPTED in zip_flags(bytes(raw))


@given(st.data())
def test_no_broken_zip_raises(data: st.DataObject) -> None:
    raw = bytearray(zipped({"a.txt": b"x" * 50, "b.txt": b"y"}))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(4, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(raw[: data.draw(st.integers(4, len(raw)))])
    assert Flag.ARCHIVE in zip_flags(cut)
    assert zip_type(cut)


def test_a_message_within_a_message_is_an_attachment_of_its_exact_bytes() -> None:
    inner = f"{FROM}\r\nSubject: =?utf-8?Q?R=C3=A9ponse_1/2?=\r\n\r\nBody\r\n".encode()
    [attachment] = read(
        multipart(part("text/plain", "See."), part("message/rfc822", inner, encoding="8bit"))
    ).attachments
    assert (attachment.name, attachment.type, attachment.content) == ("Réponse 1-2.eml", "message/rfc822", inner)


def test_pictures_of_a_signature_are_inline_and_reports_are_not() -> None:
    logo = part(
        "image/png",
        b"\x89PNG\r\n\x1a\n" + bytes(9),
        "Content-ID: <logo>",
        "Content-Disposition: inline; filename=logo.png",
    )
    related = many("related", part("text/html", "<p>Words<img src=cid:logo>"), logo, boundary="b2")
    scanned = part("application/pdf", PDF, "Content-Disposition: inline; filename=report.pdf")
    reading = read(multipart(related, scanned, enclosure("b.pdf", PDF)))
    assert [(a.name, a.inline) for a in reading.attachments] == [
        ("logo.png", True),
        ("report.pdf", False),
        ("b.pdf", False),
    ]


def test_a_message_that_is_one_file_has_it_as_attachment() -> None:
    reading = read(FROM.encode() + b"\r\n" + part("application/pdf; name=scan.pdf", PDF))
    assert ([a.name for a in reading.attachments], reading.text) == (["scan.pdf"], "")


def test_text_sent_as_a_file_is_an_attachment() -> None:
    reading = read(
        multipart(
            part("text/plain", "Words."), part("text/plain", "notes", "Content-Disposition: attachment; filename=n.txt")
        )
    )
    assert (reading.text, reading.attachments[0].content) == ("Words.", b"notes")


def test_more_bytes_than_the_limit_are_told() -> None:
    assert Flag.TOO_LARGE in enclosed("big.pdf", PDF + bytes(25_000_001)).flags


def test_a_base64_part_of_very_many_pieces_is_decoded_and_its_faults_are_told_once() -> None:
    reading = read(multipart(part("text/plain", b"TQ==A=" * 200_000, encoding="7bit").replace(b": 7bit", b": base64")))
    assert reading.text == "M" * 200_000
    assert reading.problems == ("A base64 part is cut short; what could be decoded was kept.",)
