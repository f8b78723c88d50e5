"""What the rooms beside the chat show: the moment, what is due next, the tour, and the letters in the mailboxes.

{"rung": 12, "now": "Thu 30 August 2012, 9 a.m. New York", "next": {"at": ISO, "when": "…", "what": ["…"]}|null,
 "letters": [{"number", "address", "from", "subject", "at"}], "tour": [STEP …]}
STEP {"title", "say", "done": "the fact, in words" or "", "lines": ["/1540 …"], "room": "chat|mail|clock", "mail": MAIL|null}
MAIL {"sender", "subject", "text", "report"}
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from bot.demo import reading, tour, upcoming
from bot.demo.at_work import AtWork
from bot.demo.missions import Missions
from bot.demo.post_office import Arrived
from committee.calendar import written_moment

Handler = Callable[[web.Request, AtWork, Missions], Awaitable[web.StreamResponse]]
RETRY = 1000
"""Milliseconds after which a browser comes back."""


async def state(_request: web.Request, working: AtWork, missions: Missions) -> web.StreamResponse:
    return web.json_response(await seen(working, missions))


async def seen(working: AtWork, missions: Missions) -> dict[str, Any]:
    """`rung` is read first: what changes while we look is told afterwards."""
    rung, desk = working.bell.rung, await working.now()
    following = await working.next_moment()
    due = following and {
        "at": following.isoformat(), "when": written_moment(following), "what": await upcoming.at(following, desk),
    }  # fmt: skip
    return {
        "rung": rung, "now": written_moment(desk.now), "next": due or None,
        "letters": [_letter(one) for one in missions.office.arrived],
        "tour": [await _step(step, working, missions) for step in tour.STEPS],
    }  # fmt: skip


async def mailboxes(_request: web.Request, working: AtWork, missions: Missions) -> web.StreamResponse:
    """Everybody who can write to the desk here."""
    every = await missions.mailboxes(await working.now())
    return web.json_response({"mailboxes": [asdict(one) for one in every]})


async def stream(request: web.Request, working: AtWork, _missions: Missions) -> web.StreamResponse:
    """Server-sent events: that something has changed, not what; a page looks again."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    await response.prepare(request)
    rung = -1
    try:
        await response.write(f"retry: {RETRY}\n\n".encode())
        while not working.bell.closed:
            rung = await working.bell.after(rung)
            await response.write(f"data: {rung}\n\n".encode())
    except ConnectionError:
        pass  # the page has been closed
    return response


def _letter(one: Arrived) -> dict[str, Any]:
    return {
        "number": one.number, "address": one.address, "from": reading.field(one, "From"),
        "subject": reading.field(one, "Subject") or "Without a subject", "at": reading.moment(one),
    }  # fmt: skip


async def _step(step: tour.Step, working: AtWork, missions: Missions) -> dict[str, Any]:
    done = await step.fact(await working.now())
    mail = step.mail and await step.mail(await working.now(), missions)
    return {
        "title": step.title, "say": step.say, "done": done, "lines": list(step.lines), "room": step.room,
        "mail": asdict(mail) if mail else None,
    }  # fmt: skip
