"""An officer answers one mail, or writes to one party: shown first, queued by the press alone, and what comes back is found."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from committee.letters import RULES, DeliveryState, Letter, LetterKind, Release
from committee.mail import Mail
from committee.staff import Role
from mailflows.accepted import Bounced
from tests.conftest import PracticeDesk, Writer

QUESTION, TEXT = "May we send the report in French?", "Yes, in French too."


async def asked(desk: PracticeDesk, writer: Writer | None = None, subject: str = "RE: The report") -> Mail:
    [mail] = await desk.takes_in((writer or await desk.capital_of("MWI")).writes(subject, QUESTION))
    return mail


async def answers(desk: PracticeDesk, key: str = "M-2012-0001", text: str = TEXT, by: str = "officer-1") -> Letter:
    """The officer's answer, previewed and pressed."""
    return await presses(desk, f'mail {key} reply "{text}"', by)


async def presses(desk: PracticeDesk, typed: str, by: str = "officer-1") -> Letter:
    shown = await desk.types(typed, by)
    card, status = await desk.presses(shown.actions[0].key, by=by)
    assert status == 0, card.text
    letter = await desk.desk.store.letters.get(card.fields["key"])
    assert letter
    return letter


async def left(desk: PracticeDesk) -> list[bytes]:
    """What leaves now, without the receipts of before."""
    desk.post.handed.clear()
    await desk.delivers()
    return [raw for _, raw in desk.post.handed]


async def test_a_preview_shows_the_letter_and_who_gets_it_and_sends_nothing(desk: PracticeDesk) -> None:
    await asked(desk)
    before = len(await desk.outbox())
    shown = await desk.types(f'mail M-2012-0001 reply "{TEXT}"')
    assert shown.page
    assert dict(shown.page.heading)["Subject"] == "Re: The report"
    assert TEXT in shown.page.text
    capital, mission = (await desk.capital_of("MWI")).address, (await desk.mission_of("MWI")).address
    assert [(row["address"], row["copy"]) for row in shown.rows] == [(capital, False), (mission, True)]
    assert [action.label for action in shown.actions] == ["Send the answer"]
    assert len(await desk.outbox()) == before


async def test_the_answer_is_threaded_to_the_mail_and_goes_to_the_address_on_file_whatever_reply_to_says(
    desk: PracticeDesk,
) -> None:
    capital = await desk.capital_of("MWI")
    raw = capital.writes("The report", QUESTION, headers=[("Reply-To", "elsewhere@attacker.test")])
    [mail] = await desk.takes_in(raw)
    await left(desk)
    await answers(desk)
    sent = [message_from_bytes(raw, policy=policy.default) for raw in await left(desk)]
    assert {recipient for recipient, _ in desk.post.handed} == {capital.address, (await desk.mission_of("MWI")).address}
    for message in sent:
        assert message["In-Reply-To"] == message["References"] == mail.message_id
        assert message["Subject"] == "Re: The report"
        assert message["Cc"].addresses[0].addr_spec == (await desk.mission_of("MWI")).address
        assert "Auto-Submitted" not in message


async def test_an_answer_to_a_mission_has_no_copy_and_to_an_organization_is_a_letter(desk: PracticeDesk) -> None:
    await asked(desk, await desk.mission_of("MWI"))
    letter = await answers(desk)
    assert [one.address for one in letter.addressees] == [(await desk.mission_of("MWI")).address]
    [office] = await desk.desk.store.contacts.find(party="IAEA")
    mail = await asked(desk, Writer(office.address, desk.desk.address, desk.desk.now))
    page = (await desk.types(f'mail {mail.key} reply "{TEXT}"')).page
    assert page
    assert "Dear Sir or Madam" in page.text
    assert "compliments" not in page.text


async def test_the_language_is_the_states(desk: PracticeDesk) -> None:
    mail = await asked(desk, await desk.mission_of("CAF"))
    shown = await desk.types(f'mail {mail.key} reply "Oui."')
    assert shown.page
    assert "répondre ce qui suit" in " ".join(shown.page.text.split())
    assert shown.fields["language"] == "fr"


async def test_whoever_was_accepted_for_once_is_answered_at_that_address(desk: PracticeDesk) -> None:
    await desk.takes_in(desk.stranger("minister@elsewhere.test").writes("A question", QUESTION))
    await desk.types("mail M-2012-0001 once MWI")
    letter = await answers(desk)
    assert [one.address for one in letter.addressees if not one.copy] == ["minister@elsewhere.test"]


async def test_an_address_that_is_held_is_not_written_to_its_party_is(desk: PracticeDesk) -> None:
    await asked(desk)
    await desk.types('contact MWI/national-contact-point/1 hold "it bounces"')
    letter = await answers(desk)
    assert [one.address for one in letter.addressees] == [(await desk.mission_of("MWI")).address]


