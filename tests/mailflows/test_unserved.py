"""Who did not get it, why, and whom to telephone: complete, in alphabetical order, and there when mail is down."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from committee.contacts import Office
from committee.letters import Copy, DeliveryState
from mailflows.call_list import call_list
from mailflows.unserved import standings, unserved
from tests.conftest import PDF, PracticeDesk
from tests.mailflows.accepting import accept, copies, reminded, stands

D = DeliveryState
MWI, ZMB = "first-report/MWI/programme-11/2", "first-report/ZMB/programme-11/2"


async def names(desk: PracticeDesk, key: str | None) -> list[str]:
    return [one.name for one in await unserved(key, desk.desk)]


async def changed(desk: PracticeDesk, party: str, **facts: Any) -> None:
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        for contact in await tx.contacts.find(party=party):
            await tx.contacts.put(replace(contact, **facts))


async def test_nobody_is_named_where_one_address_of_each_has_accepted(desk: PracticeDesk) -> None:
    for letter in await reminded(desk):
        await accept(desk, letter)
    await stands(desk, (await copies(desk, MWI))[1:], D.REFUSED, copies=())
    assert await names(desk, "R-2012-0001") == []
    assert "Nobody" in (await desk.types("unserved R-2012-0001")).text


@pytest.mark.parametrize(
    ("state", "facts", "why"),
    [
        (D.QUEUED, {}, "it waits to go"),
        (D.LATER, {"reply": "451 4.3.2 busy"}, "it was put off: 451 4.3.2 busy"),
        (D.HELD, {"held": "wait (by Ana)"}, "it is held: wait (by Ana)"),
        (D.REFUSED, {"reply": "550 5.1.1 no such user"}, "it was refused: 550 5.1.1 no such user"),
        (D.EXPIRED, {"reply": "given up"}, "it was given up: given up"),
        (D.UNCERTAIN, {"reply": "no answer"}, "it is uncertain whether it was accepted: no answer"),
        (D.WITHDRAWN, {"reply": "not sent: it has reported"}, "it was withdrawn: not sent: it has reported"),
        (D.BOUNCED, {"reply": "5.1.1 unknown"}, "it was accepted and came back: 5.1.1 unknown"),
    ],
)
async def test_each_reason_is_said(desk: PracticeDesk, state: DeliveryState, facts: dict[str, str], why: str) -> None:
    await reminded(desk)
    await accept(desk, ZMB)
    await stands(desk, await copies(desk, MWI), state, **facts)
    card = await desk.types("unserved R-2012-0001")
    assert [(row["party"], row["state"], row["why"]) for row in card.rows] == [("MWI", state, why)]


async def test_a_bounced_copy_counts_as_not_served_although_it_was_accepted(desk: PracticeDesk) -> None:
    await reminded(desk)
    await stands(desk, await accept(desk, MWI), D.BOUNCED, reply="5.1.1 unknown")
    assert await names(desk, MWI) == ["Malawi"]


async def test_a_stop_is_named_with_whoever_pressed_it(desk: PracticeDesk) -> None:
    await reminded(desk)
    await desk.types("stop R-2012-0001", by="reader-1")
    card = await desk.types("unserved R-2012-0001")
    assert all("it waits, stopped by" in row["why"] for row in card.rows)


async def test_by_a_letter_by_a_release_and_of_ninety_days(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("EGY")).writes("First report", attach="a.pdf"))
    await reminded(desk)
    assert await names(desk, MWI) == ["Malawi"]
    assert await names(desk, "R-2012-0001") == ["Malawi", "Zambia"]
    assert await names(desk, None) == ["Egypt", "Malawi", "Zambia"]
    desk.desk = desk.desk.at(desk.desk.now + timedelta(days=91))
    assert await names(desk, None) == []
    assert await names(desk, "R-2012-0001") == ["Malawi", "Zambia"]


async def test_a_key_of_nothing_is_refused(desk: PracticeDesk) -> None:
    for typed in ("unserved R-2012-0099", "call-list R-2012-0099", "proof R-2012-0099"):
        card, status = await desk.answers(typed)
        assert (status, card.title) == (1, "Refused")
        assert "There is no letter or release R-2012-0099" in card.text


async def test_names_stand_in_alphabetical_order_whatever_their_accents(desk: PracticeDesk) -> None:
    card = await desk.types("remind first-report")
    await desk.presses(card.actions[0].key)
    found = [one.name for one in await standings("R-2012-0001", desk.desk)]
    assert found == sorted(found)
    assert len(found) == 24


async def test_a_state_to_which_no_letter_could_be_written_is_not_dropped(desk: PracticeDesk) -> None:
    await changed(desk, "ZMB", held="its server refused mail")
    card = await desk.types("remind first-report")
    await desk.presses(card.actions[0].key)
    for letter in await desk.outbox():
        await accept(desk, letter)
    [row] = (await desk.types("unserved R-2012-0001")).rows
    assert (row["party"], row["key"], row["state"]) == ("ZMB", None, "no address")
    [call] = (await desk.types("call-list R-2012-0001")).rows
    assert call["people"][0]["telephone"]


async def test_whoever_was_served_by_a_second_copy_is_served(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    await stands(desk, await copies(desk, MWI), D.EXPIRED, reply="given up")
    assert await names(desk, MWI) == ["Malawi"]
    card = await desk.types(f"letter {MWI} second-copy")
    await desk.presses(card.actions[0].key)
    assert await names(desk, MWI) == ["Malawi"]
    await accept(desk, f"{MWI}/second-copy")
    for key in (MWI, f"{MWI}/second-copy", "R-2012-0001", None):
        assert await names(desk, key) == []


async def test_an_acceptance_that_came_after_its_lease_had_run_out_counts(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    copy = Copy(desk.desk.now, "250 ok", "relay.test", "", "ab" * 32)
    await stands(desk, await copies(desk, MWI), D.UNCERTAIN, copies=(copy,))
    assert await names(desk, MWI) == []


async def test_the_call_list_has_people_titles_telephones_and_what_they_should_have_had(desk: PracticeDesk) -> None:
    [letter] = await reminded(desk, "MWI")
    [row] = (await desk.types("call-list R-2012-0001")).rows
    assert [(one["title"], bool(one["telephone"])) for one in row["people"]] == [
        ("Permanent Mission", True),
        ("National contact point", True),
    ]
    [missed] = row["letters"]
    assert missed["reference"] == letter.reference
    assert missed["what"] == "First report on the implementation of resolution 1540 (2004)"
    assert missed["at"] == letter.queued_at


async def test_a_party_with_several_letters_is_telephoned_once(desk: PracticeDesk) -> None:
    report = (await desk.capital_of("EGY")).writes
    await desk.takes_in(report("One", attach="1.pdf"), report("Two", attach="2.pdf", data=PDF + b"2"))
    [row] = (await desk.types("call-list")).rows
    assert len(row["letters"]) == 2


async def test_a_dead_address_still_has_a_telephone_and_nobody_on_record_is_said(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI,ZMB")
    await changed(desk, "MWI", held="its server refused mail", telephone="")
    await changed(desk, "ZMB", end=desk.desk.today - timedelta(days=1))
    malawi, zambia = (await desk.types("call-list R-2012-0001")).rows
    assert [one["telephone"] for one in malawi["people"]] == [None, None]
    assert zambia["people"] == []


async def test_a_reader_sees_the_kind_and_an_officer_the_subject(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    said = {}
    for by in ("reader-1", "officer-1"):
        [row] = (await desk.types("call-list", by=by)).rows
        said[by] = row["letters"][0]["what"]
    assert said == {
        "reader-1": "receipt of a communication",
        "officer-1": "S-2012-0001: receipt of your communication",
    }


async def test_a_kept_template_that_is_damaged_costs_the_subject_and_not_the_list(desk: PracticeDesk) -> None:
    [letter] = await reminded(desk, "MWI")
    file = desk.folder / "kept" / letter.template[:2] / letter.template
    file.chmod(0o600)
    file.write_bytes(b"damaged")
    [call] = await call_list("R-2012-0001", await desk.person("officer-1"), desk.desk)
    assert call.missed[0].what == "reminder of the first report"


async def test_the_list_needs_no_mail_server(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    desk.post.troubles["*"] = [ConnectionRefusedError("down")] * 100
    card = await asyncio.wait_for(desk.types("call-list"), timeout=5)
    assert card.text.startswith("As of Tue 4 September 2012, 9 a.m. New York: 1 party to telephone.")


async def test_stop_says_exactly_who_has_it_and_who_has_not(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI,ZMB,TCD")
    await accept(desk, MWI)
    await stands(desk, await copies(desk, "first-report/TCD/programme-11/2"), D.SENDING)
    card = await desk.types("stop R-2012-0001", by="reader-1")
    assert card.text == (
        "2 deliveries halted. An officer lets them go: resume R-2012-0001. "
        "Has it: Malawi. Is on its way: Chad. Has it not: Zambia."
    )
    assert {name: card.fields[name] for name in ("halted", "have_it", "on_their_way", "have_it_not")} == {
        "halted": 2,
        "have_it": 1,
        "on_their_way": 1,
        "have_it_not": 1,
    }
    assert [(row["name"], row["has_it"]) for row in card.rows] == [
        ("Chad", False), ("Chad", False), ("Malawi", True), ("Malawi", True), ("Zambia", False), ("Zambia", False),
    ]  # fmt: skip


async def test_stop_of_one_letter_speaks_of_that_letter_alone(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI,ZMB")
    card = await desk.types(f"stop {MWI}")
    assert card.text.endswith("Has it: nobody. Is on its way: nobody. Has it not: Malawi.")


async def test_an_organizations_people_are_on_the_list_too(desk: PracticeDesk) -> None:
    office = next(one for one in await desk.desk.store.contacts.all() if one.office is Office.OFFICE)
    writer = desk.stranger(office.address)
    await desk.takes_in(writer.writes("Our point of contact", attach="letter.pdf"))
    rows = (await desk.types("call-list")).rows
    assert [row["party"] for row in rows] == [office.party]
    assert rows[0]["people"][0]["title"] == "Office"
