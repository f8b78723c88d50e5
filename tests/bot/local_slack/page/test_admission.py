"""Who is let in, and what every answer carries."""

import asyncio
import re

import pytest

from bot.local_slack import server
from bot.local_slack.page.assets import FOLDER
from tests.bot.local_slack.page.desk import ADA, INTAKE, Served
from tests.bot.local_slack.page.raw import Visitor

HEADERS = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip
MARKUP = (
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc|DOMParser|setHTML|https?://"
)
"""What would make markup or code of text, or fetch from elsewhere."""
ROOMS = ("/", "/page/state", "/page/look/main.js", "/page/files/F0", f"/page/stream?as={ADA}")


async def test_the_token_is_exchanged_for_a_cookie_and_leaves_the_address(served: Served, stranger: Visitor) -> None:
    async with await stranger.gets(served.page.address("")) as answer:
        assert answer.status == 303
        assert answer.headers["Location"] == "/"
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert served.page.admission.token not in cookie
        assert served.page.admission.token not in await answer.text()
    async with await stranger.gets("/") as answer:
        assert answer.status == 200
        assert served.page.admission.token not in await answer.text()


@pytest.mark.parametrize("path", ROOMS)
async def test_nobody_is_let_in_without_the_cookie(stranger: Visitor, path: str) -> None:
    async with await stranger.gets(path) as answer:
        assert answer.status == 403
        assert "the whole address that the terminal printed" in await answer.text()


@pytest.mark.parametrize("token", ["", "x", "tök€n", "%ED%A0%80", "a" * 5000])
async def test_a_wrong_token_opens_nothing(stranger: Visitor, token: str) -> None:
    async with await stranger.gets(f"/?token={token}") as answer:
        assert answer.status == 403
        assert "Set-Cookie" not in answer.headers


async def test_a_wrong_cookie_opens_nothing(served: Served, stranger: Visitor) -> None:
    name = f"verbale-{served.url.rpartition(':')[2]}"
    for value in ("", "x", served.page.admission.token):
        async with await stranger.gets("/page/state", Cookie=f"{name}={value}") as answer:
            assert answer.status == 403


async def test_the_cookie_of_one_desk_does_not_open_another(ada: Visitor, with_app: Served) -> None:
    async with await ada.gets("/page/state") as answer:
        assert answer.status == 200
    async with ada.session.get(f"{with_app.url}/page/state") as answer:
        assert answer.status == 403


async def test_each_desk_has_a_token_of_its_own_that_is_not_shown(served: Served, with_app: Served) -> None:
    assert served.page.admission.token != with_app.page.admission.token
    assert len(served.page.admission.token) >= 40
    assert served.page.admission.token not in repr(served.page)


@pytest.mark.parametrize("path", [*ROOMS, "/?token=x", "/page/acts", "/page/files", "/nowhere", "/api/auth.test"])
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost", "https://127.0.0.1", "http://127.0.0.1:1"]
)
async def test_a_page_of_another_origin_is_refused_everywhere(ada: Visitor, path: str, origin: str) -> None:
    for method in ("GET", "POST"):
        async with await ada.asks(method, path, Origin=origin) as answer:
            assert answer.status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_port_of_this_host_is_another_site_to_us(ada: Visitor, site: str) -> None:
    """A browser sends it the cookie all the same: to it the port is no part of a site."""
    for path in ROOMS[1:]:
        async with await ada.gets(path, Sec_Fetch_Site=site) as answer:
            assert answer.status == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "127.0.0.1", "[::1]:{port}"])
async def test_a_name_that_is_not_loopbacks_is_refused_for_pages_and_streams(ada: Visitor, host: str) -> None:
    port = ada.served.url.rpartition(":")[2]
    for path in ROOMS:
        async with await ada.gets(path, Host=host.format(port=port)) as answer:
            assert answer.status == 421
            _carries_the_headers(answer.headers)


async def test_what_changes_something_says_that_it_comes_from_the_page(ada: Visitor) -> None:
    async with ada.session.post(
        f"{ada.served.url}/page/acts", json={"as": ADA, "act": "reads", "channel": INTAKE}
    ) as answer:
        assert answer.status == 403
    assert (await ada.acts("reads", channel=INTAKE))[0] == 200


async def test_an_act_is_json_so_that_no_form_can_send_one(ada: Visitor) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert (await ada.posts(b"{}", Content_Type=kind))[0] == 415


async def test_every_answer_carries_the_headers(ada: Visitor, stranger: Visitor) -> None:
    ours = (*ROOMS, "/?token=x", "/page/look/none.js", "/nowhere", "/api/auth.test", "/hooks/x", "/link", "/files/F1")
    for who in (ada, stranger):
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
            for path in ours:
                async with await who.asks(method, path, Origin=ada.served.url) as answer:
                    _carries_the_headers(answer.headers)


async def test_what_fails_within_carries_the_headers_too(ada: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.Workspace, "snapshot", lambda *_: 1 / 0)
    async with await ada.gets("/page/state") as answer:
        assert answer.status == 500
        _carries_the_headers(answer.headers)
        assert "Traceback" not in await answer.text()


async def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(ada: Visitor) -> None:
    async with await ada.gets("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        page = await answer.text()
    assert "unsafe" not in policy
    assert "*" not in policy
    for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
                 "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):  # fmt: skip
        assert rule in policy
    assert not re.search(r"\son\w+=|<style|style=|javascript:|<script(?![^>]*\ssrc=)|https?://", page)


async def test_no_source_of_the_page_makes_markup_of_data(ada: Visitor) -> None:
    for file in FOLDER.glob("*.js"):
        code = re.sub(r"(?m)^\s*//.*| // .*", "", file.read_text())
        assert not re.search(MARKUP, code.replace("http://www.w3.org/2000/svg", "").replace(r"https?:", "")), file.name


async def test_a_name_outside_the_folder_is_not_found(ada: Visitor) -> None:
    for name in ("..%2f__init__.py", "%2e%2e%2fassets.py", "main.js%00", "__init__.py", "index", ""):
        async with await ada.gets(f"/page/look/{name}") as answer:
            assert answer.status == 404


async def test_a_get_changes_nothing(ada: Visitor) -> None:
    workspace = ada.served.workspace
    await ada.served.posts(text="hello")
    before, seq = workspace.snapshot(ADA), workspace.log.seq
    for path in (*ROOMS[:-1], ada.served.page.address(""), f"/page/state?as={ADA}", "/page/acts", "/page/files"):
        async with await ada.gets(path):
            pass
    async with ada.follows(f"as={ADA}&after={seq}"):
        pass
    assert (workspace.snapshot(ADA), workspace.log.seq) == (before, seq)


async def test_the_server_listens_on_one_address_of_loopback(served: Served) -> None:
    port = int(served.url.removeprefix("http://127.0.0.1:"))
    for address in ("127.0.0.2", "::1"):
        with pytest.raises(OSError):  # noqa: PT011 - refused, or the host has no such address
            await asyncio.open_connection(address, port)


def _carries_the_headers(headers: object) -> None:
    for name, value in HEADERS.items():
        assert headers[name] == value  # type: ignore[index]
    assert "default-src 'none'" in headers["Content-Security-Policy"]  # type: ignore[index]
