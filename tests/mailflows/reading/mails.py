"""Small messages for the tests, written out as they travel: header fields, an empty line, a body."""

import base64
import io
import zipfile

from mailflows.reading import Attachment, Reading, read

FROM = "From: Mission of Malawi <pm@malawi.mission.example>"
TO = "To: desk@1540.example"


def mail(body: str | bytes = "With compliments.", *fields: str, sender: str = FROM, charset: str = "utf-8") -> bytes:
    """A message of one part; `fields` come after From and To."""
    raw = body if isinstance(body, bytes) else body.encode(charset)
    named = "" if any(field.lower().startswith("content-type") for field in fields) else f"; charset={charset}"
    kind = [f"Content-Type: text/plain{named}"] if named else []
    return "\r\n".join([*filter(None, [sender]), TO, *fields, *kind, "", ""]).encode("utf-8", "surrogateescape") + raw


def reading_of(body: str | bytes, *fields: str, charset: str = "utf-8") -> Reading:
    return read(mail(body, *fields, charset=charset))


def part(kind: str, content: bytes | str, *fields: str, encoding: str = "base64") -> bytes:
    raw = content.encode() if isinstance(content, str) else content
    body = base64.encodebytes(raw) if encoding == "base64" else raw
    lines = [f"Content-Type: {kind}", *fields, f"Content-Transfer-Encoding: {encoding}", "", ""]
    return "\r\n".join(lines).encode() + body


def enclosure(name: str, content: bytes, kind: str = "application/pdf") -> bytes:
    return part(kind, content, f'Content-Disposition: attachment; filename="{name}"')


def many(kind: str, *parts: bytes, fields: tuple[str, ...] = (), boundary: str = "b1") -> bytes:
    """A multipart as a part: its Content-Type and what it holds."""
    inner = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), each) for each in parts)
    head = "\r\n".join([*fields, f'Content-Type: multipart/{kind}; boundary="{boundary}"', "", ""])
    return head.encode() + inner + b"--%b--\r\n" % boundary.encode()


def multipart(*parts: bytes, kind: str = "mixed", fields: tuple[str, ...] = ()) -> bytes:
    return many(kind, *parts, fields=(FROM, TO, "Subject: First report", *fields))


def enclosed(name: str, content: bytes, kind: str = "application/pdf") -> Attachment:
    """The one attachment of a mail that holds it."""
    [attachment] = read(multipart(part("text/plain", "Enclosed."), enclosure(name, content, kind))).attachments
    return attachment


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()
