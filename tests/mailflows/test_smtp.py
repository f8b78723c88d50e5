"""The SMTP edge against servers that answer, refuse, break off and chatter; all of them on loopback."""

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from committee.errors import Refused, Unavailable
from mailflows import smtp
from mailflows.accepted import Bounced, Deferred, NotLetIn, Uncertain, said
from mailflows.endpoints import SMTPServer
from mailflows.smtp import SMTPSender
from mailflows.sockets import is_loopback

RAW = b"Subject: x\r\n\r\n.\r\n..two\r\nlast\r\n"
SENDER, RECIPIENT, KEY = "secretariat@1540.example", "mission@malawi.example", "receipt/S-2012-0001#1"
OPENSSL = shutil.which("openssl")
IMPLICIT_OR_STARTTLS = pytest.mark.parametrize("implicit", [False, True])


@dataclass  # no slots: aiosmtpd looks at every member, which Python 3.11.2 does not survive
class Answers:
    """An aiosmtpd handler that answers as it is told, and remembers what it took."""

    rcpt: str = ""
    data: str = "250 2.0.0 queued as 7F3"
    took: list[Envelope] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.took.append(envelope)
        self.sessions.add(id(session))
        return self.data


@pytest.fixture
def serve() -> Iterator[Callable[..., SMTPServer]]:
    running: list[Controller] = []

    def start(handler: Answers, **options: Any) -> SMTPServer:
        controller = Controller(handler, hostname="127.0.0.1", port=_free_port(), **options)
        controller.start()
        running.append(controller)
        return SMTPServer("127.0.0.1", controller.port)

    yield start
    for controller in running:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Script:
    """A server by the book of one test: what it answers to each verb; None means that it hangs up."""

    answers: dict[bytes, bytes | None] = field(default_factory=dict)
    greeting: bytes = b"220 script.test ESMTP\r\n"
    extensions: bytes = b"250-script.test\r\n250-PIPELINING\r\n250 SIZE 10000\r\n"
    hangs_up_in_text: bool = False
    heard: list[bytes] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.greeting)
        try:
            while line := await reader.readline():
                self.heard.append(line.rstrip())
                answer = self._answer(line.split()[0].upper())
                if answer is None:
                    break
                writer.write(answer)
                if answer.startswith(b"354"):
                    if self.hangs_up_in_text:
                        await reader.read(100)
                        writer.transport.abort()
                        return
                    await reader.readuntil(b"\r\n.\r\n")
                    if (answer := self._answer(b".")) is None:
                        break
                    writer.write(answer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, verb: bytes) -> bytes | None:
        usual = {b"EHLO": self.extensions, b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
        return self.answers.get(verb, usual.get(verb, b"250 2.0.0 OK\r\n"))


@asynccontextmanager
async def following(script: Script) -> AsyncIterator[SMTPServer]:
    server = await asyncio.start_server(script.talk, "127.0.0.1", 0, limit=2**22)
    async with server:
        yield SMTPServer("127.0.0.1", server.sockets[0].getsockname()[1])


async def test_a_message_is_accepted_with_the_servers_own_words(serve: Callable[..., SMTPServer]) -> None:
    handler = Answers()
    server = serve(handler)
    async with SMTPSender(server) as sender:
        accepted = await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
    assert (accepted.reply, accepted.server, accepted.tls) == (
        "250 2.0.0 queued as 7F3",
        f"127.0.0.1:{server.port}",
        "",
    )
    (envelope,) = handler.took
    assert (envelope.mail_from, envelope.rcpt_tos, envelope.content) == (SENDER, [RECIPIENT], RAW)


async def test_one_connection_carries_many_messages(serve: Callable[..., SMTPServer]) -> None:
    handler = Answers()
    async with SMTPSender(serve(handler)) as sender:
        for nth in range(3):
            await sender.send(SENDER, RECIPIENT, RAW, key=f"a#{nth}")
    assert len(handler.took) == 3
    assert len(handler.sessions) == 1


async def test_a_temporary_refusal_is_later_and_says_after_how_long(serve: Callable[..., SMTPServer]) -> None:
    async with SMTPSender(serve(Answers(rcpt="450 4.2.1 busy, try again in 300 seconds"))) as sender:
        with pytest.raises(Deferred) as caught:
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
    assert caught.value.reply == "450 4.2.1 busy, try again in 300 seconds"
    assert caught.value.after == timedelta(minutes=5)


async def test_a_refused_recipient_is_refused_and_the_next_message_goes(serve: Callable[..., SMTPServer]) -> None:
    handler = Answers(rcpt="550 5.1.1 no such user")
    async with SMTPSender(serve(handler)) as sender:
        with pytest.raises(Bounced, match=r"550 5\.1\.1 no such user"):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
        handler.rcpt = ""
        assert (await sender.send(SENDER, RECIPIENT, RAW, key=KEY)).reply.startswith("250")
    assert len(handler.took) == 1


async def test_a_message_refused_after_its_text_is_refused(serve: Callable[..., SMTPServer]) -> None:
    async with SMTPSender(serve(Answers(data="554 5.7.1 not wanted"))) as sender:
        with pytest.raises(Bounced, match=r"554 5\.7\.1 not wanted"):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)


