"""/1540 proof, unserved, call-list: what is typed, and what is written into files."""

import email
import email.policy
import hashlib
import json
from pathlib import Path

import pytest

from bot.answers import as_json
from committee.staff import STRANGER
from tests.conftest import PracticeDesk
from tests.mailflows.accepting import accept, reminded

MWI = "first-report/MWI/programme-11/2"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


async def test_the_json_has_every_fact_under_names_that_stay(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    await accept(desk, MWI)
    shown = json.loads(json.dumps(as_json(await desk.types(f"proof {MWI}"))))
    assert {*shown["rows"][0]} == {
        "key", "letter", "reference", "release", "kind", "party", "name", "address", "state", "said", "message_id", "at",
        "at_utc", "relay", "reply", "tls_version", "cipher", "sha256", "copies", "second_copy_of", "why",
        "address_is_dead", "served_at",
    }  # fmt: skip
    assert {*shown["fields"]} == {
        "key", "as_of", "letters", "deliveries", "parties", "served", "first_acceptance", "first_acceptance_utc",
        "last_acceptance", "last_acceptance_utc", "open",
    }  # fmt: skip
    assert shown["rows"][0]["at"] == "2012-09-04T09:00:00-04:00"
    assert shown["rows"][0]["at_utc"] == "2012-09-04T13:00:00+00:00"


async def test_the_certificate_is_written_and_nothing_is_overwritten(desk: PracticeDesk, here: Path) -> None:
    await reminded(desk, "MWI")
    await accept(desk, MWI)
    card, status = await desk.answers(f"proof {MWI} --pdf certificate.pdf")
    assert status == 0
    assert str(here / "certificate.pdf") in card.text
    written = (here / "certificate.pdf").read_bytes()
    assert written.startswith(b"%PDF-1.7")
    card, status = await desk.answers("proof R-2012-0001 --pdf certificate.pdf")
    assert status == 1
    assert "is there already" in card.text
    assert (here / "certificate.pdf").read_bytes() == written


async def test_the_message_is_written_as_it_was_sent(desk: PracticeDesk, here: Path) -> None:
    await reminded(desk, "MWI")
    [first, *_] = await accept(desk, MWI)
    card = await desk.types(f"proof {MWI} --message sent.eml")
    assert "their SHA-256 is the one on record" in card.text
    raw = (here / "sent.eml").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == first.sha256
    letter = await desk.desk.store.letters.get(MWI)
    assert letter
    assert email.message_from_bytes(raw, policy=email.policy.SMTP)["Message-ID"] == letter.message_id


async def test_a_letters_words_are_written_for_those_who_may_read_them(desk: PracticeDesk, here: Path) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    await accept(desk, "receipt/S-2012-0001")
    card, status = await desk.answers("proof receipt/S-2012-0001 --message sent.eml", by="reader-1")
    assert status == 1
    assert "shown to officers" in card.text
    assert list(here.iterdir()) == []
    assert (await desk.answers("proof receipt/S-2012-0001", by="reader-1"))[1] == 0
    assert (await desk.answers("proof receipt/S-2012-0001 --message sent.eml"))[1] == 0


async def test_a_release_has_no_single_message(desk: PracticeDesk, here: Path) -> None:
    await reminded(desk)
    card, status = await desk.answers("proof R-2012-0001 --message sent.eml")
    assert status == 1
    assert "several letters" in card.text
    assert list(here.iterdir()) == []


async def test_a_letter_is_found_by_the_reference_that_stands_on_it(desk: PracticeDesk) -> None:
    [letter] = await reminded(desk, "MWI")
    assert (await desk.types(f"proof {letter.reference}")).fields["key"] == MWI
    assert (await desk.types(f"unserved {letter.reference}")).rows[0]["party"] == "MWI"


async def test_a_stranger_reads_them_and_changes_nothing(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    before = await desk.desk.store.trail.end()
    from bot import dispatch

    for typed in (f"proof {MWI}", "unserved", "call-list"):
        card, status = await dispatch.run(desk.desk, STRANGER, typed)
        assert status == 0, card.text
    assert await desk.desk.store.trail.end() == before


async def test_the_letters_card_says_how_it_goes_a_second_time(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    assert (await desk.types(f"letter {MWI}")).notes == ()
    await accept(desk, MWI)
    assert (await desk.types(f"letter {MWI}")).notes == (
        f"Who accepted it: proof {MWI}. Once more on purpose: letter {MWI} second-copy",
    )
