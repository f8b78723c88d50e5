"""What imapclient knows: a connection that is protected and let in, and its errors in our words."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]  # it brings no types
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError, LoginError  # type: ignore[import-untyped]  # fmt: skip

from committee.errors import Unavailable
from mailflows.accepted import NotLetIn, said
from mailflows.access_tokens import AccessTokens
from mailflows.endpoints import IMAPServer
from mailflows.sockets import is_loopback

SOCKET_SECONDS = 30.0
"""How long a server may be silent in the middle of an answer."""
_LATER = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\b")  # RFC 5530, section 3: not about us
imaplib._MAXLINE = 50_000_000  # type: ignore[attr-defined]  # noqa: SLF001 - SEARCH names all messages in one line


class Answer(Unavailable):
    """The server's NO or BAD to one command; the connection goes on."""


def connected(server: IMAPServer, ca_file: Path | None, *, loopback_only: bool) -> Any:
    """A client whose server has greeted it; `NotLetIn` for a practice desk where the server is not on this computer."""
    if loopback_only and not all(is_loopback(address) for address in _addresses(server)):
        raise NotLetIn(
            f"This is a practice desk: it opens no connection beyond this computer, and {server.host} is not on it."
        )
    context = ssl.create_default_context(cafile=ca_file) if server.implicit_tls else None
    times = SocketTimeout(connect=SOCKET_SECONDS, read=SOCKET_SECONDS)
    client = IMAPClient(server.host, server.port, ssl=server.implicit_tls, ssl_context=context, timeout=times)
    client._imap.debug = 0  # noqa: SLF001 - else it writes out every message for a log that nobody reads: 0.1 s for 30 MB
    return client


def enter(client: Any, server: IMAPServer, ca_file: Path | None, tokens: AccessTokens | None) -> None:
    """Protect the line, unless it ends on this computer, and log in; `NotLetIn` where that cannot be."""
    here = is_loopback(client.socket().getpeername()[0])
    if not server.implicit_tls and (server.tls_required or not here):
        _protect(client, server, ca_file)
    _log_in(client, server, tokens)


def opened(client: Any, folder: str) -> tuple[int, bool]:
    """Select a folder: its UIDVALIDITY, and whether it may be changed."""
    try:
        return client.select_folder(folder)[b"UIDVALIDITY"], True
    except IMAPClientReadOnlyError:
        return client.select_folder(folder, readonly=True)[b"UIDVALIDITY"], False


@contextmanager
def plainly(server: IMAPServer) -> Iterator[None]:
    """The library's errors, and the connection's: `NotLetIn`, `Unavailable`, or the server's `Answer`."""
    where = f"{server.host}:{server.port}"
    try:
        yield
    except LoginError as error:
        _not_in(server, error)
    except ssl.SSLCertVerificationError as error:
        why = f"its certificate is not trusted ({said(str(error))}). Of a private authority: VERBALE_CA_FILE"
        raise NotLetIn(f"{server.host}: {why}") from error
    except (IMAPClientAbortError, OSError, ValueError, AttributeError, LookupError) as error:
        raise Unavailable(f"{where}: {said(str(error)) or type(error).__name__}; what waits is read later.") from error
    except IMAPClientError as error:
        raise Answer(said(str(error)).rstrip(".")) from error


def _addresses(server: IMAPServer) -> list[str]:
    found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def _protect(client: Any, server: IMAPServer, ca_file: Path | None) -> None:
    if not client.has_capability("STARTTLS"):
        raise NotLetIn(
            f"{server.host} does not offer STARTTLS, and a password does not travel unprotected. "
            f"If it speaks TLS from the start: INBOX_URL=imaps://USER:PASSWORD@{server.host}:993/{server.folder}"
        )
    client.starttls(ssl.create_default_context(cafile=ca_file))


def _log_in(client: Any, server: IMAPServer, tokens: AccessTokens | None) -> None:
    if tokens:
        try:
            client.oauth2_login(server.username, tokens.current())
        except LoginError:
            tokens.forget()
            raise
    elif client.has_capability("LOGINDISABLED"):
        raise NotLetIn(
            f"{server.host} takes no passwords (LOGINDISABLED); with an access token: INBOX_URL=…?token=FILE, or OAUTH_TOKEN_URL"
        )
    elif client.has_capability("AUTH=PLAIN"):  # in UTF-8, where LOGIN takes ASCII alone
        client.plain_login(server.username, server.password)
    else:
        client.login(server.username, server.password)


def _not_in(server: IMAPServer, error: LoginError) -> NoReturn:
    reply, lost = said(str(error)).rstrip("."), isinstance(error.__context__, IMAPClientAbortError)
    if lost or _LATER.search(reply):
        raise Unavailable(f"{server.host}:{server.port}: {reply}; what waits is read later.") from error
    raise NotLetIn(f"{server.host}: name and password are refused: {reply}. See to INBOX_URL") from error
