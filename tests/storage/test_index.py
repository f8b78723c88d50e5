"""The word index: what was committed is found by its words, what was not is not, and no question is an error."""

import asyncio
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from committee.errors import Refused
from committee.names import Directory
from committee.search import Question, asked
from storage.errors import OlderDesk
from storage.index import Indexed, make_index, require_fts5
from storage.restore import unpacked
from storage.schema import connect, make, newest, version_of
from storage.store import Store
from tests.storage.conftest import POSTGRES, MakeStore, Tamper, of_the_folder
from tests.storage.shelf import NOON, SHELF, Event, count_up, is_in_step, occasion

pytest_plugins = ["tests.servers.fixtures"]
OVER_BOTH_STORES = True
NOBODY = Directory([])
MALAWI = Directory([("MWI", ("Malawi", "la République du Malawi", "马拉维"))])


def question(typed: str, parties: Directory = NOBODY) -> Question:
    return asked(typed, parties)


def mail(key: str, words: str, facts: str = "") -> Indexed:
    return Indexed("mail", key, NOON, facts or key, words)


async def kept(store: Any, *entries: Indexed) -> None:
    async with store.transaction(**occasion()) as tx:
        await tx.index(*entries)


async def keys(store: Any, typed: str, parties: Directory = NOBODY, **how: Any) -> list[str]:
    return [hit.key for hit in await store.search(question(typed, parties), **how)]


async def test_what_was_committed_is_found_what_was_indexed_last_first(store: Any) -> None:
    await kept(store, mail("M-1", "uranium and lead"), mail("M-2", "lead"))
    await kept(store, mail("M-3", "lead"))
    assert await keys(store, "lead") == ["M-3", "M-2", "M-1"]
    assert await keys(store, "lead uranium") == ["M-1"]
    assert await keys(store, "lead", limit=1) == ["M-3"]
    assert await keys(store, "gold") == []


async def test_it_is_the_commit_of_the_change_that_makes_it_found(store: Any, make_store: MakeStore) -> None:
    other = await make_store()
    async with store.transaction(**occasion()) as tx:
        await tx.events.add(Event("M-1"))
        await tx.index(mail("M-1", "uranium"))
        assert await keys(other, "uranium") == []
    assert await keys(other, "uranium") == ["M-1"]


async def test_what_is_rolled_back_is_not_found_and_what_was_there_still_is(store: Any) -> None:
    await kept(store, mail("M-1", "uranium"))
    with pytest.raises(ZeroDivisionError):
        async with store.transaction(**occasion()) as tx:
            await tx.index(mail("M-1", "lead"), mail("M-2", "uranium"))
            raise ZeroDivisionError
    assert await keys(store, "uranium") == ["M-1"]
    assert await keys(store, "lead") == []


async def test_the_same_key_again_is_found_by_its_new_words_alone(store: Any) -> None:
    await kept(store, mail("M-1", "uranium"))
    await kept(store, mail("M-1", "lead"))
    assert await keys(store, "uranium") == []
    assert await keys(store, "lead") == ["M-1"]
    await kept(store, Indexed("letter", "M-1", NOON, "M-1", "lead"))
    assert [hit.kind for hit in await store.search(question("lead"))] == ["letter", "mail"]


async def test_what_was_taken_out_is_nowhere(store: Any, kind: str, tamper: Tamper) -> None:
    await kept(store, mail("M-1", "zyzzyva weevil"), mail("M-2", "zyzzyva"))
    async with store.transaction(**occasion()) as tx:
        await tx.unindex("mail", "M-1", "M-2", "M-9")
    assert await keys(store, "zyzzyva") == []
    if kind == POSTGRES:
        assert tamper("SELECT * FROM word_index") == []
        return
    for table, column in (("word_index_data", "block"), ("word_index_content", "c1"), ("word_index_keys", "key")):
        held = tamper(f"SELECT CAST({column} AS BLOB) FROM {table}")
        assert not any(b"yzzyva" in value or b"M-1" in value for (value,) in held)


async def test_a_change_of_the_index_alone_is_in_no_trail_and_a_change_beside_it_is(
    store: Any, make_store: MakeStore
) -> None:
    await count_up(store)
    end = await store.trail.end()
    await kept(store, mail("M-1", "uranium"))
    assert await store.trail.end() == end
    other = await make_store()
    assert await keys(other, "uranium") == ["M-1"]
    async with other.transaction(**occasion()) as tx:
        await tx.events.add(Event("one"))
        await tx.index(mail("M-2", "lead"))
    assert len(await store.trail.find(doing="try")) == 1
    assert await store.verify() == []


