"""The rooms beside the chat are as safe as the page: who is let in, what every answer carries, and that looking changes nothing."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot import local_slack
from bot.demo.mails import Letterbox
from bot.demo.missions import Missions, Written
from bot.demo.opening import Demo
from bot.demo.pane.routes import FOLDER, NAMES, Panes
from bot.demo.post_office import Arrived, PostOffice
from bot.local_slack.page import Page
from bot.local_slack.workspace import Workspace
from tests.bot.demo.conftest import Visitor, trail_end
from tests.bot.local_slack.page.test_admission import HEADERS, MARKUP

ROOMS = (
    "/page/demo/state", "/page/demo/mailboxes", "/page/demo/stream", "/page/demo/letters/1", "/page/demo/look/beside.js",
)  # fmt: skip
MALI = "pm@mali.mission.example"
HOSTILE = b"""From: a@b.test\r\nSubject: =?utf-8?q?<script>alert(1)</script>?=\r\nDate: Thu, 30 Aug 2012 09:00:00 -0400\r
Content-Type: text/html; charset=utf-8\r\n\r\n<script>top.location='/taken'</script><img src=http://elsewhere.test/x><form action=/x>\r\n"""


@pytest.mark.parametrize("path", ROOMS)
async def test_nobody_is_let_in_without_the_cookie(stranger: Visitor, path: str) -> None:
    async with await stranger.gets(path) as answer:
        assert answer.status == 403
        assert "the whole address that the terminal printed" in await answer.text()


async def test_a_stranger_can_do_nothing(stranger: Visitor, made: Demo) -> None:
    before = await trail_end(made.working.opened)
    status, _ = await stranger.acts("goes_on", to="2012-08-30T09:00:00-04:00")
    assert status == 403
    assert await trail_end(made.working.opened) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://127.0.0.1:1"}, {"Origin": "null"}, {"Origin": "http://elsewhere.test"}, {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)  # fmt: skip
async def test_a_page_from_elsewhere_can_neither_look_nor_act(visitor: Visitor, headers: dict[str, str]) -> None:
    status, _ = await visitor.posts(json.dumps({"act": "goes_on", "to": "x"}).encode(), **headers)
    assert status == 403
    for path in ROOMS:
        async with await visitor.gets(path, **headers) as answer:
            assert answer.status == 403


async def test_an_act_without_an_origin_is_refused(visitor: Visitor) -> None:
    async with visitor.session.post(f"{visitor.url}/page/demo/acts", json={"act": "goes_on"}) as answer:
        assert answer.status == 403


async def test_another_host_is_not_answered(visitor: Visitor) -> None:
    async with await visitor.gets("/page/demo/state", Host="elsewhere.test") as answer:
        assert answer.status == 421


@pytest.mark.parametrize(
    "path", ["/", *ROOMS, "/page/demo/letters/x", "/page/demo/look/../routes.py", "/page/demo/none"]
)
async def test_every_answer_carries_the_headers(visitor: Visitor, path: str) -> None:
    async with await visitor.gets(path) as answer:
        assert HEADERS.items() <= dict(answer.headers).items()
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "base-uri 'none'" in policy
        assert not re.search(r"script-src[^;]*unsafe", policy)


async def test_only_the_page_holds_frames_and_only_its_own(visitor: Visitor) -> None:
    async with await visitor.gets("/") as answer:
        assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "beside.js" in await answer.text()
    async with await visitor.gets("/page/demo/state") as answer:
        assert "frame-src" not in answer.headers["Content-Security-Policy"]


async def test_looking_changes_nothing(visitor: Visitor, made: Demo) -> None:
    await made.working.go_on()
    await made.missions.writes(Written(MALI, "A question", "To whom?"), await made.working.now())
    await made.working.settle()
    await made.working.settle()
    while any(one.queue for one in await made.working.opened.store.posts.find()):
        await made.working.bell.after(made.working.bell.rung)
    before = await trail_end(made.working.opened)
    for path in ("/", *ROOMS, "/page/demo/acts"):
        async with await visitor.gets(path) as answer:
            assert answer.status in (200, 405)
    async with visitor.session.head(f"{visitor.url}/page/demo/state") as answer:
        assert answer.status == 200
    assert await trail_end(made.working.opened) == before
    assert (await visitor.state())["now"] == "Thu 30 August 2012, 9 a.m. New York"


async def test_a_letter_is_inert(visitor: Visitor, made: Demo) -> None:
    made.missions.office.arrived.append(Arrived(1, MALI, HOSTILE))
    async with await visitor.gets("/page/demo/letters/1") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox; ")
        for part in ("default-src 'none'", "form-action 'none'", "frame-ancestors 'self'", "base-uri 'none'"):
            assert part in policy
        assert "script-src" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    [letter] = (await visitor.state())["letters"]
    assert letter["subject"] == "<script>alert(1)</script>"  # data: the page makes a text node of it


CONNECTS = b"""<html><head><meta http-equiv=refresh content="0;url=http://e.test/"><link rel=preconnect href=http://e.test>
<base href=http://e.test/><style>p > b { color: red } </style></head><body background=http://e.test/ onload=x()>
<p class="a" style="color:red" onclick="x()"><b>words</b></p><script src=http://e.test/></script><iframe src=http://e.test/></iframe>
<iframe srcdoc="<iframe src=http://e.test/>"></iframe><frameset><frame src=http://e.test/></frameset><object data=http://e.test/></object>
<svg onload=x()><use href=http://e.test/ /></svg><math><mtext><style><img src=http://e.test/></style></mtext></math>
<form action=http://e.test/><button formaction=http://e.test/>go</button></form><a href="javascript:x()" ping=http://e.test/>a</a>
<a href=http://e.test/>b</a><img src=http://e.test/ srcset=http://e.test/><video poster=http://e.test/></video><noscript><iframe src=http://e.test/>"""


