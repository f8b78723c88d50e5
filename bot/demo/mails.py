"""The mails of the day, as missions, capitals and organizations write them; every word of them is invented."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from uuid import uuid4


@dataclass(slots=True)
class Letterbox:
    """The Maildir in which the day's mail arrives, in the order in which it was brought."""

    path: Path
    brought: int = 0

    def brings(self, message: EmailMessage, at: datetime) -> None:
        """A mail server's last step: the whole message into tmp/, then renamed into new/."""
        for folder in ("tmp", "new", "cur"):
            (self.path / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        self.brought += 1
        name = f"{at.timestamp():.0f}.{self.brought:04}.post-office.test"
        received = f"from mission.test by post-office.test with ESMTP; {format_datetime(at)}"
        raw = b"Received: " + received.encode() + b"\r\n" + message.as_bytes()
        (self.path / "tmp" / name).write_bytes(raw)
        (self.path / "tmp" / name).rename(self.path / "new" / name)


def written(  # noqa: PLR0913 - a mail's parts, each by its name
    sender: str, to: str, subject: str, text: str, *, at: datetime,
    files: dict[str, bytes] | None = None, answers: str = "",
) -> EmailMessage:  # fmt: skip
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{uuid4().hex}@mission.test>"
    if answers:
        message["In-Reply-To"] = answers
    message.set_content(text)
    for name, data in (files or {}).items():
        message.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return message


def pdf(words: str) -> bytes:
    """A page with one line of text, as a PDF file."""
    stream = f"BT /F1 14 Tf 72 720 Td ({words}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer
