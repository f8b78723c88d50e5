"""Every command that can be typed; a module of commands counts once it stands in this list."""

from typing import Final

from bot import registry
from bot.commands import (
    approvals,
    calendar,
    call_list,
    cases,
    chairs,
    delegations,
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
    writing,
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
        cases,
        writing,
        remind,
        outbox,
        stop,
        approvals,
        second_copies,
        proof,
        unserved,
        call_list,
        repairs,
        staff,
        delegations,
        languages,
        handling,
        search,
        log,
        help,
    )
)
