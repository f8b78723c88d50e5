"""Names become keys and days; a name that may be two States' asks back, and what it asks depends on what is at stake."""

from datetime import date

import pytest

from bot.commands import COMMANDS
from bot.grammar import Parsed, parse
from bot.suggestions import NotUnderstood
from bot.words import Words, resolve
from committee.cards import Card
from committee.names import Directory
from committee.staff import Role
from committee.states import ReportStatus
from committee.submissions import Kind
from storage.seeding import states

TODAY = date(2012, 9, 4)
KNOWN_KEYS = {("SUBMISSION", "S-2012-0017"), ("LETTER", "first-report/MWI/programme-11/2"), ("KEY", "S-2012-0017")}


async def exists(placeholder, key):
    return (placeholder, key) in KNOWN_KEYS


@pytest.fixture(scope="module")
def words():
    named = [(state.key, (state.iso2, *state.aliases)) for state in states()]
    organizations = [("IAEA", ("International Atomic Energy Agency",))]
    people = {"ana-garcia": "Ana Garc\u00eda", "officer-1": "Officer One"}
    return Words(
        today=TODAY,
        off={date(2012, 9, 3)},
        states=Directory(named),
        parties=Directory([*named, *organizations]),
        people=Directory([(key, (name,)) for key, name in people.items()]),
        names={state.key: state.named_on(TODAY).listed for state in states()}
        | {"IAEA": organizations[0][1][0]}
        | people,
        exists=exists,
    )


async def meant(typed, words):
    parsed = parse(typed, COMMANDS)
    assert isinstance(parsed, Parsed), parsed
    return await resolve(parsed, words, COMMANDS)


@pytest.mark.parametrize(
    ("typed", "arguments"),
    [
        ("state mw", {"state": "MWI"}),
        ("state Malawi", {"state": "MWI"}),
        ("state the Republic of Malawi", {"state": "MWI"}),
        ("state c\u00f4te d\u2019ivoire", {"state": "CIV"}),
        ("state Republic of the Congo", {"state": "COG"}),
        ("state COD confirm non reporting", {"state": "COD", "status": ReportStatus.NON_REPORTING}),
        ("states asia-pacific", {"group": "Asia-Pacific Group"}),
        ("remind first-report --to Malawi,mwi,Cote d'Ivoire", {"to": ("MWI", "CIV")}),
        ('remind first-report --to "Malawi, Mali"', {"to": ("MWI", "MLI")}),
        ("submission s-2012-17 accept", {"submission": "S-2012-0017"}),
        ("submission S\u20132012\u201317 accept", {"submission": "S-2012-0017"}),
        ("submission s-2012-99 accept", {"submission": "S-2012-0099"}),
        ("submission S-2012-17 reclassify as first reports", {"submission": "S-2012-0017", "kind": Kind.FIRST_REPORT}),
        ("submission add --by-hand iaea other", {"party": "IAEA", "kind": Kind.OTHER}),
        ("letter First-Report/mwi/programme-11/2", {"letter": "first-report/MWI/programme-11/2"}),
        ("log mwi", {"key": "MWI"}),
        ("log s-2012-17 --since 1 September", {"key": "S-2012-0017", "since": date(2012, 9, 1)}),
        ("state MWI note x --until 1 September", {"state": "MWI", "text": "x", "until": date(2013, 9, 1)}),
        ("state MWI note x --until in 2 working days", {"state": "MWI", "text": "x", "until": date(2012, 9, 6)}),
        ("staff Ana Garcia role officer", {"who": "ana-garcia", "role": Role.OFFICER}),
        ('staff add "Ana Garc\u00eda" officer --account 1001', {"name": "Ana Garc\u00eda", "role": Role.OFFICER, "account": 1001}),
        ("outbox held --all", {"which": "held", "all": True}),
    ],
)  # fmt: skip
async def test_a_name_becomes_a_key(typed, arguments, words):
    assert await meant(typed, words) == arguments


@pytest.mark.parametrize("name", ["Congo", "Guinea", "Korea", "Niger", "Dominica", "the Congo"])
async def test_a_command_that_reads_shows_every_state_that_a_name_may_mean(name, words):
    card = await meant(f"state {name}", words)
    assert isinstance(card, Card)
    assert card.ok
    assert len(card.rows) >= 2
    assert [offer.line for offer in card.offers] == [f"state {row['key']}" for row in card.rows]


@pytest.mark.parametrize("name", ["Congo", "Guinea", "Korea", "Niger", "Dominica", "Malawy"])
async def test_a_command_that_changes_something_asks_back(name, words):
    card = await meant(f"state {name} confirm reported", words)
    assert isinstance(card, Card)
    assert not card.ok
    assert "Nothing was changed" in card.text
    assert "ISO code" in card.text
    assert not card.offers
    assert all(note.endswith(" confirm reported") for note in card.notes)


async def test_the_names_that_a_name_may_mean_are_said(words):
    card = await meant("state Congo note x", words)
    assert isinstance(card, Card)
    assert "Congo (COG) or Democratic Republic of the Congo (COD)" in card.text
    assert card.notes == ("state COG note x", "state COD note x")


async def test_one_doubtful_state_of_a_list_asks_back_for_the_list(words):
    card = await meant("remind first-report --to Malawi, Congo", words)
    assert isinstance(card, Card)
    assert not card.ok
    assert card.notes == ("remind first-report --to Malawi,COG", "remind first-report --to Malawi,COD")


@pytest.mark.parametrize("typed", ["mail M-2012-0001 once mw", "remind first-report --to MW"])
async def test_two_letters_are_a_state_only_after_state(typed, words):
    card = await meant(typed, words)
    assert isinstance(card, Card)
    assert not card.ok


@pytest.mark.parametrize("typed", ["state Atlantis", "state Atlantis confirm reported", "staff Nobody role officer"])
async def test_what_is_in_no_register_is_refused(typed, words):
    card = await meant(typed, words)
    assert isinstance(card, Card)
    assert not card.ok
    assert card.text


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("state Mali confrm reported", "state Mali confirm reported"),
        ("states non-reportng", "states non-reporting"),
        ("state Mali confirm", "state STATE confirm STATUS"),
        ("state Mali confirm banana", "state STATE confirm STATUS"),
    ],
)
async def test_a_state_that_ends_in_a_verb_is_an_unfinished_command(typed, suggestion, words):
    answer = await meant(typed, words)
    assert isinstance(answer, NotUnderstood)
    assert suggestion in answer.suggestions


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("state MWI note x --until banana", "is not a day"),
        ("state MWI note x --until next Friday", "is not a day"),
        ('state MWI note ""', "no text"),
        ('staff add "Ana" officer --account many', "is not a number"),
        ("submissions --since banana", "is not a day"),
    ],
)
async def test_what_cannot_be_meant_is_not_understood(typed, said, words):
    answer = await meant(typed, words)
    assert isinstance(answer, NotUnderstood), answer
    assert said in answer.text
    assert "Nothing was changed" in answer.text


async def test_every_state_goes_by_its_codes_and_its_formal_name(words):
    for state in states():
        if state.iso2 != "TO":  # a word of the language
            assert await meant(f"state {state.iso2}", words) == {"state": state.key}
        assert await meant(f"state {state.key}", words) == {"state": state.key}
        formal = state.named_on(TODAY).words["en"].formal
        assert await meant(f"state {formal}", words) == {"state": state.key}, formal