async def test_an_answer_to_the_answer_comes_back_to_the_same_submission_by_token_or_by_message_id(
    desk: PracticeDesk,
) -> None:
    await asked(desk)
    letter = await answers(desk)
    raw = (await left(desk))[0]
    token = message_from_bytes(raw, policy=policy.default)["Reply-To"].addresses[0].addr_spec
    capital = await desk.capital_of("MWI")
    [by_id] = await desk.takes_in(capital.writes("Re: The report", "Thank you.", answers=letter.message_id))
    [by_token] = await desk.takes_in(capital.writes("Your letter", "One more word.", to=token))
    for mail in (by_id, by_token):
        assert (mail.kind, mail.submission, mail.answers) == ("answer", "S-2012-0001", letter.key)


async def test_what_comes_after_the_submission_is_decided_has_one_number_for_the_whole_conversation(
    desk: PracticeDesk,
) -> None:
    await asked(desk)
    letter = await answers(desk)
    await desk.types("submission S-2012-0001 accept")
    capital = await desk.capital_of("MWI")
    [first] = await desk.takes_in(capital.writes("Re: The report", "Then here is more.", answers=letter.message_id))
    [second] = await desk.takes_in(capital.writes("Re: The report", "And this.", answers=letter.message_id))
    assert (first.submission, second.submission, second.kind) == ("S-2012-0002", "S-2012-0002", "answer")
    story = [row["said"] for row in (await desk.types(f"log {first.key}")).rows]
    assert any(f"It answers {letter.reference}." in said for said in story)


async def test_what_the_desk_answered_itself_is_answered_by_an_officer_too_and_the_reply_is_found(
    desk: PracticeDesk,
) -> None:
    mission = await desk.mission_of("MWI")
    await desk.takes_in(mission.writes("status", "status"))
    letter = await answers(desk)
    assert (letter.conversation, letter.words["number"]) == ("M-2012-0001", "")
    raw = (await left(desk))[-1]
    message = message_from_bytes(raw, policy=policy.default)
    assert "recorded as" not in message.get_body(("plain",)).get_content()
    [came] = await desk.takes_in(mission.writes("Thanks", "Noted.", to=message["Reply-To"].addresses[0].addr_spec))
    assert (came.answers, came.submission) == (letter.key, "S-2012-0001")
    [card] = await desk.desk.store.cards.find(about="S-2012-0001")
    assert f"It answers {letter.reference}." in card.text


async def test_a_letter_begins_a_conversation_that_its_answers_find(desk: PracticeDesk) -> None:
    letter = await presses(desk, 'letter to MWI "Visit" "The experts would come in October."')
    raw = (await left(desk))[0]
    message = message_from_bytes(raw, policy=policy.default)
    token = message["Reply-To"].addresses[0].addr_spec
    assert token != desk.desk.address
    assert message["Subject"] == "Visit"
    capital, mission = await desk.capital_of("MWI"), await desk.mission_of("MWI")
    [first] = await desk.takes_in(mission.writes("Visit", "Welcome.", to=token))
    [second] = await desk.takes_in(capital.writes("Re: Visit", "From the ministry too.", answers=letter.message_id))
    assert (first.answers, second.answers) == (letter.key, letter.key)
    assert (first.submission, second.submission, second.kind) == ("S-2012-0001", "S-2012-0001", "answer")
    story = [row["said"] for row in (await desk.types(f"log {letter.key}")).rows]
    assert f"{first.key} is the answer of Malawi to {letter.reference}: S-2012-0001." in story


async def test_another_states_answer_finds_no_conversation_of_somebody_elses(desk: PracticeDesk) -> None:
    letter = await presses(desk, 'letter to MWI "Visit" "The experts would come in October."')
    zambia = await desk.mission_of("ZMB")
    [mail] = await desk.takes_in(zambia.writes("Fwd: Visit", "We had this forwarded.", answers=letter.message_id))
    assert (mail.answers, mail.party) == ("", "ZMB")


async def test_what_is_answered_is_told_in_the_story_of_mail_submission_and_state(desk: PracticeDesk) -> None:
    await asked(desk)
    letter = await answers(desk)
    for key in ("M-2012-0001", "S-2012-0001", "MWI"):
        said = [row["said"] for row in (await desk.types(f"log {key}")).rows]
        assert f"M-2012-0001 was answered: {letter.reference}." in said, key
        assert f"{letter.reference} answers M-2012-0001." in said, key
    card = await desk.types("mail M-2012-0001")
    assert (card.fields["case"], card.fields["answered_by"]) == ("answered", letter.key)


