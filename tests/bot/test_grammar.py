"""The language as people type it: what is one command is that command, and what is none is never guessed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import COMMANDS
from bot.grammar import Parsed, parse
from bot.readings import RESERVED
from bot.suggestions import NotUnderstood
from bot.typed import LONGEST

NOTE = "state STATE note TEXT [--until DATE]"


def understood(typed):
    parsed = parse(typed, COMMANDS)
    assert isinstance(parsed, Parsed), parsed
    return parsed.command.form, dict(parsed.arguments)


def not_understood(typed):
    parsed = parse(typed, COMMANDS)
    assert isinstance(parsed, NotUnderstood), parsed
    return parsed


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.form)
def test_every_example_is_its_own_command(command):
    parsed = parse(command.example, COMMANDS)
    assert isinstance(parsed, Parsed), parsed
    assert parsed.command is command


@pytest.mark.parametrize(
    ("typed", "form", "arguments"),
    [
        ("state MWI", "state STATE", {"state": "MWI"}),
        ("STATE Sao Tome and Principe", "state STATE", {"state": "Sao Tome and Principe"}),
        ("/1540 st\u00e1te mwi", "state STATE", {"state": "mwi"}),
        ("states MWI", "state STATE", {"state": "MWI"}),
        ("submissions s-2012-17", "submission SUBMISSION", {"submission": "s-2012-17"}),
        ("submission s-2012-17 set aside", "submission SUBMISSION set-aside [WHY]", {"submission": "s-2012-17"}),
        ("submission s-2012-17 Set\u2011Aside", "submission SUBMISSION set-aside [WHY]", {"submission": "s-2012-17"}),
        (
            "submission S-2012-0017 reclassify as additional information",
            "submission SUBMISSION reclassify as KIND",
            {"submission": "S-2012-0017", "kind": "additional information"},
        ),
        (
            'submission S-2012-0017 clarify "Annex 2?"',
            "submission SUBMISSION clarify TEXT",
            {"submission": "S-2012-0017", "text": "Annex 2?"},
        ),
        ("mail m-2012-3 once the Gambia", "mail MAIL once PARTY", {"mail": "m-2012-3", "party": "the Gambia"}),
        ("stop", "stop [KEY]", {}),
        ("resume R-2012-1", "resume [KEY]", {"key": "R-2012-1"}),
        ("staff ana-garcia role officer", "staff PERSON role ROLE", {"who": "ana-garcia", "role": "officer"}),
    ],
)
def test_typing_is_forgiven(typed, form, arguments):
    assert understood(typed) == (form, arguments)


@pytest.mark.parametrize(
    "typed", ["states non-reporting", "states Non Reporting", "STATES nonreporting", "state non-reporting"]
)
def test_hyphens_case_and_number_do_not_count(typed):
    form, arguments = understood(typed)
    assert form.startswith("states ")
    assert arguments == {"which": "non-reporting"}


def test_a_choice_and_a_group_of_several_words_stand_beside_each_other():
    assert understood("states non reporting western european and others")[1] == {
        "which": "non-reporting",
        "group": "western european and others",
    }


@pytest.mark.parametrize(
    "typed",
    [
        'state Sao Tome and Principe note "Deputy says March" --until 2013-03-15',
        "state Sao Tome and Principe --until 2013-03-15 note Deputy says March",
        "--until 2013-03-15 state Sao Tome and Principe note Deputy says March",
        "state Sao Tome and Principe note \u201cDeputy says March\u201d \u2014until=2013-03-15",
        "state Sao Tome and Principe note Deputy --until 2013-03-15 says March",
        "state \u201cSao Tome and Principe\u201d note 'Deputy says March' \u2013until 2013-03-15",
    ],
)
def test_options_stand_anywhere_and_words_need_no_quotes(typed):
    arguments = {"state": "Sao Tome and Principe", "text": "Deputy says March", "until": "2013-03-15"}
    assert understood(typed) == (NOTE, arguments)


@pytest.mark.parametrize("day", ["12 September", "12 Sept 2012", "in 5 working days", "tomorrow", "September 12, 2012"])
def test_an_option_takes_as_many_words_as_are_a_day(day):
    assert understood(f"state MWI note --until {day} Deputy has telephoned")[1] == {
        "state": "MWI",
        "until": day,
        "text": "Deputy has telephoned",
    }


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("remind first-report --to MWI,MLI", "MWI,MLI"),
        ("remind first report \u2014to MWI, MLI", "MWI, MLI"),
        ("remind --to Cabo Verde, \u201cCongo, DR\u201d first-report", "Cabo Verde, \u201cCongo, DR\u201d"),
        ("remind first-report --to MWI --to MLI", "MWI,MLI"),
    ],
)
def test_a_list_of_states_may_have_spaces_after_its_commas(typed, listed):
    assert understood(typed)[1] == {"to": listed}


def test_line_breaks_are_spaces_except_in_free_text():
    assert understood("submission\nS-2012-0001\nclarify Dear colleagues,\n\nwhere is annex 2?")[1] == {
        "submission": "S-2012-0001",
        "text": "Dear colleagues,\n\nwhere is annex 2?",
    }


def test_free_text_may_hold_any_word_of_the_language():
    assert understood("state MWI note please confirm reported")[0] == NOTE


def test_an_apostrophe_is_no_quote():
    assert understood("state Cote d'Ivoire note don't call")[1] == {"state": "Cote d'Ivoire", "text": "don't call"}


def test_every_list_takes_all():
    assert understood("states --all") == ("states [non-reporting|reported|unconfirmed|observers] [GROUP]", {})
    assert understood("outbox --all")[1] == {"all": True}


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_reserved_word_is_never_a_key(word):
    not_understood(f"state {word}")
    not_understood(f"submission {word}")


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("outbx", "outbox"),
        ("staets", "states"),
        ("submission S-2012-0017 acept", "submission S-2012-0017 accept"),
        ("submisson S-2012-0017 acept", "submission S-2012-0017 accept"),
        ("helf submission", "help submission"),
        ("accept S-2012-0017", "submission SUBMISSION accept"),
        ("submission S-2012-0017 banish", "submission SUBMISSION accept"),
        ("frobnicate", "help"),
        ("", "help"),
    ],
)
def test_what_is_misspelt_is_suggested_and_not_done(typed, suggestion):
    assert suggestion in not_understood(typed).suggestions


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("submission S-2012-0017 clarify", "words, in quotes or without"),
        ("submission S-2012-0017 reclassify as banana", "first-report"),
        ("submission S-2012-0017 reclassify as", "a kind of submission"),
        ("mail", "a mail's key"),
        ("submission add MWI other", "--by-hand is missing"),
        ("state MWI note x --untl tomorrow", "did you mean --until"),
        ("state MWI note x --until", "--until takes a day"),
        ("states --foo", "has no option --foo; it has --all"),
        ("state MWI note x --until today --until tomorrow", "--until stands there twice"),
        ("outbox --all=yes", "--all takes no value"),
        ("state to", "never a key"),
    ],
)
def test_what_is_missing_or_wrong_is_said(typed, said):
    answer = not_understood(typed)
    assert said in answer.text
    assert "Nothing was changed" in answer.text


def test_a_command_is_at_most_ten_thousand_characters():
    assert "10,000" in not_understood("x" * (LONGEST + 1)).text
    assert understood("state MWI note " + "x" * (LONGEST - 20))[0] == NOTE


def test_what_was_typed_is_said_back_without_what_a_terminal_would_obey():
    assert "\x1b" not in not_understood("frob \x1b[31m\u202e").text


TYPED = st.lists(
    st.one_of(
        st.sampled_from([word for command in COMMANDS for word in command.example.split()]),
        st.sampled_from(["--until", "--to", "--all", "--x", "=", ",", '"', "'", "12", "September"]),
        st.sampled_from(["\u2014since", "\u201c", "\u201d", "\u00ab"]),
        st.text(max_size=12),
    ),
    max_size=14,
).map(" ".join)  # fmt: skip


@given(st.one_of(TYPED, st.text()))
def test_whatever_is_typed_has_an_answer(typed):
    answer = parse(typed, COMMANDS)
    if isinstance(answer, Parsed):
        assert {name for name, always in answer.command.shape.arguments.items() if always} <= answer.arguments.keys()
        assert answer.arguments.keys() <= answer.command.shape.arguments.keys()
    else:
        assert answer.text


@pytest.mark.parametrize(
    "typed",
    [
        "state " + "a " * 4000,
        "remind first-report " + "--to a b c " * 20,
        "state MWI note " + "--until 12 September " * 400,
        "\u201ca " * 3000,
        "'a " * 3000,
        "submission S-1 clarify " + "--x " * 2000,
        "non reporting " * 700,
        "staff " + "role officer " * 800,
    ],
    ids=lambda typed: typed[:20],
)
def test_no_line_takes_long(typed):
    began = time.process_time()  # what else the machine does is not counted
    parse(typed, COMMANDS)
    assert time.process_time() - began < 1.5
