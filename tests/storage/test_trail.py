"""The audit trail: one entry for each commit, in a chain that shows what was changed behind its back."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from committee.audit import sha256
from committee.errors import Refused
from tests.storage.conftest import EMBEDDED, MakeStore, Tamper
from tests.storage.shelf import NOON, Country, Enclosure, Event, occasion

pytest_plugins = ["tests.servers.fixtures"]
OVER_BOTH_STORES = True


async def fill(store: Any) -> None:
    raw, file = await store.keep(b"the raw message"), await store.keep(b"the report")
    async with store.transaction(**occasion("take in", about="S-2012-0001", words={"from": "someone@x.test"})) as tx:
        await tx.number("S", 2012)
        await tx.events.add(Event("one", raw=raw, enclosures=(Enclosure("report.pdf", file),)))
        await tx.countries.put(Country("MWI"), Country("NER"))
    async with store.transaction(**occasion("accept", about="MWI")) as tx:
        await tx.countries.put(Country("MWI", "Malawi"))
        await tx.countries.remove("NER")
        await tx.events.put(replace(await tx.events.get("one"), state="done"))


async def test_an_entry_says_who_when_what_about_what_and_every_change(store: Any) -> None:
    await fill(store)
    taken, accepted = await store.trail.find()
    assert (taken.seq, taken.by, taken.doing, taken.about) == (1, "officer-1", "take in", "S-2012-0001")
    assert (taken.at, taken.words) == (NOON, {"from": "someone@x.test"})
    assert {(change.table, change.key) for change in taken.changes} == {
        ("numbers", "S-2012"), ("events", "one"), ("countries", "MWI"), ("countries", "NER"),
    }  # fmt: skip
    assert {change.key: change.digest is None for change in accepted.changes} == {
        "MWI": False, "NER": True, "one": False,
    }  # fmt: skip


async def test_the_trail_is_searched_by_what_it_says(store: Any) -> None:
    await fill(store)
    assert [entry.seq for entry in await store.trail.find(about="MWI")] == [2]
    assert [entry.seq for entry in await store.trail.find(doing=("accept", "take in"), newest_first=True)] == [2, 1]
    assert [entry.seq for entry in await store.trail.find(limit=1)] == [1]
    assert await store.trail.find(since=NOON + timedelta(seconds=1)) == []
    with pytest.raises(TypeError, match="words"):
        await store.trail.find(words="someone")


async def test_nothing_is_found_where_nothing_was_tampered_with(store: Any) -> None:
    assert await store.verify() == []
    await fill(store)
    assert await store.verify() == []


async def test_words_can_be_erased_and_the_chain_stays_whole(store: Any, tamper: Tamper) -> None:
    await fill(store)
    tamper("DELETE FROM words")
    assert await store.verify() == []
    assert [entry.words for entry in await store.trail.find()] == [None, None]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE trail SET by = 'nobody' WHERE seq = 1", ("trail", "1")),
        ("DELETE FROM trail WHERE seq = 1", ("trail", "1")),
        ("DELETE FROM trail WHERE seq = 2", ("trail", "1")),
        ("UPDATE meta SET value = '' WHERE name = 'seal'", ("trail", "2")),
        ("UPDATE meta SET value = 'other:0' WHERE name = 'seal'", ("trail", "2")),
        ("UPDATE words SET words = '{}'", ("trail", "1")),
        ("""UPDATE documents SET document = '{"key":"MWI"}' WHERE key = 'MWI'""", ("countries", "MWI")),
        ("DELETE FROM documents WHERE key = 'MWI'", ("countries", "MWI")),
        ("INSERT INTO documents (register, key, document) VALUES ('countries', 'TCD', '{}')", ("countries", "TCD")),
        ("UPDATE ledger_events SET document = replace(document, 'done', 'new')", ("events", "one")),
        ("UPDATE ledger_events SET state = 'new'", ("events", "one")),
        ("UPDATE ledger_events SET added_at = '2012-09-01T00:00:00.000000+00:00'", ("events", "one")),
        ("DELETE FROM ledger_events", ("events", "one")),
        ("UPDATE numbers SET last = 7", ("numbers", "S-2012")),
    ],
)
async def test_what_was_changed_behind_the_trails_back_is_found(
    store: Any, tamper: Tamper, statement: str, found: tuple[str, str]
) -> None:
    await fill(store)
    tamper(statement)
    findings = await store.verify()
    assert found in {(finding.ledger, finding.key) for finding in findings if not finding.note}


async def test_a_kept_file_that_is_gone_or_changed_is_found_and_one_that_nothing_names_is_only_noted(
    store: Any, kind: str, tmp_path: Path, tamper: Tamper
) -> None:
    await fill(store)
    raw, report = sha256("the raw message"), sha256("the report")
    orphan = await store.keep(b"nobody asked for this")
    if kind == EMBEDDED:
        (tmp_path / "desk/kept" / raw[:2] / raw).unlink()
        (tmp_path / "desk/kept" / report[:2] / report).write_bytes(b"another report")
    else:
        tamper(f"DELETE FROM kept WHERE sha256 = '{raw}'")
        tamper(f"UPDATE kept SET data = 'another report' WHERE sha256 = '{report}'")
    findings = await store.verify()
    assert [(finding.ledger, finding.key, finding.note) for finding in findings] == [
        ("events", "one", False), ("events", "one", False), ("kept", orphan, True),
    ]  # fmt: skip
    assert {raw in finding.what or report in finding.what for finding in findings[:2]} == {True}


async def test_a_trail_whose_seal_was_made_with_another_key_is_found(
    store: Any, make_store: MakeStore, kind: str, tmp_path: Path
) -> None:
    await fill(store)
    await store.close()
    keys = tmp_path / "desk/keys"
    keys.write_text(keys.read_text().replace('"secret": "', '"secret": "00'))
    if kind != EMBEDDED:  # a folder whose keys are others is not let in at all
        with pytest.raises(Refused, match="not those of the desk"):
            await make_store()
        return
    assert [finding.ledger for finding in await (await make_store()).verify()] == ["trail"]