async def test_facts_alone_can_be_asked_for(store: Any) -> None:
    await kept(store, mail("M-1", "uranium", facts="M-1 mwi report"), mail("M-2", "report", facts="M-2 zmb"))
    assert await keys(store, "report") == ["M-2", "M-1"]
    assert await keys(store, "report", facts_only=True) == ["M-1"]
    assert await keys(store, "uranium", facts_only=True) == []
    assert await keys(store, "report uranium", facts_only=True) == []


async def test_a_partys_name_finds_what_is_its_own_and_what_speaks_of_it(store: Any) -> None:
    await kept(store, mail("M-1", "a report", facts="M-1 MWI"), mail("M-2", "of Malawi", facts="M-2 ZMB"))
    await kept(store, mail("M-3", "the mwi in a text is no fact", facts="M-3 ZMB"))
    for name in ("Malawi", "MALAWI", "mal", "malaw"):
        assert await keys(store, name, MALAWI) == ["M-2", "M-1"], name
    assert await keys(store, "République du Malawi", MALAWI) == ["M-1"]
    assert await keys(store, "马拉维", MALAWI) == ["M-1"]
    assert await keys(store, "malawi report", MALAWI) == ["M-1"]
    assert await keys(store, "malawi", MALAWI, facts_only=True) == ["M-1"]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Le Gouvernement a ratifié", "RATIFIE"),
        ("a ratifie", "ratifié"),
        ("Straße", "STRASSE"),
        ("马拉维提交了报告", "报告"),
        ("马拉维提交了报告", "提交 马拉"),
        ("ウラン濃縮", "濃縮"),
        ("Плутоний и уран", "плутонии"),
        ("تقرير ملاوي عن اليورانيوم", "اليورانيوم"),
        ("أسلحة", "اسلحة"),
        ("hexafluoride", "hexafl"),
        ("of the 663rd meeting, S/2012/663", "s/2012/663"),
        ("annex-seven.pdf", "seven"),
        ("write to someone@elsewhere.test", "someone@elsewhere.test"),
        ("ﬁssile", "fissile"),
        ("हिन्दी में", "हिन्दी"),
        ("한국 정부", "한국"),
    ],
)
async def test_case_accents_and_script_do_not_matter(text: str, typed: str, store: Any) -> None:
    await kept(store, mail("M-1", text), mail("M-2", "something else 拉马 s 2012 66"))
    assert await keys(store, typed) == ["M-1"]


async def test_chinese_characters_must_stand_in_their_order_and_only_the_last_word_may_be_begun(store: Any) -> None:
    await kept(store, mail("M-1", "提交了报告"), mail("M-2", "hexafluoride of uranium"))
    assert await keys(store, "告报") == []
    assert await keys(store, "hexafl uranium") == []
    assert await keys(store, "uranium hexafl") == ["M-2"]
    assert await keys(store, "f") == []


async def test_of_a_very_long_text_the_beginning_is_found(store: Any) -> None:
    await kept(store, mail("M-1", "first " + "word " * 30_000 + "last"), mail("M-2", "ﷺ" * 200_000))
    assert await keys(store, "first") == ["M-1"]
    assert await keys(store, "last") == []