async def test_of_a_letter_is_given_to_the_browser_what_has_words_and_nothing_that_asks_for_anything(
    visitor: Visitor, made: Demo
) -> None:
    made.missions.office.arrived.append(Arrived(1, MALI, b"Content-Type: text/html\r\n\r\n" + CONNECTS))
    async with await visitor.gets("/page/demo/letters/1") as answer:
        shown = await answer.text()
    assert '<p class="a" style="color:red"><b>words</b></p>' in shown
    assert "p > b { color: red }" in shown
    assert "e.test" not in shown
    assert not re.search(
        r"<(?:script|iframe|frame|object|svg|form|button|link|base|a|video)\b|\son|refresh|x\(\)", shown
    )


@pytest.mark.parametrize("piece", [b"<b>", b"<div>", b"<style>", b"<!--", b"&amp", b"words "])
async def test_a_letter_of_five_megabytes_keeps_nobody_waiting(visitor: Visitor, made: Demo, piece: bytes) -> None:
    """It is not drawn but shown as it is written: none of its tags is one."""
    raw = b"Content-Type: text/html\r\n\r\n" + piece * (5_000_000 // len(piece))
    made.missions.office.arrived.append(Arrived(1, MALI, raw))
    async with asyncio.timeout(20), await visitor.gets("/page/demo/letters/1") as answer:
        shown = await answer.text()
    assert len(shown) > 5_000_000
    assert piece not in shown.encode().partition(b"<body")[2] or b"<" not in piece


async def test_a_letter_in_plain_text_is_shown_as_it_is_written(visitor: Visitor, made: Demo) -> None:
    made.missions.office.arrived.append(Arrived(1, MALI, b"Subject: s\r\n\r\n<b>not bold</b>\r\n"))
    async with await visitor.gets("/page/demo/letters/1") as answer:
        assert "&lt;b&gt;not bold&lt;/b&gt;" in await answer.text()


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff", b"Subject: s\r\nContent-Type: text/html; charset=nosuch\r\n\r\n\xff", b"Date: nonsense\r\n\r\n"],
)
async def test_a_letter_of_any_bytes_is_shown_somehow(visitor: Visitor, made: Demo, raw: bytes) -> None:
    made.missions.office.arrived.append(Arrived(1, MALI, raw))
    async with await visitor.gets("/page/demo/letters/1") as answer:
        assert answer.status == 200
    assert len((await visitor.state())["letters"]) == 1


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "9" * 40, "%F0%9F%98%80", "١"])
async def test_a_letter_that_is_not_there_is_not_found(visitor: Visitor, number: str) -> None:
    async with await visitor.gets(f"/page/demo/letters/{number}") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 409), (b"[]", 409), (b"{", 409), (b'{"act": "unheard_of"}', 409), (b'{"act": 1}', 409), (b'{"act": "goes_on"}', 409),
        (b'{"act": "goes_on", "to": "2012-08-30T09:00:00"}', 409), (b'{"act": "goes_on", "to": "2030-01-01T00:00:00Z"}', 409),
        (b'{"act": "writes", "sender": "a", "subject": "s", "text": "t", "answers": "1"}', 409),
        (b'{"act": "writes", "sender": "a", "subject": ["s"], "text": "t"}', 409),
        (b'{"act": "writes", "sender": "a", "subject": "s", "text": "t", "report": "yes"}', 409), (b" " * 200_001, 413),
    ],
)  # fmt: skip
async def test_a_hostile_act_is_refused_and_does_nothing(
    visitor: Visitor, made: Demo, body: bytes, status: int
) -> None:
    before = await trail_end(made.working.opened)
    answered, said = await visitor.posts(body)
    assert answered == status
    assert status == 413 or said["ok"] is False
    assert await trail_end(made.working.opened) == before


async def test_an_act_is_json(visitor: Visitor) -> None:
    status, _ = await visitor.posts(b'{"act": "goes_on"}', Content_Type="text/plain")
    assert status == 415


async def test_the_stream_tells_of_every_change_and_ends_with_the_desk(visitor: Visitor, made: Demo) -> None:
    async with await visitor.gets("/page/demo/stream") as answer:
        assert answer.content_type == "text/event-stream"
        first = await _next(answer)
        await made.working.go_on()
        async with asyncio.timeout(10):
            assert await _next(answer) > first
            made.working.bell.close()
            while await answer.content.readline():
                pass


async def _next(answer: Any) -> int:
    async with asyncio.timeout(10):
        while not (line := (await answer.content.readline()).decode()).startswith("data: "):
            assert line
    return int(line.removeprefix("data: "))


async def test_before_the_desk_is_at_work_its_rooms_say_so(tmp_path: Path) -> None:
    panes = Panes(Missions(PostOffice((), ""), Letterbox(tmp_path)))
    page = Page(head=panes.head)

    def pages(app: web.Application) -> None:
        panes.add_to(app, page)

    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        local_slack.served(Workspace(), pages=pages) as url,
        aiohttp.ClientSession(cookie_jar=jar) as session,
        session.get(page.address(url)),
        session.get(f"{url}/page/demo/state") as answer,
    ):
        assert answer.status == 503


def test_no_module_makes_markup_of_text_or_fetches_from_elsewhere() -> None:
    assert {"beside.js", "beside.css"} <= NAMES
    for name in NAMES:
        found = re.search(MARKUP, (FOLDER / name).read_text())
        assert not found, f"{name}: {found}"
