"""An access token stands in for a password (XOAUTH2): from a file that somebody renews, or from an OAuth server."""

import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from math import inf
from pathlib import Path
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from committee.errors import Unavailable
from mailflows.accepted import NotLetIn, said
from mailflows.sockets import names_this_computer

LONGEST = 20_000  # characters; the longest that are issued have some three thousand
SECONDS = 30.0
EARLY_SECONDS = 300.0
"""A token is renewed so long before it ends: a login that begins with it must be able to finish."""
UNSAID_SECONDS = 600.0
"""How long a token is used whose end the server does not say (RFC 6749, 5.1 lets it)."""


class AccessTokens(Protocol):
    """Asked from threads, at each login."""

    def current(self) -> str:
        """A token that is good now; `Unavailable` or `NotLetIn` where there is none."""

    def forget(self) -> None:
        """The mail server did not take it: the next login wants another one, if there is one."""


@dataclass(frozen=True, slots=True)
class TokenFile:
    """Read at each login, so whoever renews it need not start the desk anew; `setting` names the file to people."""

    path: Path
    setting: str

    def current(self) -> str:
        """The token alone, in printable ASCII: a control code would end the line that it is sent in."""
        try:
            with self.path.open(encoding="ascii") as file:
                token = file.read(LONGEST).strip()
        except (OSError, UnicodeDecodeError) as error:
            why = type(error).__name__
            raise Unavailable(f"{self.setting}: there is no access token to read in {self.path} ({why})") from error
        if not _is_token(token):
            raise Unavailable(
                f"{self.setting}: what lies in {self.path} is no access token; whoever renews it writes the token alone"
            )
        return token

    def forget(self) -> None:
        """Whoever renews the file knows best."""


@dataclass(frozen=True, slots=True)
class OAuthServer:
    """Where a client gets access tokens (RFC 6749): by its own secret (4.4), or by a refresh token that a person gave it (6)."""

    url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scope: str = ""
    refresh_token: str = field(default="", repr=False)


class OAuthClient:
    """Keeps one token as long as it is good; `loopback_only` is the practice desk's promise."""

    def __init__(self, server: OAuthServer, *, ca_file: Path | None = None, loopback_only: bool = False) -> None:
        self._server, self._ca_file, self._loopback_only = server, ca_file, loopback_only
        self._turn = threading.Lock()
        self._token, self._until = "", 0.0

    def current(self) -> str:
        with self._turn:
            if not self._token or time.monotonic() >= self._until:
                self._token, self._until = self._asked()
            return self._token

    def forget(self) -> None:
        with self._turn:
            self._token = ""

    def _asked(self) -> tuple[str, float]:
        """A new token, and until when it is used, on the monotonic clock."""
        host = urlsplit(self._server.url).hostname or ""
        if self._loopback_only and not names_this_computer(host):
            raise NotLetIn(
                f"This is a practice desk: it opens no connection beyond this computer, and {host} is not on it."
            )
        answer = self._answer(host)
        token = answer.get("access_token")
        if not isinstance(token, str) or not _is_token(token):
            raise Unavailable(f"OAUTH_TOKEN_URL: {host} has answered without an access token")
        lasts = answer.get("expires_in")
        seconds = (
            float(lasts) - EARLY_SECONDS if isinstance(lasts, int | float | str) and _number(lasts) else UNSAID_SECONDS
        )
        return token, time.monotonic() + max(seconds, 0.0)

    def _answer(self, host: str) -> dict[str, Any]:
        try:
            with self._opener().open(self._request(), timeout=SECONDS) as response:
                answer = json.loads(response.read(LONGEST * 5))
        except HTTPError as error:
            with error:
                why = _why_of(error)
            if error.code in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
                raise NotLetIn(f"OAUTH_TOKEN_URL: {host} gives no access token: {error.code} {why}") from error
            raise Unavailable(f"OAUTH_TOKEN_URL: {host} answers {error.code} {why}") from error
        except (OSError, ValueError, HTTPException, RecursionError) as error:
            raise Unavailable(f"OAUTH_TOKEN_URL: {host}: {said(str(error)) or type(error).__name__}") from error
        return answer if isinstance(answer, dict) else {}

    def _opener(self) -> Any:
        """It follows no redirect, which would carry the secret elsewhere, and asks no proxy."""
        context = ssl.create_default_context(cafile=self._ca_file)
        return build_opener(ProxyHandler({}), HTTPSHandler(context=context), _NoRedirect())

    def _request(self) -> Request:
        server = self._server
        asked = {"client_id": server.client_id, "client_secret": server.client_secret, "scope": server.scope}
        if server.refresh_token:
            asked |= {"grant_type": "refresh_token", "refresh_token": server.refresh_token}
        else:
            asked |= {"grant_type": "client_credentials"}
        body = urlencode({name: value for name, value in asked.items() if value}).encode("ascii")
        return Request(server.url, body, {"Accept": "application/json"})  # noqa: S310 - the setting takes https alone, or loopback


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        return None


def _is_token(token: str) -> bool:
    return bool(token) and token.isascii() and token.isprintable() and len(token) < LONGEST


def _number(value: float | str) -> bool:
    try:
        return 0 <= float(value) < inf
    except (ValueError, OverflowError):
        return False


def _why_of(error: HTTPError) -> str:
    try:
        return _why(error.read(LONGEST))
    except (OSError, HTTPException):
        return ""


def _why(body: bytes) -> str:
    """The server's own words (RFC 6749, 5.2)."""
    try:
        answer = json.loads(body)
        return said(": ".join(str(answer[name]) for name in ("error", "error_description") if answer.get(name)))
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
        return ""
