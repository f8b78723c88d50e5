"""The page behind a link, over real HTTP: reading changes nothing, an answer counts once, nobody sees another's entry."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import unescape
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.pages import serving
from bot.pages.pace import Pace
from bot.pages.words import WORDS
from committee.confirmations import AnswerState, Asking
from committee.provenance import Door
from mailflows import entry_page, page_tokens
from mailflows.desk import Desk
from tests.conftest import PracticeDesk

MALAWI = Asking("MWI", 2012)
LAST_DAY = date(2012, 12, 1)


@dataclass(slots=True)
class Site:
    desk: PracticeDesk
    http: aiohttp.ClientSession
    url: str

    def link(self, asking: Asking = MALAWI, last_day: date = LAST_DAY) -> str:
        return f"{self.url}/t/{page_tokens.made(asking, last_day, self.desk.desk.store.keys[0])}"

    async def opens(self, url: str, **how: object) -> tuple[int, str]:
        async with self.http.get(url, **how) as answer:  # type: ignore[arg-type]  # whatever a test asks of it
            return answer.status, await answer.text()

    async def answers(self, url: str, **form: str) -> tuple[int, str]:
        async with self.http.post(url, data=form) as answer:
            return answer.status, await answer.text()

    async def seen(self, url: str) -> str:
        _, page = await self.opens(url)
        found = re.search(r'name="seen" value="([^"]*)"', page)
        assert found
        return found[1]

    async def kept(self) -> AnswerState | None:
        answer = await self.desk.desk.store.confirmations.get(MALAWI.key)
        return answer.state if answer else None


@pytest.fixture
async def site(desk: PracticeDesk) -> AsyncIterator[Site]:
    async def now() -> Desk:
        return desk.desk

    async with serving.served(("127.0.0.1", 0), now) as port, aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{port}"
        desk.desk = replace(desk.desk, public_url=url)
        yield Site(desk, http, url)


async def test_reading_it_changes_nothing_however_often_and_by_whatever_method(site: Site) -> None:
    before = await site.desk.desk.store.trail.end()
    for _ in range(3):
        status, page = await site.opens(site.link())
        async with site.http.head(site.link()) as head:
            assert head.status == 200
    assert status == 200
    for method in ("PUT", "DELETE", "PATCH"):
        async with site.http.request(method, site.link()) as answer:
            assert answer.status == 405
    assert await site.desk.desk.store.trail.end() == before
    assert await site.kept() is None
    assert "<script" not in page


async def test_it_shows_the_party_s_own_entry_and_nothing_of_another_s(site: Site) -> None:
    _, page = await site.opens(site.link())
    contacts = await site.desk.desk.store.contacts.all()
    mine = {one.address for one in contacts if one.party == "MWI"}
    assert all(address in unescape(page) for address in mine)
    assert not [one.address for one in contacts if one.address not in mine and one.address in page]


async def test_every_answer_has_strict_headers(site: Site) -> None:
    for url in (site.link(), f"{site.url}/t/wrong", f"{site.url}/", f"{site.url}/t/"):
        async with site.http.get(url) as answer:
            headers = answer.headers
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Content-Type-Options"] == "nosniff"


async def test_unchanged_counts_at_once_and_once(site: Site) -> None:
    seen = await site.seen(site.link())
    status, page = await site.answers(site.link(), answer="unchanged", seen=seen)
    assert (status, WORDS["en"]["unchanged"] in unescape(page)) == (200, True)
    mission = await site.desk.contact("MWI")
    assert mission.confirmed_on == site.desk.desk.today
    told = mission.told_last("confirmed_on")
    assert told is not None
    assert told.source.door is Door.PAGE
    status, page = await site.answers(site.link(), answer="unchanged", seen=seen)
    assert (status, mission.address in page) == (410, False)
    status, page = await site.opens(site.link())
    assert (status, mission.address in page) == (410, False)


async def test_of_answers_at_once_one_counts(site: Site) -> None:
    seen = await site.seen(site.link())
    done = await asyncio.gather(*(site.answers(site.link(), answer="unchanged", seen=seen) for _ in range(5)))
    assert sorted(status for status, _ in done) == [200, 410, 410, 410, 410]


async def test_a_change_is_proposed_and_changes_nothing(site: Site) -> None:
    seen, mission = await site.seen(site.link()), await site.desk.contact("MWI")
    form = {"0-telephone": "+1 212 555 0177", "0-name": mission.name, "0-address": mission.address, "0-title": ""}
    status, _ = await site.answers(site.link(), answer="changed", seen=seen, **form)
    assert status == 200
    answer = await site.desk.desk.store.confirmations.get(MALAWI.key)
    assert answer is not None
    assert [(one.contact, one.what, one.now) for one in answer.changes] == [
        (mission.key, "telephone", "+1 212 555 0177")
    ]
    assert (await site.desk.contact("MWI")).telephone == mission.telephone


async def test_what_differs_in_nothing_or_has_no_address_is_not_an_answer(site: Site) -> None:
    seen = await site.seen(site.link())
    assert (await site.answers(site.link(), answer="changed", seen=seen))[0] == 422
    assert (await site.answers(site.link(), answer="changed", seen=seen, **{"0-address": "not one"}))[0] == 422
    assert await site.kept() is None


async def test_an_entry_that_was_changed_meanwhile_is_shown_anew(site: Site) -> None:
    seen, mission = await site.seen(site.link()), await site.desk.contact("MWI")
    await site.desk.types(f"contact {mission.key} telephone +1 212 555 0142")
    status, page = await site.answers(site.link(), answer="unchanged", seen=seen)
    assert (status, "0142" in page) == (409, True)
    assert await site.kept() is None


async def test_a_link_that_is_expired_altered_or_another_party_s_opens_nothing_of_this_one(site: Site) -> None:
    seen, mission = await site.seen(site.link()), await site.desk.contact("MWI")
    expired = site.link(last_day=site.desk.desk.today - timedelta(days=1))
    altered = site.link()[:-1] + ("A" if site.link()[-1] != "A" else "B")
    others = site.link(Asking("FRA", 2012))
    for url, expected in ((expired, 410), (altered, 404), (f"{site.url}/t/{'A' * 3000}", 404)):
        for status, page in (await site.opens(url), await site.answers(url, answer="unchanged", seen=seen)):
            assert (status, mission.address in page) == (expected, False)
    status, page = await site.answers(others, answer="unchanged", seen=seen)
    assert (status, mission.address in page) == (409, False)
    assert await site.desk.desk.store.confirmations.find() == []


async def test_a_link_of_yesterday_s_key_still_opens_and_of_a_strange_key_none(site: Site) -> None:
    keys = site.desk.desk.store.keys
    strange = page_tokens.made(MALAWI, LAST_DAY, replace(keys[0], secret=b"?" * 32))
    assert (await site.opens(f"{site.url}/t/{strange}"))[0] == 404
    assert page_tokens.opened(strange, (*keys, replace(keys[0], secret=b"?" * 32))) is None
    newer = replace(keys[0], id="new", secret=b"n" * 32)
    assert page_tokens.opened(page_tokens.made(MALAWI, LAST_DAY, keys[0]), (newer, *keys)) is not None


async def test_another_host_s_name_another_type_and_too_much_are_refused(site: Site) -> None:
    assert (await site.opens(site.link(), headers={"Host": "elsewhere.test"}))[0] == 421
    async with site.http.post(site.link(), json={"answer": "unchanged"}) as answer:
        assert answer.status == 415
    assert (await site.answers(site.link(), answer="unchanged", seen="x", words="x" * 100_000))[0] == 413
    assert (await site.answers(site.link(), answer="else"))[0] == 400
    assert await site.kept() is None


async def test_more_answers_than_a_minute_takes_wait(desk: PracticeDesk) -> None:
    pace = Pace(2)
    assert [pace.takes(now) for now in (0.0, 1.0, 2.0, 59.9, 60.0, 60.5, 61.0)] == [
        True,
        True,
        False,
        False,
        True,
        False,
        True,
    ]

    async def now() -> Desk:
        return desk.desk

    app = serving.application(now, Pace(0))
    assert app[serving.PACE].takes(0.0) is False


async def test_what_stands_in_the_book_is_text_on_the_page(site: Site) -> None:
    mission = await site.desk.contact("MWI")
    await site.desk.types(f'contact {mission.key} title "<script>alert(1)</script>"')
    _, page = await site.opens(site.link())
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("language", sorted(entry_page.LANGUAGES))
async def test_it_speaks_the_party_s_language(site: Site, language: str) -> None:
    state = await site.desk.desk.store.states.get("MWI")
    assert state is not None
    async with site.desk.desk.store.transaction(by="test", doing="x", about="MWI", at=site.desk.desk.now) as tx:
        await tx.states.put(replace(state, language=language))
    _, page = await site.opens(site.link())
    assert f'lang="{language}"' in page
    assert WORDS[language]["title"] in unescape(page)
    assert ('dir="rtl"' in page) is (language == "ar")


async def test_an_answer_that_was_committed_and_not_told_is_found_when_it_is_given_again(site: Site) -> None:
    seen = await site.seen(site.link())
    parts = urlsplit(site.link())
    body = f"answer=unchanged&seen={seen}"
    _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    await writer.drain()
    writer.transport.abort()
    status, _ = await site.answers(site.link(), answer="unchanged", seen=seen)
    assert status in {200, 410}
    assert await site.kept() is AnswerState.UNCHANGED
