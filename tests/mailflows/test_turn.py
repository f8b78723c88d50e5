"""The secretariat's turn of the year: the card, the letters to who comes and leaves, briefings, and the network of former members."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from committee.calendar import NEW_YORK
from committee.cards import Card, EventCard
from committee.contacts import Office
from committee.letters import Letter, LetterKind
from mailflows import clock, members, turn
from mailflows.accepted import Unreachable
from mailflows.presses import Act
from tests.conftest import PDF, PracticeDesk

DECEMBER = datetime(2012, 12, 3, 9, tzinfo=NEW_YORK)
COMING, LEAVING = ("ARG", "AUS", "KOR", "LUX", "RWA"), ("COL", "DEU", "IND", "PRT", "ZAF")
WISHED = "Please keep me in the network."


def at(desk: PracticeDesk, moment: datetime) -> PracticeDesk:
    desk.desk = desk.desk.at(moment)
    return desk


async def told(desk: PracticeDesk) -> list[EventCard]:
    return await desk.desk.store.cards.find(kind=turn.KIND)


async def pressed(desk: PracticeDesk, line: str) -> Card:
    preview = await desk.types(line)
    card, _ = await desk.presses(preview.actions[0].key)
    return card


async def letters_of(desk: PracticeDesk, kind: LetterKind) -> list[Letter]:
    return await desk.desk.store.letters.find(kind=kind)


async def test_the_card_comes_a_month_before_and_not_sooner(desk: PracticeDesk) -> None:
    for moment in (datetime(2012, 11, 30, 17, tzinfo=NEW_YORK), datetime(2012, 12, 1, 8, 59, tzinfo=NEW_YORK)):
        assert await turn.tell(at(desk, moment).desk) is False
    assert await turn.tell(at(desk, datetime(2012, 12, 1, 9, tzinfo=NEW_YORK)).desk) is True
    [card] = await told(desk)
    assert "Argentina, Australia, Luxembourg, Republic of Korea, Rwanda" in card.text
    assert "Colombia, Germany, India, Portugal, South Africa" in card.text


async def test_the_clock_tells_it_once_a_day_and_on_one_card(desk: PracticeDesk) -> None:
    for moment in (DECEMBER, DECEMBER + timedelta(hours=3), DECEMBER + timedelta(days=1), DECEMBER):
        await clock.do_due(at(desk, moment).desk, mail_is_read=True)
    [card] = await told(desk)
    assert card.fields["day"] == "2012-12-04"
    done = [entry.doing for entry in await desk.desk.store.trail.find()]
    assert done.count("turn told") == 2


async def test_the_cards_buttons_show_first_and_stay(desk: PracticeDesk) -> None:
    await turn.tell(at(desk, DECEMBER).desk)
    [card] = await told(desk)
    for line in ("turn 2013", "turn 2013 welcome", "turn 2013 network"):
        offers = [await desk.desk.store.actions.get(key) for key in card.actions]
        [button] = [one.key for one in offers if one and one.line == line]
        for _ in range(2):
            shown, _ = await desk.presses(button)
            assert shown.ok, shown.text
    assert await desk.outbox() == []


async def test_told_twice_at_once_it_is_one_card(desk: PracticeDesk) -> None:
    at(desk, DECEMBER)
    assert sorted(await asyncio.gather(turn.tell(desk.desk), turn.tell(desk.desk))) == [False, True]
    assert len(await told(desk)) == 1


async def test_the_card_of_the_next_day_knows_what_has_been_done_since(desk: PracticeDesk) -> None:
    await turn.tell(at(desk, DECEMBER).desk)
    [before] = await told(desk)
    assert "no chair of WG3" not in before.text  # Pakistan stays
    assert "no expert's address of the new delegation: Argentina, Australia" in before.text
    await desk.types("contact add delegation/ARG expert e@argentina.council.example")
    await turn.tell(at(desk, DECEMBER + timedelta(days=1)).desk)
    [after] = await told(desk)
    assert "no expert's address of the new delegation: Australia" in after.text


async def test_what_waits_is_counted_with_those_who_leave_and_nothing_is_quoted(desk: PracticeDesk) -> None:
    at(desk, DECEMBER)
    await desk.takes_in(
        (await desk.mission_of("COL")).writes("Our secret report", "Could you reply?", attach="secret.pdf")
    )
    await desk.takes_in((await desk.mission_of("MWI")).writes("Another one", attach="x.pdf"))
    seen = await turn.view(desk.desk.store, desk.desk, 2013)
    assert {(one.what, one.party) for one in seen.open} == {
        ("submission", "COL"), ("mail to answer", "COL"), ("letter", "COL"),
    }  # fmt: skip
    await turn.tell(desk.desk)
    [card] = await told(desk)
    assert "1 submission, 1 mail to answer, 1 letter" in card.text
    assert "secret" not in card.text
    rows = (await desk.types("turn 2013", by="reader-1")).rows
    assert "submission S-2012-0001" in {row["do"] for row in rows if row["kind"] == "open"}


async def test_chairs_and_delegates_who_end_with_the_year_are_named_with_what_waits(desk: PracticeDesk) -> None:
    await desk.types("staff approver-1 delegate officer-2 from 2012-12-10 to 2012-12-31", by="administrator-1")
    at(desk, DECEMBER)
    card = await desk.types("turn 2013")
    assert (
        "In the chair no more from 1 January 2013: WG2 (Sasha Rostrum), WG4 (Lee Placard), committee (Noor Gavel)"
        in card.text
    )
    assert "officer-2 for approver-1" in card.text


async def test_in_a_year_without_confirmed_holidays_the_card_says_so(desk: PracticeDesk) -> None:
    card = await at(desk, datetime(2013, 12, 2, 9, tzinfo=NEW_YORK)).types("turn 2014")
    assert "no holiday of 2014 is in the register" in card.text
    assert "5 leave and 0 come: the terms of new members are not in the register" in card.text
    assert (await desk.types("term add TCD from 2014-01-01 to 2015-12-31")).ok
    assert "5 leave and 1 come" in (await desk.types("turn 2014")).text


@pytest.mark.parametrize(
    "days",
    ["from 2014-01-01 to 2013-12-31", "from 2014-01-01 to 2020-12-31", "from 2011-01-01 to 2012-01-31"],
)
async def test_a_term_that_cannot_be_is_refused(desk: PracticeDesk, days: str) -> None:
    card = await desk.types(f"term add TCD {days}")
    assert (card.ok, "Nothing was changed" in card.text) == (False, True)


@pytest.mark.parametrize("state", ["RWA", "CHN"])
async def test_a_term_of_days_that_have_one_is_refused(desk: PracticeDesk, state: str) -> None:
    card = await desk.types(f"term add {state} from 2014-01-01 to 2015-12-31")
    assert "has a term of these days already" in card.text


async def test_those_who_come_are_welcomed_once_with_what_was_enclosed(desk: PracticeDesk, tmp_path: Path) -> None:
    file = tmp_path / "programme of work.pdf"
    file.write_bytes(PDF)
    line = f'turn 2013 welcome --file "{file}"'
    preview = await at(desk, DECEMBER).types(line)
    assert (preview.fields, preview.notes) == ({"letters": 5, "left_out": 0, "enclosures": 1}, ())
    assert preview.page
    assert "Its term begins on 1 January 2013; from 15 November 2012" in preview.page.text.replace("\n", " ")
    await desk.presses(preview.actions[0].key)
    sent = await letters_of(desk, LetterKind.MEMBER_WELCOME)
    assert {one.party for one in sent} == {f"delegation/{state}" for state in COMING}
    assert {one.sender for one in sent} == {"chair"}
    await desk.delivers()
    assert all(b"programme of work.pdf" in raw for _, raw in desk.post.handed)
    assert len(desk.post.handed) == 10
    again = await desk.types("turn 2013 welcome")
    assert (again.fields["letters"], again.actions) == (0, ())


async def test_an_enclosure_that_changes_after_the_preview_goes_to_nobody(desk: PracticeDesk, tmp_path: Path) -> None:
    file = tmp_path / "p.pdf"
    file.write_bytes(PDF)
    preview = await at(desk, DECEMBER).types(f'turn 2013 welcome --file "{file}"')
    file.write_bytes(PDF + b"\n")
    card, _ = await desk.presses(preview.actions[0].key)
    assert not card.ok
    assert "What you were shown has changed" in card.text
    assert await letters_of(desk, LetterKind.MEMBER_WELCOME) == []


async def test_what_is_too_large_is_refused_before_anything_is_written(desk: PracticeDesk, tmp_path: Path) -> None:
    file = tmp_path / "p.pdf"
    file.write_bytes(b"x" * (desk.desk.max_enclosures + 1))
    card = await at(desk, DECEMBER).types(f'turn 2013 welcome --file "{file}"')
    assert (card.ok, "Nothing was sent" in card.text) == (False, True)


async def test_a_welcome_that_never_left_under_the_last_chair_is_written_under_the_next(desk: PracticeDesk) -> None:
    await pressed(at(desk, datetime(2012, 12, 31, 23, 59, tzinfo=NEW_YORK)), "turn 2013 welcome")
    await at(desk, datetime(2013, 1, 1, 0, 1, tzinfo=NEW_YORK)).delivers()
    assert desk.post.handed == []
    assert (await pressed(desk, "turn 2013 welcome")).fields["letters"] == 5
    await desk.delivers()
    assert len(desk.post.handed) == 10


async def asked(desk: PracticeDesk, state: str) -> Letter:
    """The letter that asks this State's delegation for leave to keep its people."""
    await pressed(at(desk, DECEMBER), "turn 2013 network")
    await desk.delivers()
    sent = await letters_of(desk, LetterKind.MEMBER_NETWORK)
    assert {one.party for one in sent} == {f"delegation/{one}" for one in LEAVING}
    return next(one for one in sent if one.party == f"delegation/{state}")


