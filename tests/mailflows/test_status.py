"""Whoever is registered and writes "help" or "status" is told what we hold, what is open, and how to send."""

from datetime import date, timedelta
from email import message_from_bytes, policy

from committee.letters import LetterKind
from committee.mail import MailState
from tests.conftest import PracticeDesk


def flowing(text: str) -> str:
    return " ".join(text.split())


async def answered(desk: PracticeDesk) -> str:
    await desk.delivers()
    written = [message_from_bytes(raw, policy=policy.default) for _, raw in desk.post.handed]
    message = next(each for each in written if str(each["Subject"]).startswith(("What we hold", "Inscription")))
    body = message.get_body(("plain",))
    assert body
    return flowing(body.get_content())


async def test_a_capital_hears_its_entry_and_what_is_open_with_its_mission_in_copy(desk: PracticeDesk) -> None:
    capital = await desk.capital_of("MWI")
    [sent] = await desk.takes_in(capital.writes("A question about annex 2", "Which annex is meant?"))
    await desk.types(f'submission {sent.submission} clarify "Which ministry?"')
    [asked] = await desk.takes_in(capital.writes("status"))
    assert (asked.state, asked.kind, asked.submission, asked.reason) == (MailState.TAKEN_IN, "status", None, "")
    [letter] = await desk.desk.store.letters.find(kind=LetterKind.STATUS_ANSWER)
    assert [(one.address, one.copy) for one in letter.addressees] == [
        (capital.address, False), ((await desk.contact("MWI")).address, True),
    ]  # fmt: skip
    assert letter.answers == asked.message_id
    text = await answered(desk)
    mission = (await desk.contact("MWI")).address
    assert f"- Permanent Mission of Malawi, {mission} - National contact point of Malawi, {capital.address}" in text
    assert (
        f"{sent.submission}, communication, received on 4 September 2012: an answer to our question is awaited" in text
    )
    assert "First report: not received as yet" in text
    assert "annex 2" not in text
    assert len(await desk.submissions()) == 1


async def test_a_promise_stands_in_the_answer_and_help_is_the_same_as_status(desk: PracticeDesk) -> None:
    await desk.types('state MWI note "Deputy says March" --until 2013-03-31')
    [asked] = await desk.takes_in((await desk.mission_of("MWI")).writes("Re: your letter", "Help\n\nA. Person"))
    assert asked.kind == "help"
    assert "Noted: the first report is in preparation until 31 March 2013" in await answered(desk)


async def test_an_organization_gets_a_letter_in_its_own_tone(desk: PracticeDesk) -> None:
    contact = next(iter(await desk.desk.store.contacts.find(party="IAEA")))
    await desk.takes_in(desk.stranger(contact.address).writes("help"))
    text = await answered(desk)
    assert "Dear Sir or Madam" in text
    assert "First report" not in text
    assert "no other matter is open" in text


async def test_a_mission_that_has_indicated_french_reads_french(desk: PracticeDesk) -> None:
    french = next(state for state in await desk.desk.store.states.all() if state.language == "fr")
    await desk.takes_in((await desk.mission_of(french.key)).writes("aide"))
    assert "Inscription dans les registres" in await answered(desk)


async def test_a_stranger_and_a_machine_hear_nothing(desk: PracticeDesk) -> None:
    await desk.takes_in(
        desk.stranger().writes("status"),
        (await desk.mission_of("MWI")).writes("status", headers=[("Auto-Submitted", "auto-replied")]),
    )
    assert await desk.outbox() == []


async def test_three_answers_a_day_and_no_more_receipts_counted_with_them(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    mails = await desk.takes_in(
        mission.writes("A question", "To whom?"),
        *[mission.writes("status", f"status\n{nth}") for nth in range(4)],
    )
    assert [bool(mail.reason) for mail in mails] == [False, False, False, True, True]
    assert mails[-1].reason.startswith("No answer went out: ")
    await desk.delivers(after=timedelta(days=2))
    [later] = await desk.takes_in(mission.writes("status", "status\nthe day after"))
    assert later.reason == ""


async def test_nothing_new_is_a_proposal_that_one_press_notes(desk: PracticeDesk) -> None:
    [mail] = await desk.takes_in((await desk.mission_of("GHA")).writes("Update", "There is nothing new.\n\nA. Person"))
    [card] = [row for row in (await desk.types("cards")).rows if row["about"] == mail.submission]
    [action] = [action for action in card["actions"] if action["label"] == "Note: nothing new"]
    done, status = await desk.presses(action["id"])
    assert (status, done.ok) == (0, True), done.text
    state = await desk.desk.store.states.get("GHA")
    assert state
    assert (state.notes[-1].text, state.notes[-1].until) == (f"nothing new ({mail.submission})", None)


async def test_a_promise_with_a_day_counts_before_nothing_new(desk: PracticeDesk) -> None:
    words = "Nothing new to report.\nIn preparation until 15 December 2012"
    await desk.takes_in((await desk.mission_of("MWI")).writes("First report", words))
    state = await desk.desk.store.states.get("MWI")
    assert state
    assert state.promise
    assert state.promise.until == date(2012, 12, 15)
