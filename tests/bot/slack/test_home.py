"""App Home is the work queue of whoever opens it, and follows what is committed."""

import asyncio

import pytest

from bot.local_slack.faults import Fault, How
from bot.slack import limits
from bot.slack.home import view
from bot.slack.people import User
from tests.bot.slack.conftest import TEAM, InChat
from tests.chat.persons import Person, pressable, read


async def test_home_shows_what_waits_with_its_buttons_and_no_welcome(chat: InChat, officer: Person) -> None:
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    await chat.desk.takes_in(chat.desk.stranger().writes("Hello zebrafish", "from us"))
    seen = await officer.home()
    assert "Alex Inkwell: what waits" in seen.words
    assert "Waits for me: 1" in seen.words
    assert "*S-2012-0001* · first report from Malawi" in seen.words
    assert "Set aside: 1" in seen.words
    assert {"Accept as first report", "A new contact …", "Show"} <= set(seen.labels)
    assert "elcome" not in seen.words
    assert "zebrafish" not in seen.words


async def test_a_press_in_home_does_it_shows_it_and_the_queue_follows(chat: InChat, officer: Person) -> None:
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    home = await officer.home()
    done = await officer.press(home, "Accept as first report")
    assert done.modal
    assert "Accepted as first report by Alex Inkwell" in done.words
    await chat.homes.refresh()
    assert "Accept as first report" not in str(chat.workspace.modals.homes[officer.id].body)


async def test_home_is_published_again_when_something_was_committed_for_those_who_opened_it(
    chat: InChat, officer: Person, second: Person
) -> None:
    await officer.home()
    keeping = asyncio.create_task(chat.homes.keep())
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    chat.homes.committed()
    async with asyncio.timeout(10):
        async for _ in chat.workspace.subscribe(0, officer.id):
            if "S-2012-0001" in str(chat.workspace.modals.homes[officer.id].body):
                break
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert second.id not in chat.workspace.modals.homes


async def test_what_has_not_changed_is_not_published_again(chat: InChat, officer: Person) -> None:
    await officer.home()
    before = chat.workspace.modals.homes[officer.id].hash
    await chat.homes.refresh()
    assert chat.workspace.modals.homes[officer.id].hash == before
    await officer.home()
    assert chat.workspace.modals.homes[officer.id].hash != before