async def test_a_line_that_breaks_in_the_text_is_tried_again() -> None:
    script = Script(extensions=b"250 script.test\r\n", hangs_up_in_text=True)
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(Unavailable):
            await sender.send(SENDER, RECIPIENT, RAW + b"x" * 30_000_000, key=KEY)


async def test_a_cancelled_delivery_leaves_no_line_out_of_step() -> None:
    script = Script({b".": b""})
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
        script.answers.clear()
        assert (await sender.send(SENDER, RECIPIENT, RAW, key=KEY)).reply == "250 2.0.0 OK"


@pytest.mark.parametrize("answer", [None, b"no answer at all\r\n", b"354 go on\r\n"])
async def test_no_answer_to_the_final_dot_is_uncertain(answer: bytes | None) -> None:
    async with following(Script({b".": answer})) as server, SMTPSender(server) as sender:
        with pytest.raises(Uncertain, match="the end of the message went out"):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)


async def test_a_server_that_never_answers_the_final_dot_is_uncertain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "FINAL_DOT_SECONDS", 0.05)
    async with following(Script({b".": b""})) as server, SMTPSender(server) as sender:
        with pytest.raises(Uncertain):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)


async def test_a_temporary_answer_to_the_final_dot_is_no_doubt() -> None:
    async with following(Script({b".": b"451 4.3.0 disk\r\n"})) as server, SMTPSender(server) as sender:
        with pytest.raises(Deferred):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)


@pytest.mark.parametrize("verb", [b"EHLO", b"MAIL", b"RCPT", b"DATA"])
async def test_a_line_that_breaks_before_the_text_is_tried_again(verb: bytes) -> None:
    async with following(Script({verb: None, b"HELO": None})) as server, SMTPSender(server) as sender:
        with pytest.raises(Unavailable) as caught:
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
    assert not isinstance(caught.value, Deferred)


async def test_after_a_broken_line_the_next_message_has_a_new_one() -> None:
    script = Script({b"RCPT": None})
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(Unavailable):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
        script.answers.clear()
        assert (await sender.send(SENDER, RECIPIENT, RAW, key=KEY)).reply.startswith("250")


async def test_a_server_that_closed_meanwhile_is_connected_to_again() -> None:
    script = Script()
    async with following(script) as server, SMTPSender(server) as sender:
        await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
        script.answers[b"RSET"] = None
        assert (await sender.send(SENDER, RECIPIENT, RAW, key=KEY)).reply.startswith("250")


async def test_a_message_larger_than_the_server_takes_is_not_offered() -> None:
    script = Script(extensions=b"250-script.test\r\n250 SIZE 20\r\n")
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(Bounced, match="takes 20"):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
    assert not any(line.startswith(b"MAIL") for line in script.heard)


