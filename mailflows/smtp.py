"""The SMTP edge: one connection for many messages; every answer becomes proof, later, refused, or uncertain."""

import asyncio
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self, cast

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponseException

from committee.errors import Unavailable
from mailflows.accepted import Accepted, Bounced, Deferred, NotLetIn, Uncertain, said
from mailflows.access_tokens import AccessTokens, TokenFile
from mailflows.endpoints import SMTPServer
from mailflows.headers import ascii_address
from mailflows.sockets import connected, is_loopback, own_name

COMMAND_SECONDS = 300  # RFC 5321, 4.5.3.2.2 and following
FINAL_DOT_SECONDS = 600  # RFC 5321, 4.5.3.2.6: a shorter wait makes duplicates
QUIT_SECONDS = 5
_NOT_LET_IN = {530, 534, 535, 538}  # RFC 4954, section 6: authentication or encryption is required, or failed
_LONGEST_ENVID = 100  # RFC 3461, 4.4
_ABOUT_THE_MESSAGE = re.compile(r"^552\b|\b5\.3\.4\b")  # RFC 1870, 6.1: its size; any other refusal of MAIL is about us
_LINE_END = re.compile(rb"\r\n|\r|\n")


class SMTPSender:
    """Hands messages to one server; use it as a context manager, it connects when the first message goes.

    TLS is required unless the server is on loopback, where `tls_required` asks for it. `tokens` give what stands in for a
    password. `loopback_only` is the practice
    desk's promise: no connection is opened beyond this computer.
    """

    def __init__(
        self,
        server: SMTPServer,
        *,
        ca_file: Path | None = None,
        tokens: AccessTokens | None = None,
        loopback_only: bool = False,
    ) -> None:
        self._server, self._ca_file, self._loopback_only = server, ca_file, loopback_only
        self._tokens = tokens or (TokenFile(server.token, "SMTP_URL") if server.token else None)
        self._client: SMTP | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._client and self._client.is_connected:
            with suppress(SMTPException, OSError):
                await self._client.quit(timeout=QUIT_SECONDS)
        self._drop()

    async def send(
        self,
        envelope_sender: str,
        recipient: str,
        raw: bytes,
        *,
        key: str,  # noqa: ARG002 - it names a file in a Maildir, and nothing here
        envelope_id: str = "",
    ) -> Accepted:
        """Hand one copy over; `envelope_id` travels as ENVID where the server takes it (RFC 3461).

        Raises `Deferred` (4yz) and `Bounced` (5yz) with the server's words, `NotLetIn` where it refuses us and not the
        message, `Unavailable` where it could not be reached or the line broke before the end of the message went out,
        and `Uncertain` where it broke after.
        """
        sender, to = ascii_address(envelope_sender), ascii_address(recipient)
        client = await self._ready()
        try:
            await self._envelope(client, sender, to, len(raw), envelope_id)
            return self._proof(client, await self._content(client, raw))
        except (Deferred, Bounced):  # the server has spoken, and the line is in step
            raise
        except BaseException:
            self._drop()
            raise

    async def greets(self) -> Accepted:
        """Connect, protect the line, log in and say NOOP: whether letters could go, without one."""
        client = await self._ready()
        return self._proof(client, await self._ask(client, b"NOOP"))

    async def _ready(self) -> SMTP:
        """The open connection, made clean with RSET, or a new one where the server has closed it meanwhile."""
        if self._client and self._client.is_connected:
            with suppress(SMTPException, OSError):
                await self._client.rset(timeout=COMMAND_SECONDS)
                return self._client
        self._drop()
        self._client = await self._connect()
        return self._client

    async def _connect(self) -> SMTP:
        line = await connected(self._server.host, self._server.port, loopback_only=self._loopback_only)
        try:
            tls = self._server.tls_required or not is_loopback(line.getpeername()[0])
            context = await asyncio.to_thread(self._tls_context) if tls or self._server.implicit_tls else None
        except BaseException:
            line.close()
            raise
        client = SMTP(
            hostname=self._server.host,
            sock=line,
            use_tls=self._server.implicit_tls,
            start_tls=False,
            tls_context=context,
            timeout=COMMAND_SECONDS,
            local_hostname=own_name(line),
        )
        try:
            await self._enter(client, protect=tls and not self._server.implicit_tls)
        except BaseException:
            _abort(client)
            raise
        return client

    async def _enter(self, client: SMTP, *, protect: bool) -> None:
        with self._plainly():
            await client.connect()
            await client.ehlo()
            if protect:
                await self._protect(client)
            if self._server.username:
                await self._log_in(client, self._server.username)

    async def _log_in(self, client: SMTP, username: str) -> None:
        if self._tokens is None:
            await client.login(username, self._server.password or "")
            return
        if "xoauth2" not in client.server_auth_methods:
            raise NotLetIn(
                f"{self._server.host} does not take access tokens (it offers no XOAUTH2); with a password: "
                f"SMTP_URL=smtp://USER:PASSWORD@{self._server.host}:{self._server.port}"
            )
        try:
            await client.auth_xoauth2(username, await asyncio.to_thread(self._tokens.current))
        except SMTPAuthenticationError:
            self._tokens.forget()
            raise

    async def _protect(self, client: SMTP) -> None:
        if not client.supports_extension("starttls"):
            raise NotLetIn(
                f"{self._server.host} does not offer STARTTLS, and letters do not travel unprotected. "
                f"If it speaks TLS from the start: SMTP_URL=smtps://{self._server.host}:465"
            )
        await client.starttls(server_hostname=self._server.host)
        await client.ehlo()

    def _tls_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._ca_file)

    async def _envelope(self, client: SMTP, sender: str, to: str, size: int, envelope_id: str) -> None:
        limit = client.esmtp_extensions.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < size:
            raise Bounced(
                f"not offered to {self._server.host}: the message has {size} bytes, and it takes {limit} (EHLO SIZE)"
            )
        options = [f"SIZE={size}".encode()] if client.supports_extension("size") else []
        if client.supports_extension("dsn") and (envid := _xtext(envelope_id)):
            options += [b"RET=HDRS", b"ENVID=" + envid]
        try:
            await self._ask(client, b"MAIL", f"FROM:<{sender}>".encode("ascii"), *options)
        except Bounced as error:
            if _ABOUT_THE_MESSAGE.search(error.reply):
                raise
            raise NotLetIn(f"{self._server.host} does not take {sender} as a sender: {error.reply}") from error
        await self._ask(client, b"RCPT", f"TO:<{to}>".encode("ascii"))
        await self._ask(client, b"DATA")

    async def _content(self, client: SMTP, raw: bytes) -> str:
        """The text, and the final dot when all of it is out: before it no server may accept (RFC 5321, 4.1.1.4)."""
        with self._plainly():
            await _write(client, _stuffed(raw))
        try:
            return await self._ask(client, b".", seconds=FINAL_DOT_SECONDS)
        except Deferred:
            raise
        except Unavailable as error:
            raise Uncertain(f"the end of the message went out and no answer came: {error}") from error

    async def _ask(self, client: SMTP, *words: bytes, seconds: float = COMMAND_SECONDS) -> str:
        """The server's answer to one command, if it is a yes."""
        with self._plainly():
            code, message = await client.execute_command(*words, timeout=seconds)
        reply = said(f"{code} {message}")
        if code in _NOT_LET_IN:
            raise NotLetIn(f"{self._server.host} does not let us in: {reply}")
        if code // 100 == 4:  # noqa: PLR2004 - RFC 5321, 4.2.1
            raise Deferred(reply)
        if code // 100 == 5:  # noqa: PLR2004 - RFC 5321, 4.2.1
            raise Bounced(reply)
        if code // 100 != (3 if words == (b"DATA",) else 2):
            raise Unavailable(f"{self._server.host} answers {words[0].decode()} with what is no answer to it: {reply}")
        return reply

    def _proof(self, client: SMTP, reply: str) -> Accepted:
        line = client.get_transport_info("ssl_object") if client.is_connected else None
        return Accepted(
            reply, f"{self._server.host}:{self._server.port}", f"{line.version()} {line.cipher()[0]}" if line else ""
        )

    def _drop(self) -> None:
        if self._client:
            _abort(self._client)
        self._client = None

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """The library's errors, and the connection's, in our two words."""
        try:
            yield
        except SMTPResponseException as error:
            self._refuses_us(error)
        except (SMTPException, OSError) as error:
            if isinstance(error.__cause__ or error, ssl.SSLCertVerificationError):
                raise NotLetIn(self._untrusted(error)) from error
            raise Unavailable(
                f"{self._server.host}:{self._server.port}: {said(str(error)) or type(error).__name__}"
            ) from error

    def _untrusted(self, error: Exception) -> str:
        why = said(str(error))
        return f"{self._server.host}: its certificate is not trusted ({why}). Of a private authority: VERBALE_CA_FILE"

    def _refuses_us(self, error: SMTPResponseException) -> NoReturn:
        """An answer that ends the session, not one message: the greeting, EHLO, STARTTLS, our name and password."""
        reply = said(f"{error.code} {error.message}")
        if error.code // 100 == 5:  # noqa: PLR2004 - RFC 5321, 4.2.1
            what = (
                "name and access token are refused"
                if isinstance(error, SMTPAuthenticationError) and self._tokens
                else "name and password are refused"
                if isinstance(error, SMTPAuthenticationError)
                else "it does not serve us"
            )
            raise NotLetIn(f"{self._server.host}: {what}: {reply}") from error
        raise Unavailable(f"{self._server.host}:{self._server.port}: {reply}") from error