async def test_a_home_that_cannot_be_drawn_does_not_end_the_keeping(
    chat: InChat, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await officer.home()
    broken = asyncio.Event()

    async def breaks(*_: object) -> None:
        broken.set()
        raise ZeroDivisionError

    chat.homes.pause_seconds = 0.0
    with monkeypatch.context() as patched:
        patched.setattr("bot.slack.home.view", breaks)
        keeping = asyncio.create_task(chat.homes.keep())
        await broken.wait()
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    chat.homes.committed()
    async with asyncio.timeout(10):
        async for _ in chat.workspace.subscribe(0, officer.id):
            if "S-2012-0001" in str(chat.workspace.modals.homes[officer.id].body):
                break
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_whoever_has_left_the_staff_sees_nothing_the_next_time(chat: InChat, officer: Person) -> None:
    await officer.home()
    async with chat.store.transaction(by="test", doing="left", about="staff", at=chat.desk.desk.now) as tx:
        await tx.staff.remove("officer-1")
    await chat.homes.refresh()
    words = "\n".join(read(chat.workspace.modals.homes[officer.id]))
    assert "This desk does not know you" in words
    assert "what waits" not in words


async def test_a_home_that_cannot_be_shown_now_is_shown_the_next_time(
    chat: InChat, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await officer.home()
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    chat.workspace.faults.of("views.publish", Fault(How.NOT_JSON))
    await chat.homes.refresh()
    assert "S-2012-0001" not in str(chat.workspace.modals.homes[officer.id].body)
    await chat.homes.refresh()
    assert "S-2012-0001" in str(chat.workspace.modals.homes[officer.id].body)


async def test_a_button_that_shows_shows_it_in_a_modal_and_one_that_says_so_does_nothing_else(
    chat: InChat, officer: Person
) -> None:
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    home = await officer.home()
    shown = await officer.press(home, "Show: S-2012-0001")
    assert shown.modal
    assert "It is waiting; 1 enclosure" in shown.words
    done = await officer.press(shown.modal, "Accept as first report")
    assert done.modal
    assert "Accepted as first report by Alex Inkwell" in done.words


async def test_each_sees_their_own_queue(chat: InChat, officer: Person) -> None:
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    approver, reader = chat.person("approver-1"), chat.person("reader-1")
    assert "Robin Seal: what waits" in (await approver.home()).words
    seen = await reader.home()
    assert "Waits for me" not in seen.words
    assert "Accept as first report" not in seen.labels
    assert "Accept as first report" in (await officer.home()).labels


async def test_where_nothing_waits_it_says_so(chat: InChat) -> None:
    seen = await chat.person("reader-1").home()
    assert "Nothing waits for you." in seen.words or "Due until" in seen.words


async def test_a_form_begins_from_home_and_its_answer_stands_in_its_place(chat: InChat, officer: Person) -> None:
    home = await officer.home()
    await officer.press(home, "A submission by hand …")
    async with asyncio.timeout(10):
        async for _ in chat.workspace.subscribe(0, officer.id):
            form = chat.workspace.modals.top(officer.id)
            if form and form.body["callback_id"].startswith("form:"):
                break
    assert form
    done = await officer.submits(form, {"Party": "MWI", "Kind": "first-report"})
    assert done.modal
    assert "Numbered" in done.words


async def test_a_full_desk_is_within_slacks_limits(chat: InChat) -> None:
    for party in ("MWI", "ZMB", "ZAF", "DEU", "FRA", "KEN", "UGA", "PER", "CHL", "ESP", "PRT", "IRL"):
        await chat.desk.takes_in(
            (await chat.desk.mission_of(party)).writes(f"First report {party}", attach=f"{party}.pdf")
        )
    for n in range(12):
        await chat.desk.takes_in(chat.desk.stranger(f"someone{n}@elsewhere.test").writes("Hello", "x"))
    drawn = await view(chat.chat, User(TEAM, "U01ADA"))
    assert len(drawn["blocks"]) <= limits.VIEW_BLOCKS
    assert "… and " in str(drawn)


async def test_what_one_prepares_another_sees_in_their_home_and_releases_there(chat: InChat, second: Person) -> None:
    await second.types("/1540 closure add 2012-12-03 storm")
    preview = await second.types("/1540 closure tell 2012-12-03")
    await second.press(preview, preview.labels[0])
    assert "Prepared by me, waits for others: 1" in (await second.home()).words
    approver = chat.person("approver-1")
    home = await approver.home()
    assert "Waits for me: 1" in home.words
    [show] = [
        one["accessibility_label"]
        for one in pressable(home.home)
        if one.get("accessibility_label", "").startswith("Show: A-")
    ]
    shown = await approver.press(home, show)
    assert shown.modal
    release = next(one for one in shown.labels if one.startswith(("Release", "Send")))
    done = await approver.press(shown.modal, release)
    assert done.modal
    assert await chat.desk.outbox()
    await chat.homes.refresh()
    assert "Waits for me" not in str(chat.workspace.modals.homes[approver.id].body)


async def test_a_mail_that_is_set_aside_and_taken_stands_in_two_sections_with_a_button_in_each(
    chat: InChat, officer: Person
) -> None:
    [mail] = await chat.desk.takes_in(chat.desk.stranger().writes("Hello", "from us"))
    await officer.types(f"/1540 mail {mail.key} take")
    home = await officer.home()
    assert {"My cases: 1", "Set aside: 1"} <= set(home.words.split("\n"))
    assert home.home
    named = [one["action_id"] for one in pressable(home.home)]
    assert len(named) == len(set(named))
