"""/1540 help: every command with an example and the role that it takes."""

from collections.abc import Sequence

from bot.registry import Command, command
from bot.suggestions import of_noun
from committee.cards import Card
from committee.counting import counted
from committee.staff import Person
from mailflows.desk import Desk


@command("help [NOUN=WORD]", reads=True, example="help submission")
async def help(_desk: Desk, _person: Person, *, noun: str | None = None) -> Card:
    """Every command, or those about one thing, with an example of each."""
    from bot.commands import COMMANDS  # noqa: PLC0415 - the list holds this very command

    return about(noun, COMMANDS)


def about(noun: str | None, commands: Sequence[Command]) -> Card:
    """The commands about one thing; all of them where nothing or something unknown is named."""
    chosen = of_noun(noun, commands) if noun else ()
    rows = tuple({"command": c.form, "does": c.help, "example": c.example, "role": c.role} for c in chosen or commands)
    text = counted(len(rows), "command") + (", each with an example." if chosen else ". With examples: help NOUN")
    if noun and not chosen:
        text = f"There is no command about “{noun}”; these are all {len(rows)}."
    notes = (
        "Case, accents, kinds of quotes and dashes do not matter; a State goes by ISO code or by any of its names.",
    )
    columns = ("command", "example", "does") if chosen else ("command", "does", "role")
    return Card("Commands" if not chosen else f"Commands: {noun}", text, rows, notes=notes, columns=columns)
