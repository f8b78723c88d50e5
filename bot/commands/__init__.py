"""Every command that can be typed; a module of commands counts once it stands in this list."""

from typing import Final

from bot import registry
from bot.commands import (
    calendar,
    chairs,
    desk,
    due,
    handling,
    help,
    languages,
    log,
    mail,
    outbox,
    policies,
    remind,
    repairs,
    search,
    staff,
    states,
    submissions,
)

COMMANDS: Final = registry.of(
    (
        desk,
        due,
        calendar,
        chairs,
        policies,
        states,
        submissions,
        mail,
        remind,
        outbox,
        repairs,
        staff,
        languages,
        handling,
        search,
        log,
        help,
    )
)
