"""`search` finds anything by party, person, number, symbol or word, and shows and finds no more than a person may see."""

from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import building
from bot.settings import without_environment
from committee.cards import Card
from committee.staff import STRANGER
from mailflows import indexing, search
from storage.schema import connect
from storage.store import Store
from tests.conftest import PracticeDesk
from tests.storage.test_index import made_before

TEXT = "Le Gouvernement a ratifié la convention. Уран. 马拉维提交了报告. اليورانيوم"


async def arrives(desk: PracticeDesk, subject: str = "First report of Malawi", text: str = TEXT) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes(subject, text, attach="secret-annex.pdf"))


async def found(desk: PracticeDesk, typed: str, by: str = "officer-1") -> list[tuple[str, str]]:
    card, status = await desk.answers(f"search {typed}", by)
    assert status == 0
    assert card.ok
    return [(row["kind"], row["key"]) for row in card.rows]


def said(card: Card) -> str:
    """All that a person reads of an answer, but what they have typed themselves."""
    return repr((card.rows, card.fields, card.notes))


OF_MALAWI = [
    ("state", "MWI"),
    ("contact", "MWI/national-contact-point/1"),
    ("contact", "MWI/permanent-mission/1"),
    ("submission", "S-2012-0001"),
    ("mail", "M-2012-0001"),
    ("letter", "receipt/S-2012-0001"),
]


@pytest.mark.parametrize("by", ["officer-1", "reader-1"])
@pytest.mark.parametrize("typed", ["Malawi", "mwi", "MALAW", "the Republic of Malawi", "马拉维", "Малави", "ملاوي"])
async def test_a_state_is_found_by_any_name_with_all_that_is_its_own(desk: PracticeDesk, typed: str, by: str) -> None:
    await arrives(desk)
    assert await found(desk, typed, by) == OF_MALAWI


async def test_a_name_that_may_be_several_states_shows_them_all(desk: PracticeDesk) -> None:
    keys = [key for kind, key in await found(desk, "congo") if kind == "state"]
    assert keys == ["COD", "COG"]


async def test_organizations_contacts_and_staff_are_found_by_name_and_address(desk: PracticeDesk) -> None:
    assert ("organization", "IAEA") in await found(desk, "atomic energy")
    assert await found(desk, "pm@malawi.mission.example") == [("contact", "MWI/permanent-mission/1")]
    officer = await desk.person("officer-1")
    assert await found(desk, officer.name) == [("person", "officer-1")]


@pytest.mark.parametrize("by", ["officer-1", "reader-1"])
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("S-2012-0001", ("submission", "S-2012-0001")),
        ("s-2012-1", ("submission", "S-2012-0001")),
        ("s2012-1", ("submission", "S-2012-0001")),
        ("m–2012–1", ("mail", "M-2012-0001")),
        ("L-2012-1", ("letter", "receipt/S-2012-0001")),
        ("Receipt/s-2012-1", ("letter", "receipt/S-2012-0001")),
        ("mwi/permanent-mission/1", ("contact", "MWI/permanent-mission/1")),
        ("rev-annual", ("programme", "REV-ANNUAL")),
    ],
)
async def test_a_number_or_a_key_comes_first_however_it_is_typed(
    desk: PracticeDesk, typed: str, first: tuple[str, str], by: str
) -> None:
    await arrives(desk)
    await arrives(desk, "S-2012-0001 M-2012-0001 L-2012-0001", "about these")
    assert (await found(desk, typed, by))[0] == first


async def test_the_number_of_a_submission_finds_its_mails_and_letters_too(desk: PracticeDesk) -> None:
    await arrives(desk)
    assert await found(desk, "S-2012-0001", "reader-1") == [
        ("submission", "S-2012-0001"),
        ("mail", "M-2012-0001"),
        ("letter", "receipt/S-2012-0001"),
    ]