HOSTILE = [
    '"', '""', '"unclosed', "'", "*", "ur*", "^uranium", "NEAR(uranium lead, 2)", "uranium NEAR lead", "AND", "OR OR", "NOT",
    "facts : uranium", "{words} : x", "-uranium", "uranium)", "((((", ";", "uranium; DROP TABLE word_index", "\0", "uran\0ium",
    "\ud800", "a" * 4000, "a " * 2000, '" ' * 2000, "马" * 4000, "\u0300", "\u202e", "ﷺ" * 4000, "%s %d {}", "\\", "", " ",
    "\N{GRINNING FACE}", "\U000e0001",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
async def test_a_question_is_words_and_never_syntax(typed: str, store: Any) -> None:
    await kept(store, mail("M-1", "lead and gold"), mail("M-2", typed), mail("M-3", "gold", facts=typed))
    for facts_only in (False, True):
        assert isinstance(await keys(store, typed, MALAWI, facts_only=facts_only), list)
    assert len(await keys(store, "gold")) == 2


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4), st.lists(st.text(max_size=300), max_size=8))
def test_no_text_and_no_question_raises_and_a_text_is_found_by_its_own_words(
    texts: list[str], typed: list[str]
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        asyncio.run(_ask(folder / "desk", texts, typed))
    finally:
        shutil.rmtree(folder)


async def _ask(folder: Path, texts: list[str], typed: list[str]) -> None:
    async with Store.create(folder, described=SHELF) as store:
        await kept(store, *(mail(f"M-{nth}", text) for nth, text in enumerate(texts)))
        for one in typed:
            await store.search(question(one, MALAWI))
        for nth, text in enumerate(texts):
            words = [word for word in text.split() if word.isascii() and word.isalnum()][:16]
            if words:
                assert f"M-{nth}" in await keys(store, " ".join(words))


def made_before(folder: Path) -> None:
    """Make the desk in a folder one from before it had an index."""
    with closing(connect(folder)) as database:
        for table in ("word_index", "word_index_keys", "word_index_waiting"):
            database.execute(f"DROP TABLE {table}")
        database.execute("UPDATE meta SET value = 1 WHERE name = 'schema'")


@of_the_folder
async def test_an_older_desk_gets_its_index_when_it_is_brought_forward(
    store: Any, make_store: MakeStore, tmp_path: Path
) -> None:
    await count_up(store)
    await store.close()
    made_before(tmp_path / "desk")
    with pytest.raises(OlderDesk, match="verbale migrate"):
        await make_store()
    async with Store.open(tmp_path / "desk", described=SHELF, bring_forward=True) as forward:
        assert await is_in_step(forward) == 1
        assert await forward.not_indexed(10) == []  # there is no mail on this shelf
        await kept(forward, mail("M-1", "uranium"))
        assert await keys(forward, "uranium") == ["M-1"]


def test_what_an_older_desk_holds_waits_for_the_index_the_newest_first(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old", isolation_level=None)) as database:
        for ledger in ("mail", "submissions", "letters"):
            database.execute(f"CREATE TABLE ledger_{ledger} (id INTEGER PRIMARY KEY, key TEXT)")
            database.executemany(f"INSERT INTO ledger_{ledger} (key) VALUES (?)", [(f"{ledger}-1",), (f"{ledger}-2",)])
        make_index(database)
        waiting = database.execute("SELECT kind, key FROM word_index_waiting ORDER BY id DESC").fetchall()
    assert waiting[:3] == [("letter", "letters-2"), ("letter", "letters-1"), ("submission", "submissions-2")]
    assert waiting[-1] == ("mail", "mail-1")


async def test_what_waits_is_no_longer_waiting_once_it_is_indexed_or_taken_out(store: Any, tamper: Tamper) -> None:
    tamper("INSERT INTO word_index_waiting (kind, key) VALUES ('mail', 'M-1'), ('mail', 'M-2')")
    assert await store.not_indexed(10) == [("mail", "M-2"), ("mail", "M-1")]
    assert await store.not_indexed(1) == [("mail", "M-2")]
    await kept(store, mail("M-2", "uranium"))
    async with store.transaction(**occasion()) as tx:
        await tx.unindex("mail", "M-1")
    assert await store.not_indexed(10) == []


async def test_a_backup_carries_the_index_and_fits(store: Any, tmp_path: Path) -> None:
    await count_up(store)
    await kept(store, mail("M-1", "uranium"))
    assert not (await store.back_up(tmp_path / "desk.tar", NOON)).found
    with unpacked(tmp_path / "desk.tar", tmp_path / "again"):
        pass
    async with Store.open(tmp_path / "again", described=SHELF) as again:
        assert await keys(again, "uranium") == ["M-1"]
        assert [finding for finding in await again.verify() if not finding.note] == []


async def test_a_desk_is_verified_while_others_index(store: Any) -> None:
    async def index() -> None:
        for nth in range(30):
            await kept(store, mail(f"M-{nth}", f"uranium {nth}"))

    writing = asyncio.create_task(index())
    while not writing.done():
        assert await store.verify() == []
    await writing


def test_a_new_desk_is_of_the_newest_version(tmp_path: Path) -> None:
    (tmp_path / "desk.sqlite3").touch()
    with closing(connect(tmp_path)) as database:
        assert make(database)
        assert version_of(database) == newest() == 2


def test_a_python_without_full_text_search_is_said_in_a_sentence() -> None:
    class WithoutFTS5(sqlite3.Connection):
        def execute(self, *_: Any) -> Any:
            return super().execute("SELECT 1 WHERE 0")

    with closing(sqlite3.connect(":memory:", factory=WithoutFTS5)) as database, pytest.raises(Refused, match="FTS5"):
        require_fts5(database)
