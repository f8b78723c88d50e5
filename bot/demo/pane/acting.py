"""What is done in the rooms beside the chat: time goes on, a mission writes.

{"act": "goes_on", "to": ISO}   to the moment that the page has shown as the next; another by now: nothing is done
{"act": "writes", "sender": ADDRESS, "subject": "…", "text": "…", "answers": NUMBER or 0, "report": false}
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from bot.demo.at_work import AtWork
from bot.demo.missions import Missions, Written
from bot.local_slack.calls import as_object
from bot.local_slack.errors import Failure
from bot.local_slack.page.asked import Asked
from committee.errors import Refused, Unavailable

LARGEST: Final = 200_000
CHANGED: Final = "Something else is due next by now. The clock stands where it stood; look at what it shows."


async def act(request: web.Request, working: AtWork, missions: Missions) -> web.StreamResponse:
    """200 with `ok` when it is done; 409 with a sentence where it could not be, and then nothing was done."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    if request.content_length is None or request.content_length > LARGEST:
        raise web.HTTPRequestEntityTooLarge(LARGEST, request.content_length or 0)
    try:
        asked = Asked(as_object(await request.read()))
        await ACTS.get(asked.text("act"), _unknown)(asked, working, missions)
    except (Failure, Refused, Unavailable) as trouble:
        return web.json_response({"ok": False, "error": str(trouble)}, status=HTTPStatus.CONFLICT)
    return web.json_response({"ok": True})


async def _goes_on(asked: Asked, working: AtWork, _missions: Missions) -> None:
    """Pressed twice it goes on once: the second press names a moment that has passed."""
    try:
        to = datetime.fromisoformat(asked.text("to"))
    except ValueError:
        raise Failure("invalid_arguments") from None
    if to.tzinfo is None or await working.go_on(to) is None:
        raise Refused(CHANGED)


async def _writes(asked: Asked, working: AtWork, missions: Missions) -> None:
    answers: Any = asked.value("answers") or 0
    if not isinstance(answers, int):
        raise Failure("invalid_arguments")
    mail = Written(asked.text("sender"), asked.text("subject"), asked.text("text"), answers, asked.flag("report"))
    await missions.writes(mail, await working.now())
    await working.settle()


async def _unknown(_asked: Asked, _working: AtWork, _missions: Missions) -> None:
    raise Failure("unknown_act")


ACTS: Final[dict[str, Callable[[Asked, AtWork, Missions], Awaitable[None]]]] = {
    "goes_on": _goes_on,
    "writes": _writes,
}