async def test_a_symbol_finds_what_it_stands_for(desk: PracticeDesk) -> None:
    rows = (await desk.types("search S/2012/663")).rows
    assert {row["kind"] for row in rows} == {"programme"}
    assert rows[0]["at"].isoformat() == "2013-05-31"
    assert await found(desk, "outreach calendar events") == [("programme", "CAL-OUTREACH")]


@pytest.mark.parametrize(
    "typed", ["ratifie", "RATIFIÉ convention", "уран", "报告", "اليورانيوم", "secret annex", "secret-annex.pdf", "conv"]
)
async def test_an_officer_finds_by_words_in_everything_and_is_shown_none_of_what_is_not_open(
    desk: PracticeDesk, typed: str
) -> None:
    await arrives(desk)
    card = await desk.types(f"search {typed}")
    [row] = [row for row in card.rows if row["kind"] == "mail"]
    assert (row["key"], row["party"]) == ("M-2012-0001", "MWI")
    assert row["what"] == "first-report, taken-in, S-2012-0001; to read it: mail M-2012-0001 show"
    assert "First report of Malawi" not in said(card)
    assert "secret" not in said(card)


@pytest.mark.parametrize("handling", ["members", "restricted"])
@pytest.mark.parametrize(
    "typed", ["ratifie", "报告", "secret annex", "report of malawi", "annex seven", "malawi ratifie"]
)
async def test_a_reader_is_neither_shown_nor_finds_words_that_are_not_open(
    desk: PracticeDesk, typed: str, handling: str
) -> None:
    await arrives(desk)
    await desk.types('submission S-2012-0001 clarify "Where is annex seven?"')
    if handling != "members":
        await desk.types(f"handling S-2012-0001 {handling}")
    assert await found(desk, typed) != []
    card = await desk.types(f"search {typed}", by="reader-1")
    assert card.rows == ()
    assert "found by its words by officers alone" in card.text
    for everything in ("malawi", "S-2012-0001", "first report", "clarification"):
        seen = said(await desk.types(f"search {everything}", by="reader-1"))
        assert "S-2012-0001" in seen
        assert not [word for word in ("ratifi", "secret", "seven", "First report of") if word in seen]


async def test_what_is_open_is_found_by_its_words_by_everyone_with_its_subject_and_no_longer_once_it_is_not(
    desk: PracticeDesk,
) -> None:
    await arrives(desk)
    await desk.types('submission S-2012-0001 set-aside "annex seven is missing"')
    await desk.types("handling S-2012-0001 open")
    for typed, kind in (("ratifie", "mail"), ("secret annex", "submission"), ("annex seven", "submission")):
        rows = (await desk.types(f"search {typed}", by="reader-1")).rows
        assert next(row["what"] for row in rows if row["kind"] == kind).endswith("; First report of Malawi")
    await desk.types("handling S-2012-0001 restricted")
    for typed in ("ratifie", "secret annex", "annex seven"):
        assert await found(desk, typed, "reader-1") == []


async def test_a_letter_with_the_words_of_what_came_is_as_closed_as_that(desk: PracticeDesk) -> None:
    await arrives(desk)
    assert ("letter", "receipt/S-2012-0001") in await found(desk, "secret annex")
    await desk.types("handling S-2012-0001 open")
    await desk.takes_in((await desk.capital_of("MWI")).writes("Second report", attach="open-annex.pdf", data=b"%PDF 2"))
    await desk.types("handling S-2012-0002 open")
    answer = (await desk.capital_of("MWI")).writes(
        "Re", attach="late-annex.pdf", data=b"%PDF 3", answers=(await desk.outbox())[0].message_id
    )
    [late] = await desk.takes_in(answer)
    key = f"receipt/S-2012-0001/{late.key}"
    row = next(row for row in (await desk.types("search late annex", by="reader-1")).rows if row["key"] == key)
    assert "S-2012-0001" in row["what"]  # the subject of our letter
    await desk.types("handling S-2012-0001 members")
    assert await found(desk, "late annex", "reader-1") == []


