"""Where mail goes and comes from, as a setting's URL says it: a server, or a Maildir."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

PORTS = {"smtp": 25, "smtps": 465, "imap": 143, "imaps": 993}
SERVER = "must be smtp://HOST:PORT, smtps://HOST:PORT or maildir:PATH"
MAILBOX = "must be maildir:PATH, imap://USER:PASSWORD@HOST/FOLDER or imaps://… (several with spaces between them)"
SIGNS = "(in a password, write @ / ? # as %40 %2F %3F %23)"
IN_FULL = (
    "must have USER:PASSWORD, or USER and ?token=FILE or OAUTH_TOKEN_URL, and after them nothing but /FOLDER and "
    f"?tls=required {SIGNS}"
)
ALONE = f"must end after HOST:PORT, or with ?tls=required or, where it has USER and no password, ?token=FILE {SIGNS}"
_BETWEEN = re.compile(r"\s+(?=(?:maildir|imaps?):)")  # a folder's path may have a space in it


@dataclass(frozen=True, slots=True)
class SMTPServer:
    """`implicit_tls`: TLS from the first byte (smtps://); `tls_required`: STARTTLS also on loopback.

    `token`: a file with the access token for XOAUTH2, which stands in for a password.
    """

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    implicit_tls: bool = False
    tls_required: bool = False
    token: Path | None = None


@dataclass(frozen=True, slots=True)
class IMAPServer:
    """One folder of one account. `token`: a file with the access token for XOAUTH2, which stands in for a password."""

    host: str
    port: int
    username: str
    password: str | None = field(default=None, repr=False)
    folder: str = "INBOX"
    implicit_tls: bool = False
    tls_required: bool = False
    token: Path | None = None

    def __str__(self) -> str:
        return f"{self.username}@{self.host}:{self.port}/{self.folder}"


@dataclass(frozen=True, slots=True)
class MaildirPath:
    path: Path

    def __str__(self) -> str:
        return str(self.path)


def smtp_endpoint(url: str) -> SMTPServer | MaildirPath:
    """`smtp://`, `smtps://` or `maildir:PATH`; ValueError, with what is wanted and without the password, else."""
    if url.startswith("maildir:"):
        return maildir_endpoint(url)
    parts, host, port = _server(url, ("smtp", "smtps"), SERVER)
    query = parse_qs(parts.query, keep_blank_values=True)
    [token] = query.pop("token", [""])[:1]
    lets_in = bool(parts.username) and not parts.password if token else True
    if parts.path.strip("/") or parts.fragment or not lets_in or query not in ({}, {"tls": ["required"]}):
        raise ValueError(ALONE)
    return SMTPServer(
        host=host,
        port=port,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        implicit_tls=parts.scheme == "smtps",
        tls_required="tls" in query,
        token=Path(token).expanduser() if token else None,
    )


def maildir_endpoint(url: str) -> MaildirPath:
    scheme, _, path = url.partition(":")
    if scheme != "maildir" or not path.strip("/"):
        raise ValueError("must be maildir:PATH")
    return MaildirPath(Path(path).expanduser())


def mailbox_endpoints(urls: str, *, oauth: bool = False) -> tuple[MaildirPath | IMAPServer, ...]:
    """One mailbox or several with spaces between them; ValueError, with what is wanted and without a password, else.

    With `oauth` an account without a password has access tokens from the OAuth server.
    """
    found = tuple(_mailbox(url, oauth=oauth) for url in _BETWEEN.split(urls.strip()))
    if len(set(found)) < len(found):
        raise ValueError("must name each mailbox once")
    return found


def imap_endpoint(url: str, *, oauth: bool = False) -> IMAPServer:
    """`imap://` and `imaps://`, after RFC 5092; the password is in it, since the desk has nobody to ask for one."""
    parts, host, port = _server(url, ("imap", "imaps"), MAILBOX)
    query = parse_qs(parts.query, keep_blank_values=True)
    [token] = query.pop("token", [""])[:1]
    if (
        not parts.username
        or not (parts.password or token or oauth)
        or parts.fragment
        or query not in ({}, {"tls": ["required"]})
    ):
        raise ValueError(IN_FULL)
    return IMAPServer(
        host=host,
        port=port,
        username=unquote(parts.username),
        password=unquote(parts.password) if parts.password else None,
        folder=unquote(parts.path.strip("/")) or "INBOX",
        implicit_tls=parts.scheme == "imaps",
        tls_required="tls" in query,
        token=Path(token).expanduser() if token else None,
    )


def _mailbox(url: str, *, oauth: bool) -> MaildirPath | IMAPServer:
    if url.startswith(("imap:", "imaps:")):
        return imap_endpoint(url, oauth=oauth)
    try:
        return maildir_endpoint(url)
    except ValueError:
        raise ValueError(MAILBOX) from None


def _server(url: str, schemes: tuple[str, str], wanted: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        port = PORTS[parts.scheme] if parts.port is None else parts.port
    except (KeyError, ValueError):
        raise ValueError(wanted) from None  # its own words may quote a password
    if parts.scheme not in schemes or not parts.hostname or not port or set(parts.netloc) & set(" \t"):
        raise ValueError(wanted)
    return parts, parts.hostname, port
