"""What can be shown of a letter: every acceptance with its facts, as data and as a certificate that says what it does not say."""

import asyncio
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest

from committee.letters import Copy, DeliveryState
from mailflows import drawing
from mailflows.certificates import certificate
from mailflows.drawing import drawn
from mailflows.proof import proof
from tests.conftest import PracticeDesk
from tests.mailflows.accepting import TLS, accept, copies, reminded, stands

D = DeliveryState
AT = datetime(2012, 9, 4, 14, 2, tzinfo=UTC)
MWI, ZMB = "first-report/MWI/programme-11/2", "first-report/ZMB/programme-11/2"
HOSTILE = '#panic() $x$ \\ @ref <label> `raw` *b* _i_ //c /*d*/ [x] {y} "q" \x1b[31m\x00\u202e\u2066 #import "x.typ"'


def words(pdf: bytes) -> str:
    """All that can be read on its pages, breaks of lines and pages aside."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


async def one_is_open(desk: PracticeDesk) -> None:
    """A release to two, of which one has accepted and the other refused."""
    await reminded(desk)
    await accept(desk, MWI, at=AT, server="mail.malawi.mission.example:25")
    await stands(desk, await copies(desk, ZMB), D.REFUSED, reply="550 5.1.1 no such user")


async def test_each_delivery_has_all_that_is_on_record(desk: PracticeDesk) -> None:
    await one_is_open(desk)
    letter = await desk.desk.store.letters.get(MWI)
    assert letter
    rows = (await desk.types("proof R-2012-0001")).rows
    [sha256] = {one.sha256 for one in await copies(desk, MWI)}
    assert {name: rows[0][name] for name in EVERYTHING} == {
        "key": f"{MWI}#1", "kind": letter.kind, "party": "MWI", "address": "pm@malawi.mission.example",
        "relay": "mail.malawi.mission.example:25", "reply": "250 2.0.0 queued as 4XyZ", "tls_version": "TLSv1.3",
        "cipher": "TLS_AES_256_GCM_SHA384", "message_id": letter.message_id, "sha256": sha256, "state": D.SENT,
    }  # fmt: skip
    assert rows[0]["at"].isoformat() == "2012-09-04T10:02:00-04:00"
    assert rows[0]["at_utc"].isoformat() == "2012-09-04T14:02:00+00:00"
    assert rows[0]["said"] == (
        "Accepted by the mission’s mail server mail.malawi.mission.example at 10:02:00 on 4 September 2012, New York time."
    )


EVERYTHING = (
    "key", "kind", "party", "address", "relay", "reply", "tls_version", "cipher", "message_id", "sha256", "state",
)  # fmt: skip


async def test_first_and_last_acceptance_and_who_is_open_with_the_reason(desk: PracticeDesk) -> None:
    await one_is_open(desk)
    card = await desk.types("proof R-2012-0001")
    assert card.fields["first_acceptance_utc"] == AT
    assert card.fields["last_acceptance_utc"] == AT + timedelta(seconds=7)
    assert (card.fields["parties"], card.fields["served"], card.fields["deliveries"]) == (2, 1, 4)
    assert [(one["party"], one["why"]) for one in card.fields["open"]] == [
        ("ZMB", "it was refused: 550 5.1.1 no such user")
    ]
    assert "1 of 2 parties served" in card.text


async def test_two_acceptances_after_a_crash_are_both_shown(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    await accept(desk, MWI, at=AT)
    await accept(desk, MWI, at=AT + timedelta(minutes=21), reply="250 2.0.0 queued as 5AbC")
    shown = await proof(MWI, desk.desk)
    assert [[copy.reply for copy in one.acceptances] for one in shown.copies] == [
        ["250 2.0.0 queued as 4XyZ", "250 2.0.0 queued as 5AbC"]
    ] * 2
    text = words((await certificate(shown, desk.desk)).pdf)
    assert "after a crash it went again, with the same Message-ID" in text
    assert "queued as 4XyZ" in text
    assert "queued as 5AbC" in text


async def test_a_delivery_from_before_acceptances_were_kept_is_shown_by_its_row(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    await stands(desk, await accept(desk, MWI, at=AT), D.SENT, copies=(), since=AT)
    row = (await desk.types(f"proof {MWI}")).rows[0]
    assert (row["at_utc"], row["reply"], row["cipher"]) == (AT, "250 2.0.0 queued as 4XyZ", TLS.partition(" ")[2])


async def test_a_bounce_from_before_them_has_its_acceptance_in_the_trail(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    await stands(desk, await accept(desk, MWI, at=AT), D.BOUNCED, copies=(), reply="5.1.1 unknown")
    row = (await desk.types(f"proof {MWI}")).rows[0]
    assert (row["at_utc"], row["reply"]) == (AT, "250 2.0.0 queued as 4XyZ")
    assert row["why"] == "it was accepted and came back: 5.1.1 unknown"


async def test_a_second_copy_stands_on_the_proof_of_its_letter(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    await accept(desk, MWI, at=AT)
    card = await desk.types(f"letter {MWI} second-copy")
    await desk.presses(card.actions[0].key)
    await accept(desk, f"{MWI}/second-copy", at=AT + timedelta(days=1))
    card = await desk.types(f"proof {MWI}")
    assert [row["second_copy_of"] for row in card.rows] == [None, None, MWI, MWI]
    assert "L-2012-0002: reminder of the first report, second copy of L-2012-0001" in words(
        (await certificate(await proof(MWI, desk.desk), desk.desk)).pdf
    )


async def test_the_certificate_says_it_in_plain_words(desk: PracticeDesk) -> None:
    await one_is_open(desk)
    pdf = (await certificate(await proof("R-2012-0001", desk.desk), desk.desk)).pdf
    text = words(pdf)
    for said in (
        "Certificate of acceptance: release R-2012-0001",
        "Practice desk: this is an exercise",
        "Accepted by the mission’s mail server mail.malawi.mission.example at 10:02:00 on 4 September 2012, New York time.",
        "First acceptance: 4 September 2012, 10:02:00 New York (UTC-04:00), which is 2012-09-04 14:02:00 UTC.",
        "Last acceptance: 4 September 2012, 10:02:07 New York",
        "Zambia refused it was refused: 550 5.1.1 no such user",
        "1 of 2 is served",
        "TLSv1.3, cipher TLS_AES_256_GCM_SHA384",
        (await copies(desk, MWI))[0].sha256,
        f"Delivery {MWI}#1",
    ):
        assert said in text
    assert not any(claim in text for claim in (" read by ", "has read", "was read", "delivered to"))
    opened = pypdf.PdfReader(io.BytesIO(pdf))
    assert opened.metadata
    assert opened.metadata.title == "Certificate of acceptance: release R-2012-0001"
    assert str(opened.trailer["/Root"]["/Lang"]).startswith("en")  # type: ignore[index]  # a PDF object
    assert opened.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]  # it can be read aloud


async def test_the_same_proof_gives_the_same_bytes(desk: PracticeDesk) -> None:
    await one_is_open(desk)
    drawn_twice = [(await certificate(await proof("R-2012-0001", desk.desk), desk.desk)).pdf for _ in range(2)]
    assert drawn_twice[0] == drawn_twice[1]


async def test_what_servers_say_is_shown_and_never_obeyed(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    await accept(desk, MWI, at=AT, reply=HOSTILE + "z" * 400, server=HOSTILE, tls=HOSTILE)
    text = words((await certificate(await proof(MWI, desk.desk), desk.desk)).pdf)
    assert "#panic() $x$ \\ @ref <label> `raw` *b* _i_ //c /*d*/ [x] {y}" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    row = (await desk.types(f"proof {MWI}")).rows[0]
    assert "z" * 400 in row["reply"]


async def test_names_in_every_script_are_drawn_or_it_is_said_that_they_are_not() -> None:
    data = dict.fromkeys(("desk", "footer"), "x") | {"practice": False, "sentences": [], "open": [], "copies": []}
    for title in ("Côte d’Ivoire", "España", "Российская Федерация", "المملكة العربية السعودية"):
        pdf = (await drawn("proof", data | {"title": title}, AT)).pdf
        assert "could not be drawn" not in words(pdf)
    made = await drawn("proof", data | {"title": "a \U0001f600 b"}, AT)
    assert made.not_drawn == ("\U0001f600",)
    assert "a ‹U+1F600› b" in words(made.pdf)
    assert "Characters that could not be drawn" in words(made.pdf)


async def test_chinese_is_drawn_where_the_host_has_a_font_for_it() -> None:
    data = dict.fromkeys(("desk", "footer"), "x") | {"practice": False, "sentences": [], "open": [], "copies": []}
    made = await drawn("proof", data | {"title": "中华人民共和国"}, AT)
    _, chinese = drawing._fonts(None)
    assert made.not_drawn == (() if chinese else tuple(sorted("中华人民共和国")))
    assert ("中华人民共和国" in words(made.pdf)) is bool(chinese)


async def test_a_folder_without_fonts_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "NotoSansCJK.ttc").write_bytes(b"no font")
    data = dict.fromkeys(("desk", "footer"), "x") | {"practice": False, "sentences": [], "open": [], "copies": []}
    assert (await drawn("proof", data | {"title": "中"}, AT, tmp_path)).not_drawn == ("中",)


def sheet_of(number: int, **facts: Any) -> dict[str, Any]:
    copy = {"name": "Côte d’Ivoire", "kind": "L-2012-0001: x", "address": "pm@x.example", "said": ["Accepted."]}
    copy |= {"replies": ["250 2.0.0 ok"], "facts": [["SHA-256 of what was sent", "ab" * 32]]} | facts
    each = [copy | {"number": str(place)} for place in range(1, number + 1)]
    return {"title": "t", "desk": "d", "footer": "f", "practice": True, "sentences": [], "open": [], "copies": each}


async def test_three_hundred_recipients_go_over_pages_that_each_repeat_the_heading() -> None:
    pages = pypdf.PdfReader(io.BytesIO((await drawn("proof", sheet_of(300), AT)).pdf)).pages
    assert len(pages) > 20
    for place, page in enumerate(pages, 1):
        text = " ".join(page.extract_text().split())
        assert "No. Recipient What is on record Proof" in text
        assert f"{place} / {len(pages)}" in text


async def test_a_copy_that_is_longer_than_a_page_is_not_cut_off() -> None:
    replies = [f"reply {number} " + "z" * 480 for number in range(60)]
    text = words((await drawn("proof", sheet_of(2, replies=replies), AT)).pdf)
    assert text.count("reply 59 ") == 2


async def test_the_desk_goes_on_while_a_page_is_drawn() -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    beating = asyncio.create_task(beat())
    await drawn("proof", sheet_of(300), AT)
    beating.cancel()
    assert beats > 5


async def test_a_call_list_is_a_page_too(desk: PracticeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    await reminded(desk, "MWI")
    await stands(desk, await copies(desk, MWI), D.REFUSED, reply=HOSTILE)
    card = await desk.types("call-list R-2012-0001 --pdf calls.pdf")
    assert card.ok, card.text
    text = words((tmp_path / "calls.pdf").read_bytes())
    contact = await desk.contact("MWI")
    for said in (
        "Call list of R-2012-0001",
        "As of 4 September 2012, 09:00:00",
        "Malawi",
        contact.telephone,
        contact.name,
    ):
        assert said in text
    assert "#panic() $x$" in text


async def test_a_proof_of_a_letter_that_nobody_has_accepted_says_so(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    card = await desk.types(f"proof {MWI}")
    assert "Nothing of it has been accepted as yet." in card.text
    assert [(row["at"], row["sha256"], row["copies"]) for row in card.rows] == [(None, None, [])] * 2
    assert (await certificate(await proof(MWI, desk.desk), desk.desk)).pdf


async def test_copies_of_one_delivery_with_different_hashes_are_shown_as_they_are(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    [first, _] = await accept(desk, MWI, at=AT)
    other = Copy(AT, "250 ok", "relay.test", "", "cd" * 32)
    await stands(desk, [replace(first, copies=(*first.copies, other))], D.SENT)
    [row, _] = (await desk.types(f"proof {MWI}")).rows
    assert {copy["sha256"] for copy in row["copies"]} == {first.sha256, "cd" * 32}