async def test_a_part_is_as_closed_as_the_whole_that_it_was_joined_to(desk: PracticeDesk) -> None:
    await arrives(desk)
    await desk.takes_in((await desk.capital_of("MWI")).writes("Part two", "plutonium", attach="b.pdf", data=b"%PDF 2"))
    await desk.types("submission S-2012-0002 join S-2012-0001")
    await desk.types("handling S-2012-0002 open")
    assert await found(desk, "plutonium", "reader-1") == []
    await desk.types("handling S-2012-0001 open")
    assert await found(desk, "plutonium", "reader-1") == [("mail", "M-2012-0002")]


async def test_mail_that_was_set_aside_is_found_and_by_its_party_once_it_has_one(desk: PracticeDesk) -> None:
    await desk.takes_in(desk.stranger().writes("Who am I?", "hexafluoride"))
    assert await found(desk, "hexafluoride") == [("mail", "M-2012-0001")]
    assert await found(desk, "someone@elsewhere.test") == [("mail", "M-2012-0001")]
    for typed in ("hexafluoride", "someone@elsewhere.test", "who am i"):
        assert await found(desk, typed, "reader-1") == []
    assert ("mail", "M-2012-0001") not in await found(desk, "zambia")
    await desk.types("mail M-2012-0001 once ZMB")
    assert ("mail", "M-2012-0001") in await found(desk, "zambia", "reader-1")
    await desk.types("handling M-2012-0001 open")
    assert ("mail", "M-2012-0001") in await found(desk, "hexafluoride", "reader-1")


async def test_what_officers_have_written_is_found(desk: PracticeDesk) -> None:
    await arrives(desk)
    await desk.types('state MWI note "Deputy says March"')
    await desk.types('state ZMB note "Minister asks (S-2012-0001)"')
    await desk.types('submission S-2012-0001 set-aside "sent by mistake"')
    [row] = (await desk.types("search deputy march", by="reader-1")).rows
    assert (row["kind"], row["key"], row["what"].endswith("Deputy says March")) == ("state", "MWI", True)
    assert await found(desk, "malawi deputy") == [("state", "MWI")]
    assert await found(desk, "minister") == [("state", "ZMB")]
    assert await found(desk, "minister", "reader-1") == []  # it is about what is not open
    assert await found(desk, "mistake") == [("submission", "S-2012-0001")]


async def test_a_submission_is_found_by_the_kind_that_it_has_now(desk: PracticeDesk) -> None:
    await arrives(desk)
    assert ("submission", "S-2012-0001") in await found(desk, "first report", "reader-1")
    await desk.types("submission S-2012-0001 reclassify as national-action-plan")
    assert ("submission", "S-2012-0001") in await found(desk, "malawi action plan", "reader-1")
    await desk.types("submission add --by-hand ZMB effective-practice")
    assert await found(desk, "zambia effective practice") == [("submission", "S-2012-0002")]


async def test_nothing_found_says_what_to_try_and_who_may_be_meant(desk: PracticeDesk) -> None:
    card = await desk.types("search Malwi")
    assert (card.ok, card.rows) == (True, ())
    assert "Nothing was found for “Malwi”" in card.text
    assert card.notes[0].startswith("Perhaps: Malawi (MWI)")
    assert "officers alone" not in card.text


async def test_fifty_rows_are_shown_the_newest_first_and_the_rest_is_counted(desk: PracticeDesk) -> None:
    for nth in range(3):
        await arrives(desk, f"Letter {nth}", f"example {nth}")
        desk.desk = desk.desk.at(desk.desk.now.replace(hour=10 + nth))
    card = await desk.types("search example")
    assert len(card.rows) == search.ROOM
    assert [row["key"] for row in card.rows if row["kind"] == "mail"] == ["M-2012-0003", "M-2012-0002", "M-2012-0001"]
    assert "more are not shown" in card.notes[0]
    assert card.text.startswith("Found: ")
    assert "3 mails" in card.text


async def test_rows_have_the_five_names_that_people_script_against(desk: PracticeDesk) -> None:
    await arrives(desk)
    for row in (await desk.types("search malawi")).rows:
        assert list(row) == ["key", "kind", "party", "at", "what"]


