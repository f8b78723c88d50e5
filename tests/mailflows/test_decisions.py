"""An officer decides about a submission."""

from pathlib import Path

from committee.states import ReportStatus
from committee.submissions import SubmissionState
from tests.conftest import PDF, PracticeDesk


async def test_accepting_a_first_report_changes_the_states_status(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    card = await desk.types("submission S-2012-0001 accept")
    assert card.ok, card.text
    state = await desk.desk.store.states.get("MWI")
    assert state
    assert state.status is ReportStatus.REPORTED
    [event] = await desk.desk.store.cards.find()
    assert event.decided.startswith("accept by ")


async def test_reopening_takes_the_status_back(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    await desk.types("submission S-2012-0001 accept")
    card = await desk.types('submission S-2012-0001 reopen "it was a draft"')
    assert card.ok, card.text
    state = await desk.desk.store.states.get("MWI")
    assert state
    assert state.status is ReportStatus.NON_REPORTING
    assert (await desk.submissions())[0].state is SubmissionState.WAITING


async def test_a_report_that_waits_stops_the_reminder_and_set_aside_the_state_is_due_again(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    assert not (await desk.types("remind first-report --to MWI")).rows[0]["goes"]
    await desk.types("submission S-2012-0001 set-aside")
    assert (await desk.types("remind first-report --to MWI")).rows[0]["goes"]


async def test_the_parts_of_one_report_are_joined(desk: PracticeDesk) -> None:
    capital = await desk.capital_of("MWI")
    await desk.takes_in(
        *(capital.writes(f"Report, part {n} of 2", attach=f"{n}.pdf", data=PDF + str(n).encode()) for n in (1, 2))
    )
    card = await desk.types("submission S-2012-0002 join S-2012-0001")
    assert card.ok, card.text
    whole, part = await desk.submissions()
    assert (part.state, part.joined_to) == (SubmissionState.JOINED, "S-2012-0001")
    assert len(whole.mails) == 2


async def test_what_came_by_hand_is_numbered_without_a_receipt(desk: PracticeDesk) -> None:
    card = await desk.types("submission add --by-hand MWI first-report")
    assert card.fields["key"] == "S-2012-0001"
    assert await desk.outbox() == []


async def test_several_files_may_come_by_hand(desk: PracticeDesk, tmp_path: Path) -> None:
    names = ["report, final.pdf", "annex 1.pdf"]
    for name in names:
        (tmp_path / name).write_bytes(PDF + name.encode())
    options = " ".join(f'--file "{tmp_path / name}"' for name in names)
    card = await desk.types(f"submission add --by-hand MWI first-report {options}")
    assert "with 2 enclosures" in card.text
    [submission] = await desk.submissions()
    assert [file.name for file in submission.files] == names
    assert await desk.desk.store.kept(submission.files[1].sha256) == PDF + b"annex 1.pdf"
    refused, status = await desk.answers(f"submission add --by-hand MWI other {options} --file /no/such/file")
    assert (status, "/no/such/file cannot be read" in refused.text) == (1, True)


async def test_a_reader_decides_nothing(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    for typed in ("accept", "reclassify as other", 'clarify "What?"', "set-aside", "join S-2012-0001"):
        card, status = await desk.answers(f"submission S-2012-0001 {typed}", by="reader-1")
        assert (status, card.ok) == (1, False), typed
    assert (await desk.submissions())[0].decisions == ()


async def test_what_an_officer_writes_is_a_value_and_never_a_template(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    await desk.types('submission S-2012-0001 clarify "Is {{ 7*7 }} right? <b>*really*</b> {% raw %}"')
    await desk.delivers()
    page = (await desk.types("letter clarification/S-2012-0001/1")).page
    assert page
    assert "{{ 7*7 }}" in page.text
    assert "<b>*really*</b>" in page.text


async def test_a_question_to_an_address_that_is_held_goes_to_its_party(desk: PracticeDesk) -> None:
    capital = await desk.capital_of("MWI")
    await desk.takes_in(capital.writes("First report", attach="report.pdf"))
    await desk.types('contact MWI/national-contact-point/1 hold "it bounces"')
    card = await desk.types('submission S-2012-0001 clarify "Where is annex 2?"')
    assert card.ok, card.text
    letter = (await desk.outbox())[-1]
    assert [person.address for person in letter.addressees] == [(await desk.contact("MWI")).address]