async def answered(desk: PracticeDesk, state: str = "COL", text: str = WISHED) -> tuple[str, str]:
    """The address that answers, and the mail's key."""
    letter = await asked(desk, state)
    address = letter.addressees[0].address
    [mail] = await desk.takes_in(desk.stranger(address).writes("Re: Network", text, answers=letter.message_id))
    return address, mail.key


async def in_the_network(desk: PracticeDesk, day: date = date(2013, 1, 2)) -> list[object]:
    rows = (await desk.types(f"list former-members on {day.isoformat()}")).rows
    return [row["address"] for row in rows]


async def test_silence_keeps_nobody(desk: PracticeDesk) -> None:
    await asked(desk, "COL")
    assert await in_the_network(desk) == []
    assert await desk.desk.store.contacts.find(party="delegation/COL") != []


async def test_a_letter_that_asks_who_leaves_goes_after_an_outage_over_the_turn_too(desk: PracticeDesk) -> None:
    await pressed(at(desk, datetime(2013, 1, 1, 9, tzinfo=NEW_YORK)), "turn 2013 network")
    desk.post.troubles = {"*": [Unreachable("localhost:1 does not answer")] * 100}
    await desk.delivers()
    desk.post.troubles = {}
    await at(desk, datetime(2013, 1, 2, 9, tzinfo=NEW_YORK)).delivers()
    assert len(desk.post.handed) == 10