async def test_the_delivery_is_named_where_the_server_reports_on_it() -> None:
    script = Script(extensions=b"250-script.test\r\n250-SIZE\r\n250 DSN\r\n")
    async with following(script) as server, SMTPSender(server) as sender:
        await sender.send(SENDER, RECIPIENT, RAW, key=KEY, envelope_id="l-2012-0017-1 +=")
    mail = next(line for line in script.heard if line.startswith(b"MAIL"))
    assert mail == b"MAIL FROM:<secretariat@1540.example> SIZE=%d RET=HDRS ENVID=l-2012-0017-1+20+2B+3D" % len(RAW)


async def test_replies_in_many_lines_are_understood() -> None:
    script = Script({b"MAIL": b"250-2.1.0 one\r\n250 2.1.0 two\r\n", b".": b"250-2.0.0 taken\r\n250 2.0.0 as 7\r\n"})
    async with following(script) as server, SMTPSender(server) as sender:
        assert (await sender.send(SENDER, RECIPIENT, RAW, key=KEY)).reply == "250 2.0.0 taken 2.0.0 as 7"


async def test_a_reply_that_nobody_asked_for_is_never_taken_for_acceptance() -> None:
    script = Script({b"MAIL": b"250 2.1.0 OK\r\n250 2.0.0 taken\r\n", b".": b"554 5.7.1 not wanted\r\n"})
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(Unavailable, match="what is no answer to it"):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)


async def test_a_long_reply_with_control_codes_is_kept_short_and_clean() -> None:
    words = b"550 5.1.1 no\x00\x1b[31m \xe2\x80\xaesuch " + b"user " * 1000 + b"\r\n"
    async with following(Script({b"RCPT": words})) as server, SMTPSender(server) as sender:
        with pytest.raises(Bounced) as caught:
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
    assert caught.value.reply.startswith("550 5.1.1 no [31m such user user")
    assert len(caught.value.reply) == 500


async def test_a_reply_without_end_is_no_answer() -> None:
    async with following(Script({b"RCPT": b"550-" + b"x" * 100_000})) as server, SMTPSender(server) as sender:
        with pytest.raises(Unavailable):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)


@pytest.mark.parametrize(
    ("greeting", "error"), [(b"554 5.7.1 go away\r\n", NotLetIn), (b"421 4.3.2 full\r\n", Unavailable)]
)
async def test_a_server_that_does_not_serve_us_refuses_no_letter(greeting: bytes, error: type[Exception]) -> None:
    async with following(Script(greeting=greeting)) as server, SMTPSender(server) as sender:
        with pytest.raises(error) as caught:
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
    assert not isinstance(caught.value, Bounced | Deferred)


async def test_a_server_that_wants_a_password_first_refuses_us_and_not_the_letter() -> None:
    async with (
        following(Script({b"MAIL": b"530 5.7.0 Authentication required\r\n"})) as server,
        SMTPSender(server) as sender,
    ):
        with pytest.raises(NotLetIn, match="530"):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)


def _only(word: bytes) -> Callable[..., AuthResult]:
    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=data.password == word, handled=False)

    return check


async def test_name_and_password_let_us_in_and_a_wrong_one_is_an_error_of_its_own(
    serve: Callable[..., SMTPServer],
) -> None:
    server = serve(Answers(), authenticator=_only(b"right"), auth_require_tls=False)
    async with SMTPSender(replace(server, username="desk", password="right")) as sender:
        assert (await sender.send(SENDER, RECIPIENT, RAW, key=KEY)).reply.startswith("250")
    async with SMTPSender(replace(server, username="desk", password="wrong")) as sender:
        with pytest.raises(NotLetIn, match="name and password are refused"):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)


