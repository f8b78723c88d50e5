"""`verbale doctor`: everything that a desk stands on is looked at; it writes to nobody but, in a test letter, the desk itself."""

from collections import Counter

from bot import building
from bot.doctor import chat, host, mail, pages, posts, registers, work
from bot.doctor.finding import Found, How, good, look, wrong
from bot.door import Door, folder_of, settings_now
from bot.settings import WrongSetting, unknown_settings
from committee.cards import Card
from committee.errors import Refused, Unavailable


async def examine(door: Door) -> Card:
    """Look at everything; where the settings or the desk cannot be read at all, at what comes before that."""
    try:
        settings = settings_now()
    except WrongSetting as mistake:
        return _card([wrong("settings", str(mistake), "put it right, and look again: verbale doctor")])
    folder = folder_of(door, settings)
    found = [_settings(), *host.examine(folder)]  # before opening it shuts everyone else out
    try:
        async with building.open_desk(folder, settings) as desk:
            found += [*await work.examine(desk), *await mail.examine(folder, desk, settings)]
            found += [*await chat.examine(desk, settings), *pages.examine(settings)]
            found += [*await registers.examine(desk), *await posts.examine(desk)]
    except (Refused, Unavailable, WrongSetting) as trouble:
        found.append(wrong("desk", str(trouble), "put this right first; the rest was not looked at"))
    return _card(found)


def _settings() -> Found:
    """A name that is misspelt is as if it were not set, so it is said."""
    unknown = unknown_settings()
    if not unknown:
        return good("settings", "each can be used")
    return look("settings", f"no setting of the desk: {', '.join(unknown)}", "the table in README.md has their names")


def _card(found: list[Found]) -> Card:
    counts = Counter(one.how for one in found)
    said = ", ".join(f"{counts[how]} {how}" for how in How)
    rows = tuple(
        {"what": one.what, "how": one.how, "found": one.found or None, "to_do": one.to_do or None} for one in found
    )
    return Card(
        "How the desk is", f"{said}.", rows, fields={how.value: counts[how] for how in How}, ok=not counts[How.WRONG]
    )
