"""A command is registered with its pattern; one that its handler does not fit is found out when it is loaded."""

from types import ModuleType

import pytest

from bot import registry
from bot.patterns import Choice, Literal, Maybe, Option, Slot, as_read, taken_apart
from bot.registry import command
from committee.cards import Card
from committee.staff import Role


@command("state STATE note TEXT [--until DATE]", role=Role.OFFICER, example="state MWI note x")
async def note(_desk, _person, *, state, text, until=None, press=None):
    """Note what a State has said.

    More than the first line is not help.
    """
    return Card(f"{state} {text} {until} {press}")


@command("inbox [set-aside] [--all]", reads=True, example="inbox")
async def inbox(_desk, _person, *, which=None, all=False):
    """The mail."""
    return Card(f"{which} {all}")


def test_commands_are_found_in_the_order_in_which_they_stand():
    module = ModuleType("tests.commands")
    module.note, module.inbox = note, inbox
    note.__module__ = inbox.__module__ = module.__name__
    found = registry.of([module])
    assert [made.form for made in found] == ["state STATE note TEXT [--until DATE]", "inbox [set-aside] [--all]"]
    assert found[0].help == "Note what a State has said."
    assert (found[0].role, found[0].reads, found[0].takes_press) == (Role.OFFICER, False, True)
    assert (found[1].role, found[1].reads, found[1].takes_press) == (Role.READER, True, False)
    assert found[1].noun == "inbox"


def test_a_command_that_is_registered_twice_is_refused():
    one, other = ModuleType("tests.one"), ModuleType("tests.other")
    one.inbox = other.inbox = inbox
    inbox.__module__ = "tests.one"
    assert len(registry.of([one, other])) == 1  # imported is not defined
    with pytest.raises(ValueError, match="registered twice"):
        registry.of([one, one])


@pytest.mark.parametrize("pattern", ["state STATE", "state STATE note TEXT WORD", "note"])
def test_a_handler_that_does_not_take_the_patterns_arguments_is_refused(pattern):
    with pytest.raises(ValueError, match="must take"):

        @command(pattern, example="x")
        async def _(_desk, _person, *, state, text):
            """Help."""


def test_what_may_be_left_out_needs_a_default():
    with pytest.raises(ValueError, match="look at: text"):

        @command("stop [TEXT]", example="stop")
        async def _(_desk, _person, *, text):
            """Help."""


def test_a_handler_without_a_docstring_is_refused():
    with pytest.raises(ValueError, match="docstring"):

        @command("stop", example="stop")
        async def _(_desk, _person):
            pass


def test_a_pattern_is_taken_apart():
    pattern = taken_apart("x STATE [hold WHY=TEXT] [a|b-c=WHAT] [--since START=DATE] --by-hand --place=TEXT [--all]")
    assert pattern.parts == (
        Literal("x"),
        Slot("state", "STATE"),
        Maybe((Literal("hold"), Slot("why", "TEXT"))),
        Maybe((Choice("what", ("a", "b-c")),)),
    )
    assert pattern.options == (
        Option("since", "start", Slot("start", "DATE")),
        Option("by-hand", "by_hand", None, required=True),
        Option("place", "place", Slot("place", "TEXT"), required=True),
        Option("all", "all", None),
    )
    assert pattern.arguments == {
        "state": True, "why": False, "what": False, "start": False, "place": True, "all": False
    }  # fmt: skip


def test_a_person_of_the_pattern_is_not_the_one_who_acts():
    assert taken_apart("staff PERSON role ROLE").arguments == {"who": True, "role": True}


@pytest.mark.parametrize("written", ["", "STATE", "x [", "x ]", "x BANANA", "x STATE STATE", "x []", "x +y", "x --a=z"])
def test_what_is_no_pattern_is_refused(written):
    with pytest.raises(ValueError, match="not a pattern"):
        taken_apart(written)


def test_a_pattern_is_read_without_the_codes_own_names():
    assert (
        as_read("x [a|b=WHICH] OTHER=SUBMISSION --place=TEXT [--since DATE]")
        == "x [a|b] OTHER --place TEXT [--since DATE]"
    )