async def test_an_answer_is_proposed_and_keeps_its_writer_by_one_press(desk: PracticeDesk) -> None:
    address, mail = await answered(desk)
    assert await in_the_network(desk) == []
    [card] = await desk.desk.store.cards.find(kind="submission-arrived")
    assert WISHED not in card.text
    offers = [await desk.desk.store.actions.get(key) for key in card.actions]
    [keep] = [one for one in offers if one and one.line == f"mail {mail} keep"]
    done, _ = await desk.presses(keep.key)
    assert done.ok, done.text
    assert await in_the_network(desk) == [address]
    kept, before = sorted(
        await desk.desk.store.contacts.find(address=address), key=lambda one: one.office is not Office.FORMER_MEMBER
    )
    assert (kept.office, kept.start, before.end) == (Office.FORMER_MEMBER, date(2013, 1, 1), date(2012, 12, 31))
    assert kept.told_last("address")
    assert kept.told_last("address").source.where == mail  # type: ignore[union-attr]  # as just seen
    again = await desk.types(f"mail {mail} keep")
    assert "in the network already" in again.text


async def test_who_is_kept_speaks_for_the_delegation_until_its_last_day(desk: PracticeDesk) -> None:
    address, mail = await answered(desk)
    await desk.types(f"mail {mail} keep")
    rows = (await desk.types("list all-delegations on 2012-12-31")).rows
    assert address in {row["address"] for row in rows}
    assert await in_the_network(desk, date(2012, 12, 31)) == []