async def test_a_server_without_starttls_gets_nothing_where_tls_is_required(serve: Callable[..., SMTPServer]) -> None:
    handler = Answers()
    async with SMTPSender(replace(serve(handler), tls_required=True)) as sender:
        with pytest.raises(NotLetIn, match="does not offer STARTTLS"):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
    assert not handler.took


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for loopback that signs itself, and its key beside it."""
    if OPENSSL is None:
        pytest.skip("openssl, which makes the certificate, is not there")
    path = tmp_path_factory.mktemp("tls") / "cert.pem"
    command = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = "-addext subjectAltName=DNS:localhost,IP:127.0.0.1"
    words = [OPENSSL, *f"{command} {names}".split(" "), "-keyout", f"{path}.key", "-out", str(path)]
    subprocess.run(words, check=True, capture_output=True)
    return path


def _tls(authority: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, f"{authority}.key")
    return context


@IMPLICIT_OR_STARTTLS
async def test_the_line_is_protected_and_the_proof_says_how(
    serve: Callable[..., SMTPServer], authority: Path, *, implicit: bool
) -> None:
    tls = {"ssl_context": _tls(authority)} if implicit else {"tls_context": _tls(authority), "require_starttls": True}
    server = replace(serve(Answers(), **tls), implicit_tls=implicit, tls_required=True)
    async with SMTPSender(server, ca_file=authority) as sender:
        assert (await sender.send(SENDER, RECIPIENT, RAW, key=KEY)).tls.startswith("TLSv1.")


@IMPLICIT_OR_STARTTLS
async def test_a_certificate_that_is_not_trusted_gets_nothing(
    serve: Callable[..., SMTPServer], authority: Path, *, implicit: bool
) -> None:
    handler = Answers()
    tls = {"ssl_context": _tls(authority)} if implicit else {"tls_context": _tls(authority)}
    async with SMTPSender(replace(serve(handler, **tls), implicit_tls=implicit, tls_required=True)) as sender:
        with pytest.raises(NotLetIn, match="VERBALE_CA_FILE"):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
    assert not handler.took


async def test_nobody_at_the_port_is_tried_again() -> None:
    async with SMTPSender(SMTPServer("127.0.0.1", _free_port())) as sender:
        with pytest.raises(Unavailable, match="does not answer"):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "0.0.0.0"])
async def test_a_practice_desk_opens_no_connection_beyond_this_computer(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", never)
    async with SMTPSender(SMTPServer(host, 25), loopback_only=True) as sender:
        with pytest.raises(NotLetIn, match="practice desk"):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("fe80::1%lo", False),
        ("192.0.2.1", False),
    ],
)
def test_which_addresses_are_this_computers_own(address: str, ours: bool) -> None:
    assert is_loopback(address) is ours


@pytest.mark.parametrize("recipient", ["a@b.example> SIZE=1", "a@b.example\r\nDATA", "", "a b@c.example"])
async def test_what_is_no_address_never_reaches_the_line(recipient: str) -> None:
    async with SMTPSender(SMTPServer("127.0.0.1", 1)) as sender:
        with pytest.raises(Refused, match="not an address"):
            await sender.send(SENDER, recipient, RAW, key=KEY)


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        ("451 try again in 30 minutes", 1800),
        ("450 4.7.1 Greylisted, wait 60 seconds", 60),
        ("421 after 2 h", 7200),
        ("450 later", None),
    ],
)
def test_how_long_to_wait_is_read_from_the_reply(reply: str, seconds: int | None) -> None:
    assert Deferred(reply).after == (timedelta(seconds=seconds) if seconds else None)


def test_a_reply_of_broken_bytes_can_be_kept() -> None:
    said("550 \udcff\ud800 \x85").encode()


@pytest.mark.parametrize(
    "reply", [b"550 5.7.1 not yours to send as\r\n", b"553 5.1.8 sender rejected\r\n", b"550 no\r\n"]
)
async def test_a_sender_that_is_not_taken_is_about_us_and_no_letter_is_refused_for_it(reply: bytes) -> None:
    async with following(Script({b"MAIL": reply})) as server, SMTPSender(server) as sender:
        with pytest.raises(NotLetIn, match=r"does not take secretariat@1540\.example as a sender"):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)


async def test_a_message_that_is_too_large_for_mail_is_about_the_message() -> None:
    async with following(Script({b"MAIL": b"552 5.3.4 too large\r\n"})) as server, SMTPSender(server) as sender:
        with pytest.raises(Bounced):
            await sender.send(SENDER, RECIPIENT, RAW, key=KEY)