async def test_two_officers_who_answer_at_once_send_one_answer_and_the_second_sees_the_first(
    desk: PracticeDesk,
) -> None:
    await asked(desk)
    shown = [await desk.types(f'mail M-2012-0001 reply "{TEXT}"', by) for by in ("officer-1", "officer-2")]
    assert (await desk.presses(shown[0].actions[0].key, by="officer-1"))[1] == 0
    card, status = await desk.presses(shown[1].actions[0].key, by="officer-2")
    assert (status, card.ok) == (1, False)
    assert "has changed, so nothing was sent" in card.text
    assert any("It was answered already: L-2012-0002" in note for note in card.notes)
    assert len(await desk.desk.store.letters.find(kind=LetterKind.ANSWER)) == 1


async def test_pressed_twice_it_goes_once(desk: PracticeDesk) -> None:
    await asked(desk)
    shown = await desk.types(f'mail M-2012-0001 reply "{TEXT}"')
    assert (await desk.presses(shown.actions[0].key))[1] == 0
    card, status = await desk.presses(shown.actions[0].key)
    assert (status, "pressed already" in card.text) == (1, True)
    assert len(await desk.desk.store.letters.find(kind=LetterKind.ANSWER)) == 1


async def test_a_press_after_the_address_has_changed_shows_the_new_one_and_sends_nothing(desk: PracticeDesk) -> None:
    await asked(desk)
    shown = await desk.types(f'mail M-2012-0001 reply "{TEXT}"')
    await desk.types('contact MWI/national-contact-point/1 hold "it bounces"')
    card, status = await desk.presses(shown.actions[0].key)
    assert (status, [row["address"] for row in card.rows]) == (1, [(await desk.mission_of("MWI")).address])
    assert await desk.desk.store.letters.find(kind=LetterKind.ANSWER) == []


async def test_a_restricted_mails_subject_stands_in_no_letter(desk: PracticeDesk) -> None:
    await asked(desk, subject="CONFIDENTIAL: the Khondowe reactor")
    shown = await desk.types(f'mail M-2012-0001 reply "{TEXT}"')
    assert shown.page
    assert dict(shown.page.heading)["Subject"] == "Re: S-2012-0001"
    assert "Khondowe" not in shown.page.text
    assert "Restricted" in shown.page.text


async def test_a_part_is_answered_as_the_whole_and_as_strictly(desk: PracticeDesk) -> None:
    await asked(desk)
    await asked(desk, subject="The report, part 2")
    await desk.types("submission S-2012-0002 join S-2012-0001")
    await desk.types("handling S-2012-0001 restricted")
    letter = await answers(desk, "M-2012-0002")
    assert (letter.conversation, letter.handling, letter.words["subject"]) == ("S-2012-0001", "restricted", "")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("mail M-2012-0099 reply x", "There is no mail M-2012-0099"),
        ("mail M-2012-0001 reply x", "is set aside"),
        ("mail M-2012-0002 reply x", "no message that somebody wrote to us (automatic)"),
        ("mail M-2012-0004 reply x", "has the same bytes as M-2012-0003"),
    ],
)
async def test_what_is_nobodys_or_a_machines_is_not_answered(desk: PracticeDesk, typed: str, why: str) -> None:
    capital = await desk.capital_of("MWI")
    letter = await presses(desk, 'letter to MWI "Visit" "In October."')
    away = capital.writes("Away", headers=[("Auto-Submitted", "auto-replied")], answers=letter.message_id)
    again = capital.writes("A question", QUESTION)
    await desk.takes_in(desk.stranger().writes("Who am I?"), away, again, again)
    card, status = await desk.answers(typed)
    assert (status, why in card.text) == (1, True), card.text
    assert await desk.desk.store.letters.find(kind=LetterKind.ANSWER) == []


async def test_whoever_is_no_officer_answers_nobody(desk: PracticeDesk) -> None:
    await asked(desk, subject="the Khondowe reactor")
    shown = await desk.types(f'mail M-2012-0001 reply "{TEXT}"')
    async with desk.desk.store.transaction(by="test", doing="role", about="officer-1", at=desk.desk.now) as tx:
        await tx.staff.put(replace(await desk.person("officer-1"), roles=(Role.READER,)))
    card, status = await desk.presses(shown.actions[0].key)
    assert (status, "takes the role officer" in card.text) == (1, True)
    for typed in (f'mail M-2012-0001 reply "{TEXT}"', f'letter to MWI "Visit" "{TEXT}"'):
        card, status = await desk.answers(typed, by="reader-1")
        assert (status, card.page, "Khondowe" in f"{card}") == (1, None, False)
    assert await desk.desk.store.letters.find(kind=LetterKind.ANSWER) == []