async def test_a_mail_that_answers_something_else_keeps_nobody(desk: PracticeDesk) -> None:
    [mail] = await desk.takes_in((await desk.mission_of("COL")).writes("Hello", WISHED))
    card = await desk.types(f"mail {mail.key} keep")
    assert (card.ok, "answers no letter that asks" in card.text) == (False, True)


async def test_another_partys_mail_that_answers_the_letter_offers_nothing(desk: PracticeDesk) -> None:
    letter = await asked(desk, "COL")
    answer = (await desk.mission_of("MWI")).writes("Re: Network", WISHED, answers=letter.message_id)
    [mail] = await desk.takes_in(answer)
    assert "answers no letter that asks" in (await desk.types(f"mail {mail.key} keep")).text


async def test_a_briefing_is_open_until_an_officer_notes_that_it_was_held(desk: PracticeDesk) -> None:
    assert (await at(desk, datetime(2012, 11, 14, 12, tzinfo=NEW_YORK)).types("briefings")).rows == ()
    rows = (await at(desk, DECEMBER).types("briefings")).rows
    assert {(row["key"], row["state"], row["since"]) for row in rows} == {
        (f"briefing/{state}/2013", "open", date(2012, 11, 15)) for state in COMING
    }
    assert (await desk.types('briefing ARG held on 2012-11-28 "with the experts"')).ok
    assert "No briefing of ARG is open" in (await desk.types('briefing ARG held on 2012-11-28 "again"')).text
    rows = (await desk.types("briefings")).rows
    assert [row["key"] for row in rows if row["state"] == "held"] == ["briefing/ARG/2013"]
    assert len(rows) == 5


@pytest.mark.parametrize(
    ("state", "day", "why"),
    [("ARG", "2012-12-04", "is to come"), ("ARG", "2012-11-14", "observes from"), ("GTM", "2012-12-03", "No briefing of GTM")],
)  # fmt: skip
async def test_a_briefing_that_cannot_have_been_is_refused(desk: PracticeDesk, state: str, day: str, why: str) -> None:
    card = await at(desk, DECEMBER).types(f'briefing {state} held on {day} "in person"')
    assert (card.ok, why in card.text, "Nothing was changed" in card.text) == (False, True, True)


async def test_two_officers_who_note_one_briefing_note_it_once(desk: PracticeDesk) -> None:
    at(desk, DECEMBER)
    acts = [Act(await desk.person(key), desk.desk) for key in ("officer-1", "officer-2")]
    done = await asyncio.gather(
        *(members.brief("LUX", date(2012, 12, 3), "held", act) for act in acts), return_exceptions=True
    )
    assert sum(isinstance(one, Exception) for one in done) == 1
