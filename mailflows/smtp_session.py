"""An SMTP session begins: connected, greeted, protected by TLS and logged in by aiosmtplib, then handed over as a line of ours."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, cast

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from committee.errors import Unavailable
from mailflows.accepted import NotLetIn, TooMuch, Unreachable, said
from mailflows.access_tokens import AccessTokens, TokenFile
from mailflows.endpoints import SMTPServer
from mailflows.smtp_answers import asks_for_less
from mailflows.smtp_line import Line
from mailflows.smtp_timeouts import Timeouts
from mailflows.sockets import connected, is_loopback, own_name

_NO_ESMTP = frozenset({500, 502})  # RFC 5321, 3.2 and 4.2.4: a server of before 1993 is greeted with HELO
_NOT_THIS_WAY = frozenset({500, 501, 502, 503, 504, 534, 538})  # RFC 4954, section 4 and 6: another method may do
_NEVER = 5  # RFC 5321, 4.2.1


@dataclass(slots=True)
class Session:
    """How one server is entered; TLS is required unless it is on loopback, where `tls_required` asks for it."""

    server: SMTPServer
    ca_file: Path | None
    tokens: AccessTokens | None
    loopback_only: bool
    timeouts: Timeouts

    def __post_init__(self) -> None:
        if self.tokens is None and self.server.token:
            self.tokens = TokenFile(self.server.token, "SMTP_URL")

    @property
    def relay(self) -> str:
        return f"{self.server.host}:{self.server.port}"

    async def entered(self, greeting_seconds: float | None = None) -> Line:
        """A new line, ready for MAIL. `NotLetIn`, `TooMuch`, or `Unreachable` for every other reason."""
        try:
            line = await connected(self.server.host, self.server.port, loopback_only=self.loopback_only)
            return await self._entered(line, greeting_seconds or self.timeouts.greeting)
        except (TooMuch, Unreachable):
            raise
        except Unavailable as error:
            raise Unreachable(str(error)) from error

    async def _entered(self, line: socket.socket, greeting_seconds: float) -> Line:
        client: SMTP | None = None
        try:
            tls = self.server.tls_required or not is_loopback(line.getpeername()[0])
            context = await asyncio.to_thread(self._tls_context) if tls or self.server.implicit_tls else None
            client = self._client(line, context)
            with self._plainly():
                await self._greeted(client, greeting_seconds, protect=tls and not self.server.implicit_tls)
                if self.server.username:
                    await self._log_in(client, self.server.username)
                return self._handed_over(client)
        except BaseException:
            _abort(client, line)
            raise

    def _handed_over(self, client: SMTP) -> Line:
        if client.transport is None:
            raise SMTPServerDisconnected("the connection was lost")
        return Line(client.transport, self.relay, dict(client.esmtp_extensions))

    def _client(self, line: socket.socket, context: ssl.SSLContext | None) -> SMTP:
        return SMTP(
            hostname=self.server.host,
            sock=line,
            use_tls=self.server.implicit_tls,
            start_tls=False,
            tls_context=context,
            timeout=self.timeouts.command,
            local_hostname=own_name(line),
        )

    async def _greeted(self, client: SMTP, greeting_seconds: float, *, protect: bool) -> None:
        try:
            await client.connect(timeout=greeting_seconds)
        except SMTPTimeoutError as error:
            raise Unreachable(self._silent(greeting_seconds)) from error
        try:
            await client.ehlo()
        except SMTPHeloError as error:
            if error.code not in _NO_ESMTP or protect or self.server.username:
                raise
            await client.helo()
        if protect:
            await self._protect(client)

    def _silent(self, seconds: float) -> str:
        silent = f"{self.relay} did not greet within {seconds:.3g} seconds"
        if self.server.implicit_tls:
            return silent
        return f"{silent}; if it speaks TLS from the start: SMTP_URL=smtps://{self.relay}"

    async def _protect(self, client: SMTP) -> None:
        if not client.supports_extension("starttls"):
            raise NotLetIn(
                f"{self.server.host} does not offer STARTTLS, and letters do not travel unprotected. "
                f"If it speaks TLS from the start: SMTP_URL=smtps://{self.server.host}:465"
            )
        await client.starttls(server_hostname=self.server.host)
        await client.ehlo()

    async def _log_in(self, client: SMTP, username: str) -> None:
        if self.tokens is None:
            await self._log_in_with_password(client, username, self.server.password or "")
            return
        if "xoauth2" not in client.server_auth_methods:
            raise NotLetIn(
                f"{self.server.host} does not take access tokens (it offers no XOAUTH2); with a password: "
                f"SMTP_URL=smtp://USER:PASSWORD@{self.relay}"
            )
        try:
            await client.auth_xoauth2(username, await asyncio.to_thread(self.tokens.current))
        except SMTPAuthenticationError:
            self.tokens.forget()
            raise

    async def _log_in_with_password(self, client: SMTP, username: str, password: str) -> None:
        """One refusal is enough: a server may lock an account whose wrong password comes by each of its methods."""
        ways = {"cram-md5": client.auth_crammd5, "plain": client.auth_plain, "login": client.auth_login}
        offered = [ways[name] for name in client.supported_auth_methods if name in ways]
        if not offered:
            raise NotLetIn(f"{self.server.host} offers no way to log in with a password (AUTH in its answer to EHLO)")
        for way in offered[:-1]:
            try:
                await way(username, password)
            except SMTPAuthenticationError as error:
                if error.code not in _NOT_THIS_WAY:
                    raise
            else:
                return
        await offered[-1](username, password)

    def _tls_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """The library's errors, and the connection's, in our words."""
        try:
            yield
        except SMTPResponseException as error:
            self._refuses_us(error)
        except (SMTPException, OSError) as error:
            if isinstance(error.__cause__ or error, ssl.SSLCertVerificationError):
                raise NotLetIn(self._untrusted(error)) from error
            raise Unreachable(f"{self.relay}: {said(str(error)) or type(error).__name__}") from error

    def _untrusted(self, error: Exception) -> str:
        why = said(str(error))
        return f"{self.server.host}: its certificate is not trusted ({why}). Of a private authority: VERBALE_CA_FILE"

    def _refuses_us(self, error: SMTPResponseException) -> NoReturn:
        """An answer that ends the session, not one message: the greeting, EHLO, STARTTLS, our name and password."""
        reply = said(f"{error.code} {error.message}")
        if asks_for_less(error.code, reply if not isinstance(error, SMTPAuthenticationError) else ""):
            raise TooMuch(reply) from error
        if error.code // 100 != _NEVER:
            raise Unreachable(f"{self.relay}: {reply}") from error
        what = "it does not serve us"
        if isinstance(error, SMTPAuthenticationError):
            what = f"name and {'access token' if self.tokens else 'password'} are refused"
        raise NotLetIn(f"{self.server.host}: {what}: {reply}") from error


def _abort(client: SMTP | None, line: socket.socket) -> None:
    """End the line at once: what a server that does not read has left unsent would keep it open."""
    if client and client.transport is not None:
        cast("asyncio.WriteTransport", client.transport).abort()  # uvloop's is registered as none
        client.close()
    else:
        with suppress(OSError):
            line.close()
