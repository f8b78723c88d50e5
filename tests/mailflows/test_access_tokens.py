"""An OAuth server gives access tokens: kept as long as they are good, asked for anew where they are not, and no secret shown."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from bot import building, settings
from committee.errors import Unavailable
from mailflows import access_tokens
from mailflows.accepted import NotLetIn
from mailflows.access_tokens import OAuthClient, OAuthServer
from mailflows.message import Message
from tests.conftest import PracticeDesk
from tests.servers.mailbox import Account
from tests.servers.postfix import Postfix

pytest_plugins = ["tests.servers.fixtures"]

LETTER = Message((b"Subject: x\r\n\r\nx\r\n",))


@dataclass(slots=True)
class TokenServer:
    """Answers what `answers` gives: a status and a body; remembers what it was asked."""

    answers: Callable[[], tuple[int, object]] = lambda: (200, {"access_token": "a-token", "expires_in": 3600})
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def client(self, **facts: str) -> OAuthClient:
        return OAuthClient(OAuthServer(self.url, "verbale", "hunter2", **facts))


@pytest.fixture
def server() -> Iterator[TokenServer]:
    told = TokenServer()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.asked.append({name: value for name, [value] in parse_qs(body).items()})
            status, answer = told.answers()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

        do_GET = do_POST  # noqa: N815 - what a redirect would ask

        def log_message(self, *given: object) -> None:
            pass

    serving = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    told.url = f"http://127.0.0.1:{serving.server_port}/token"
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    yield told
    serving.shutdown()
    serving.server_close()
    thread.join()


def test_a_token_is_asked_for_once_while_it_is_good(server: TokenServer) -> None:
    client = server.client(scope="mail")
    assert [client.current(), client.current()] == ["a-token", "a-token"]
    assert server.asked == [
        {"grant_type": "client_credentials", "client_id": "verbale", "client_secret": "hunter2", "scope": "mail"}
    ]


def test_with_a_refresh_token_it_asks_in_the_persons_name(server: TokenServer) -> None:
    server.client(refresh_token="r").current()
    assert (server.asked[0]["grant_type"], server.asked[0]["refresh_token"]) == ("refresh_token", "r")


@pytest.mark.parametrize("lasts", [300, "300", 0, -1])
def test_one_that_is_about_to_end_is_renewed(server: TokenServer, lasts: object) -> None:
    server.answers = lambda: (200, {"access_token": "t", "expires_in": lasts})
    client = server.client()
    client.current()
    if lasts != -1:
        client.current()
        assert len(server.asked) == 2


def test_one_whose_end_is_not_said_is_used_for_ten_minutes(
    server: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers = lambda: (200, {"access_token": "t"})
    client = server.client()
    client.current()
    client.current()
    now = time.monotonic()
    monkeypatch.setattr(access_tokens.time, "monotonic", lambda: now + access_tokens.UNSAID_SECONDS + 1)
    client.current()
    assert len(server.asked) == 2


def test_one_that_the_mail_server_did_not_take_is_asked_for_anew(server: TokenServer) -> None:
    client = server.client()
    client.current()
    client.forget()
    client.current()
    assert len(server.asked) == 2


def test_a_client_that_is_refused_is_told_in_the_servers_words_without_its_secret(server: TokenServer) -> None:
    server.answers = lambda: (401, {"error": "invalid_client", "error_description": "the secret\r\n has ended"})
    with pytest.raises(NotLetIn, match="gives no access token: 401 invalid_client: the secret has ended") as refused:
        server.client().current()
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}), (503, b"<html>"), (302, {}), (200, b"no json"), (200, []), (200, {"access_token": 7}), (200, {}),
        (200, {"access_token": "two\nlines"}), (200, b"x" * 300_000), (200, {"access_token": ""}), (200, b""),
        (200, b"[" * 100_000),
    ],
)  # fmt: skip
def test_whatever_else_it_says_is_for_later(server: TokenServer, answer: tuple[int, object]) -> None:
    server.answers = lambda: answer
    with pytest.raises(Unavailable, match=r"^OAUTH_TOKEN_URL: "):
        server.client().current()
    assert len(server.asked) == 1


def test_a_token_that_ends_never_or_absurdly_late_has_an_end(server: TokenServer) -> None:
    for lasts in ("inf", "nan", 10**400):
        server.answers = lambda lasts=lasts: (
            200,
            json.dumps({"access_token": "t"})[:-1].encode()
            + f', "expires_in": {lasts if isinstance(lasts, int) else json.dumps(lasts)}}}'.encode(),
        )
        assert server.client().current() == "t"


def test_a_server_that_is_not_there_is_for_later() -> None:
    with pytest.raises(Unavailable, match=r"^OAUTH_TOKEN_URL: 127\.0\.0\.1: "):
        OAuthClient(OAuthServer("http://127.0.0.1:1/token", "verbale")).current()


def test_a_practice_desk_asks_nobody_beyond_this_computer() -> None:
    client = OAuthClient(OAuthServer("https://login.example/token", "verbale"), loopback_only=True)
    with pytest.raises(NotLetIn, match="practice desk"):
        client.current()


@pytest.mark.parametrize("url", ["http://login.example/token", "login.example", "file:///etc/passwd", "https:///x"])
def test_the_secret_goes_over_https_alone(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTH_TOKEN_URL", url)
    with pytest.raises(settings.WrongSetting, match=r"OAUTH_TOKEN_URL is .* must be https://"):
        settings.read_settings()


def test_an_account_without_a_password_takes_an_oauth_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOX_URL", "imaps://desk@mail.example")
    with pytest.raises(settings.WrongSetting, match="OAUTH_TOKEN_URL"):
        settings.read_settings()
    monkeypatch.setenv("OAUTH_TOKEN_URL", "https://login.example/token")
    assert settings.read_settings().oauth
    assert "hunter2" not in repr(settings.read_settings(oauth_secret="hunter2"))


@pytest.mark.server
async def test_a_desk_reads_and_writes_with_tokens_from_an_oauth_server(
    desk: PracticeDesk, account: Account, postfix: Postfix, server: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = ["out-of-date", account.access_token(), account.access_token()]
    server.answers = lambda: (200, {"access_token": tokens.pop(0), "expires_in": 3600})
    user = account.user.replace("@", "%40")
    monkeypatch.setenv("OAUTH_TOKEN_URL", server.url)
    monkeypatch.setenv("INBOX_URL", f"imap://{user}@localhost:{account.server.ports['imap']}")
    monkeypatch.setenv("SMTP_URL", f"smtp://{user}@localhost:{postfix.ports['submission']}?tls=required")
    monkeypatch.setenv("VERBALE_CA_FILE", str(postfix.certificates.authority))
    now = settings.read_settings()
    async with building.post(Path(), desk.desk, now) as post:
        with pytest.raises(NotLetIn, match="access token are refused"):
            await post.send(account.user, account.user, LETTER, key="x")
        assert (await post.send(account.user, account.user, LETTER, key="x")).reply.startswith("250")
    account.came()
    async with building.mailboxes(Path(), desk.desk, now) as boxes:
        [box] = boxes.values()
        assert len(await box.waiting()) == 1
    assert len(server.asked) == 2  # the same token both ways
