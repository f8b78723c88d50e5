"""Where mail goes and comes from, as a setting's URL says it: a server, or a Maildir."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

PORTS = {"smtp": 25, "smtps": 465}
SERVER = "must be smtp://HOST:PORT, smtps://HOST:PORT or maildir:PATH"
ALONE = "must end after HOST:PORT or with ?tls=required (in a password, write @ / ? # as %40 %2F %3F %23)"


@dataclass(frozen=True, slots=True)
class SMTPServer:
    """`implicit_tls`: TLS from the first byte (smtps://); `tls_required`: STARTTLS also on loopback."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    implicit_tls: bool = False
    tls_required: bool = False


@dataclass(frozen=True, slots=True)
class MaildirPath:
    path: Path


def smtp_endpoint(url: str) -> SMTPServer | MaildirPath:
    """`smtp://`, `smtps://` or `maildir:PATH`; ValueError, with what is wanted and without the password, else."""
    if url.startswith("maildir:"):
        return maildir_endpoint(url)
    try:
        parts = urlsplit(url)
        port = PORTS[parts.scheme] if parts.port is None else parts.port
    except (KeyError, ValueError):
        raise ValueError(SERVER) from None  # its own words may quote a password
    if not parts.hostname or not port or set(parts.netloc) & set(" \t"):
        raise ValueError(SERVER)
    query = parse_qs(parts.query, keep_blank_values=True)
    if parts.path.strip("/") or parts.fragment or query not in ({}, {"tls": ["required"]}):
        raise ValueError(ALONE)
    return SMTPServer(
        host=parts.hostname,
        port=port,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        implicit_tls=parts.scheme == "smtps",
        tls_required="tls" in query,
    )


def maildir_endpoint(url: str) -> MaildirPath:
    scheme, _, path = url.partition(":")
    if scheme != "maildir" or not path.strip("/"):
        raise ValueError("must be maildir:PATH")
    return MaildirPath(Path(path).expanduser())
