"""An officer decides about a submission."""

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