async def test_a_stranger_may_ask_and_is_a_reader(desk: PracticeDesk) -> None:
    await arrives(desk)
    person, store = STRANGER, desk.desk.store
    assert not (await search.search((), "", person, desk.desk)).rows
    assert await store.search(()) == []


HOSTILE = [
    '"',
    '"" OR ""',
    "NEAR(a b)",
    "*",
    "malawi*",
    "\0",
    "a" * 4000,
    "a " * 2000,
    "—",
    "%",
    "?!",
    "( ) : ^ -",
    "馬" * 4000,
]


@pytest.mark.parametrize("typed", HOSTILE)
async def test_a_hostile_question_has_an_answer(desk: PracticeDesk, typed: str) -> None:
    await arrives(desk)
    for by in ("officer-1", "reader-1"):
        card, status = await desk.answers(f"search {typed}", by)
        assert status in {0, 2}  # 2: nothing was typed after all
        assert card.text


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(min_size=1, max_size=80))
async def test_whatever_is_typed_is_answered(desk: PracticeDesk, typed: str) -> None:
    if not await desk.submissions():
        await arrives(desk)
    card, status = await desk.answers(f"search {typed}", "reader-1")
    assert status in {0, 2}, card.text


async def test_a_mail_that_cannot_be_read_is_found_by_its_number_alone(desk: PracticeDesk) -> None:
    [mail] = await desk.takes_in(b"\xff\xfe no message at all")
    assert await found(desk, mail.key) == [("mail", mail.key)]


async def test_what_a_desk_had_before_its_index_is_indexed_some_at_each_tick(desk: PracticeDesk) -> None:
    await arrives(desk)
    await desk.types('submission S-2012-0001 set-aside "sent by mistake"')
    await desk.takes_in(desk.stranger().writes("Who?", "hexafluoride"), b"\xff\xfe no message at all")
    await desk.desk.store.close()
    made_before(desk.folder)
    async with Store.open(desk.folder, bring_forward=True):
        pass
    async with building.open_desk(desk.folder, without_environment()) as opened:
        again = PracticeDesk(desk.folder, opened)
        card = await again.types("search hexafluoride")
        assert (card.rows, "before this desk had a word index" in card.notes[-1]) == ((), True)
        before = await opened.store.trail.end()
        assert [await indexing.catch_up(opened, 2) for _ in range(4)] == [2, 2, 1, 0]
        assert await opened.store.trail.end() == before
        assert await found(again, "hexafluoride") == [("mail", "M-2012-0002")]
        assert await found(again, "ratifie") == [("mail", "M-2012-0001")]
        assert await found(again, "mistake") == [("submission", "S-2012-0001")]
        assert ("letter", "receipt/S-2012-0001") in await found(again, "secret annex")
        assert not (await again.types("search nowhere")).notes
        assert [finding for finding in await opened.store.verify() if not finding.note] == []


async def test_a_kept_mail_that_is_damaged_holds_up_no_other(desk: PracticeDesk) -> None:
    await arrives(desk)
    [mail] = await desk.desk.store.mail.find()
    (desk.folder / "kept" / mail.sha256[:2] / mail.sha256).unlink()
    await make_wait(desk, "M-2012-0001")
    assert await indexing.catch_up(desk.desk) == 1
    assert await indexing.catch_up(desk.desk) == 0


async def make_wait(desk: PracticeDesk, key: str) -> None:
    with closing(connect(desk.folder, patience=5)) as database:
        database.execute("INSERT INTO word_index_waiting (kind, key) VALUES ('mail', ?)", (key,))


async def test_the_words_of_a_question_are_in_no_log_and_no_trail(
    desk: PracticeDesk, capfd: pytest.CaptureFixture[Any]
) -> None:
    before = await desk.desk.store.trail.end()
    await desk.types("search zyzzyva")
    assert await desk.desk.store.trail.end() == before
    assert "zyzzyva" not in "".join(capfd.readouterr())
