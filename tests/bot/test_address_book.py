"""A real desk's address book and calendar can be filled by command; a letter is found by the number that stands on it."""

from committee.contacts import Office
from tests.conftest import PracticeDesk


async def test_a_letter_is_found_by_its_reference(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to MWI", yes=True)
    card = await desk.types("letter l-2012-1")
    assert card.fields["key"] == "first-report/MWI/programme-11/2"


async def test_a_mission_is_added_and_written_to(desk: PracticeDesk) -> None:
    card = await desk.types('contact add ZMB "national contact point" second@gov-zambia.example "Second Secretary"')
    assert card.ok, card.text
    row = (await desk.types("remind first-report --to ZMB")).rows[0]
    assert "second@gov-zambia.example" in row["cc"]


async def test_an_address_that_is_anothers_or_ours_is_refused(desk: PracticeDesk) -> None:
    for address in ((await desk.contact("MWI")).address, desk.desk.address, "no address"):
        card, status = await desk.answers(f'contact add ZMB office "{address}"')
        assert (status, card.ok) == (1, False), address


async def test_an_address_that_was_kept_from_a_mail_is_answered_and_not_written_to(desk: PracticeDesk) -> None:
    await desk.takes_in(desk.stranger().writes("A note of Swaziland"))
    await desk.types("mail M-2012-0001 assign SWZ")
    [contact] = await desk.desk.store.contacts.find(address="someone@elsewhere.test")
    assert contact.office is Office.CORRESPONDENT
    row = (await desk.types("remind first-report --to SWZ")).rows[0]
    assert "someone@elsewhere.test" not in [*row["to"], *row["cc"]]


async def test_a_holiday_is_added_and_its_year_confirmed(desk: PracticeDesk) -> None:
    assert (await desk.types('holiday add 2014-01-01 "New Year"')).ok
    assert (await desk.types("holidays 2014 confirm")).ok
    assert (await desk.types("holidays 2014")).notes == ()


async def test_the_parts_of_a_report_have_a_press_that_joins_them(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    await desk.takes_in(
        *(mission.writes(f"First report ({n}/2)", attach=f"{n}.pdf", data=b"%PDF" + bytes([n])) for n in (1, 2))
    )
    row = (await desk.types("cards")).rows[0]
    join = next(action for action in row["actions"] if action["label"] == "Join to S-2012-0001")
    _, status = await desk.presses(join["id"])
    assert status == 0
    assert [one.state for one in await desk.submissions()] == ["waiting", "joined"]


async def test_a_receipt_says_the_promise_that_was_noted(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.mission_of("LSO")).writes("Our report", "In preparation until 15 December 2012"))
    page = (await desk.types("letter receipt/S-2012-0001")).page
    assert page
    assert "in preparation until 15 December 2012" in page.text


async def test_a_french_letter_is_addressed_in_french(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to CAF", yes=True)
    page = (await desk.types("letter first-report/CAF/programme-11/2")).page
    assert page
    assert "À : Mission permanente de la République centrafricaine" in page.text.replace("\xa0", " ")
    assert "Permanent Mission" not in page.text


async def test_a_reminder_by_hand_within_28_days_is_left_out_with_the_day(desk: PracticeDesk) -> None:
    desk.desk = desk.desk.at(desk.desk.now.replace(month=11, day=26))
    await desk.answers("remind first-report --to MWI", yes=True)
    await desk.delivers()
    desk.desk = desk.desk.at(desk.desk.now.replace(month=12, day=3))
    [row] = (await desk.types("remind first-report --to MWI")).rows
    assert not row["goes"]
    assert row["reason"].endswith("it may have one from 24 December 2012")