def _xtext(envelope_id: str) -> bytes:
    """An envelope id as ENVID carries it (RFC 3461, section 4), or nothing where it would be too long."""
    coded = "".join(
        sign if "!" <= sign <= "~" and sign not in "+=" else "".join(f"+{byte:02X}" for byte in sign.encode())
        for sign in envelope_id
    )
    return coded.encode("ascii") if len(coded) <= _LONGEST_ENVID else b""


def _stuffed(raw: bytes) -> bytes:
    """Lines end with CRLF, and a dot that begins one is doubled (RFC 5321, 4.5.2)."""
    lines = _LINE_END.sub(b"\r\n", raw).removesuffix(b"\r\n") + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


async def _write(client: SMTP, content: bytes) -> None:
    """Hand the text to the line and wait until it has taken all of it; the time grows with the text."""
    if client.protocol is None:
        raise SMTPException("the connection was lost before the message")
    client.protocol.write(content)
    async with asyncio.timeout(COMMAND_SECONDS + len(content) / 10_000):
        while client.is_connected and cast("asyncio.WriteTransport", client.transport).get_write_buffer_size():  # noqa: ASYNC110 - the library keeps its event to itself
            await asyncio.sleep(0.005)
    await asyncio.sleep(0)  # an end of the line that has arrived is noticed before the final dot, not after
    if not client.is_connected:
        raise SMTPException("the connection was lost in the middle of the message")


def _abort(client: SMTP) -> None:
    """End the line at once: what a server that does not read has left unsent would keep it open."""
    if isinstance(client.transport, asyncio.WriteTransport):
        client.transport.abort()
    client.close()
