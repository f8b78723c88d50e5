"""Every command that can be typed; a module of commands counts once it stands in this list."""

from typing import Final

from bot import registry
from bot.commands import (
    calendar,
    call_list,
    chairs,
    chat,
    desk,
    due,
    handling,
    help,
    languages,
    log,
    mail,
    outbox,
    policies,
    proof,
    remind,
    repairs,
    search,
    second_copies,
    staff,
    states,
    stop,
    submissions,
    unserved,
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
        stop,
        chat,
        second_copies,
        proof,
        unserved,
        call_list,
        repairs,
        staff,
        languages,
        handling,
        search,
        log,
        help,
    )
)
