"""Every command is in the help, with what it does, an example and the role that it takes."""

import pytest

from bot.commands import COMMANDS
from bot.commands.help import about


def test_every_command_is_in_the_help():
    card = about(None, COMMANDS)
    assert [(row["command"], row["example"], row["role"], row["does"]) for row in card.rows] == [
        (command.form, command.example, command.role, command.help) for command in COMMANDS
    ]
    assert card.ok


@pytest.mark.parametrize("noun", ["submission", "submissions", "Submission"])
def test_the_help_for_a_noun_has_its_commands_alone(noun):
    rows = about(noun, COMMANDS).rows
    assert {row["command"].split()[0] for row in rows} == {"submissions", "submission"}


def test_help_for_a_verb_finds_the_commands_in_which_it_stands():
    assert [row["command"] for row in about("accept", COMMANDS).rows] == ["submission SUBMISSION accept"]


def test_help_for_nothing_known_is_the_whole_help():
    card = about("frobnicate", COMMANDS)
    assert len(card.rows) == len(COMMANDS)
    assert "no command about \u201cfrobnicate\u201d" in card.text