@pytest.mark.parametrize(
    ("typed", "to"),
    [
        ("letter to Malawi", ["pm@malawi.mission.example", "contact@gov-malawi.example"]),
        ("letter to South Africa", ["pm@south-africa.mission.example", "contact@gov-south-africa.example"]),
        ("letter to IAEA", ["office@iaea.organization.example"]),
        ("letter to delegation of China", ["coordinator@china.council.example", "expert@china.council.example"]),
        ("letter to delegation/CHN", ["coordinator@china.council.example", "expert@china.council.example"]),
    ],
)
async def test_a_letter_goes_to_one_party_as_the_address_book_has_it(
    desk: PracticeDesk, typed: str, to: list[str]
) -> None:
    letter = await presses(desk, f'{typed} "Visit" "In October."')
    assert [one.address for one in letter.addressees] == to
    assert [one.copy for one in letter.addressees] == [False, True][: len(to)]


async def test_a_delegations_dead_address_is_held_until_it_takes_mail_again(desk: PracticeDesk) -> None:
    letter = await presses(desk, 'letter to delegation/CHN "Visit" "In October."')
    assert letter.party == "delegation/CHN"
    coordinator, expert = "coordinator@china.council.example", "expert@china.council.example"
    desk.post.troubles[coordinator] = [Bounced("550 5.1.1 no such user")]
    await desk.delivers()
    copies = {copy.address: copy.state for copy in await desk.desk.store.deliveries.find(letter=letter.key)}
    assert copies == {coordinator: DeliveryState.REFUSED, expert: DeliveryState.SENT}
    assert [row["address"] for row in (await desk.types("repairs")).rows] == [coordinator]
    shown = await desk.types('letter to delegation/CHN "Visit" "In October."')
    assert [row["address"] for row in shown.rows] == [expert]
    said = [row["said"] for row in (await desk.types("log CHN")).rows]
    assert any(letter.reference in one for one in said)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ('letter to MWI "\u200b" "x"', "no text between the quotes"),
        ('letter to MWI "x" "\u200b\u200b"', "no text between the quotes"),
        (f'letter to MWI "{"x" * 151}" "y"', "at most 150 characters; this has 151"),
        ('letter to delegation/BRA "x" "y"', "no confirmed address of Brazil (delegation) is on record"),
        ('letter to Congo "x" "y"', "may mean"),
        ('letter to delegation of Congo "x" "y"', "delegation/COD"),
        ('letter to Atlantis "x" "y"', "There is no State or organization"),
        ("letter to MWI x y", "wants a subject, in quotes"),
    ],
)
async def test_what_cannot_be_a_letter_is_a_sentence(desk: PracticeDesk, typed: str, why: str) -> None:
    card, status = await desk.answers(typed)
    assert (card.ok, status in {1, 2}, why in card.text) == (False, True, True), card.text
    assert await desk.outbox() == []


async def test_a_kind_that_takes_approval_waits_for_a_second_person(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of these kinds does today; the day on which one does, its rule is all that changes."""
    monkeypatch.setitem(RULES, LetterKind.ANSWER, replace(RULES[LetterKind.ANSWER], release=Release.APPROVED))
    await asked(desk)
    shown = await desk.types(f'mail M-2012-0001 reply "{TEXT}"')
    assert shown.approval
    card, status = await desk.presses(shown.actions[0].key)
    assert (status, "nothing was sent" in card.text) == (0, True)
    assert await desk.desk.store.letters.find(kind=LetterKind.ANSWER) == []
    [event] = await desk.desk.store.cards.find(kind="letters-to-release")
    assert TEXT not in f"{event.title} {event.text} {event.fields}"
    button, *_ = event.actions
    assert (await desk.presses(button, by="officer-2"))[1] == 1  # who is no approver
    sent, status = await desk.presses(button, by="approver-1")
    assert (status, sent.fields["letters"]) == (0, 1), sent.text
    [letter] = await desk.desk.store.letters.find(kind=LetterKind.ANSWER)
    assert (letter.by, letter.words["text"]) == ("approver-1", TEXT)


async def test_whoever_answers_what_another_officer_has_is_told_so(desk: PracticeDesk) -> None:
    await asked(desk)
    await desk.types("mail M-2012-0001 take", "officer-2")
    preview = await desk.types("mail M-2012-0001 reply Yes.")
    assert preview.notes == ("Sam Ledger has it to answer, since Tue 4 September 2012, 9 a.m. New York.",)
    assert (await desk.types("mail M-2012-0001 reply Yes.", "officer-2")).notes == ()
    await desk.presses(preview.actions[0].key)
    assert (await desk.types("mail M-2012-0001 reply More.")).notes == (
        "It was answered already: L-2012-0002 of 4 September 2012 (answer/M-2012-0001/1)",
    )
