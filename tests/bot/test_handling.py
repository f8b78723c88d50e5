"""Who may see what came: an officer sets it, and cards, receipts and the record follow from then on."""

from committee.handling import Handling
from committee.mail import MailState
from tests.conftest import PracticeDesk


async def arrives(desk: PracticeDesk, name: str = "secret-annex.pdf") -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report of Malawi", attach=name))


async def test_a_submission_is_for_the_members_until_an_officer_says_otherwise(desk: PracticeDesk) -> None:
    await arrives(desk)
    card = await desk.types("submission S-2012-0001")
    assert (card.fields["handling"], card.fields["subject"], card.rows[0]["name"]) == ("members", None, None)


async def test_what_is_open_shows_its_subject_and_file_names_and_what_is_not_open_does_not(desk: PracticeDesk) -> None:
    await arrives(desk)
    said = (await desk.types("handling s-2012-1 open")).text
    assert "It was members" in said
    assert "file names are shown on cards from now on" in said
    card = await desk.types("submission S-2012-0001", by="reader-1")
    assert (card.fields["subject"], card.rows[0]["name"]) == ("First report of Malawi", "secret-annex.pdf")
    assert "neither subject nor file names" in (await desk.types("handling S-2012-0001 restricted")).text
    card = await desk.types("submission S-2012-0001")
    assert (card.fields["subject"], card.rows[0]["name"]) == (None, None)


async def test_the_record_says_who_set_it_when_and_from_what_to_what_and_the_state_stays(desk: PracticeDesk) -> None:
    await arrives(desk)
    await desk.types("submission S-2012-0001 accept")
    await desk.types("handling S-2012-0001 restricted")
    [submission] = await desk.submissions()
    officer = (await desk.person("officer-1")).name
    assert (submission.state, submission.handling) == ("accepted", Handling.RESTRICTED)
    last = submission.decisions[-1]
    assert (last.what, last.words, last.by, last.at) == ("handling", "members to restricted", officer, desk.desk.now)
    [entry] = await desk.desk.store.trail.find(about="S-2012-0001", doing="submission handling")
    assert (entry.by, entry.words) == ("officer-1", {"before": "members", "now": "restricted"})
    lines = (await desk.types("submission S-2012-0001")).fields["decisions"]
    assert lines[-1].startswith(f"handling members to restricted by {officer}")
    refusal = await desk.types("submission S-2012-0001 accept")
    assert "(accept by" in refusal.text  # the handling is no decision about what becomes of it


async def test_a_receipt_from_now_on_carries_the_marking_and_one_that_was_released_keeps_its_own(
    desk: PracticeDesk,
) -> None:
    await arrives(desk)
    card = await desk.types("handling S-2012-0001 restricted")
    assert card.notes == (
        "L-2012-0001 has not left and carries the marking of before, members: letter receipt/S-2012-0001 hold WHY",
    )
    answer = (await desk.capital_of("MWI")).writes(
        "Re: report", attach="annex-3.pdf", data=b"%PDF-1.4 3", answers=(await desk.outbox())[0].message_id
    )
    await desk.takes_in(answer)
    first, second = await desk.outbox()
    assert [letter.handling for letter in (first, second)] == [Handling.MEMBERS, Handling.RESTRICTED]
    page = (await desk.types(f"letter {second.key}")).page
    assert page
    assert "Restricted" in page.text
    assert "annex-3.pdf" not in page.text
    await desk.delivers()
    assert (await desk.types("handling S-2012-0001 open")).notes == ()


async def test_the_handling_of_a_mail_is_its_submissions(desk: PracticeDesk) -> None:
    await arrives(desk)
    card = await desk.types("handling m-2012-1 restricted")
    assert card.fields["key"] == "S-2012-0001"
    assert "M-2012-0001 is a mail of it" in card.text
    assert (await desk.submissions())[0].handling is Handling.RESTRICTED
    assert (await desk.types("mail M-2012-0001")).fields["handling"] is Handling.RESTRICTED


async def test_a_mail_that_was_set_aside_as_restricted_becomes_a_restricted_submission(desk: PracticeDesk) -> None:
    await desk.takes_in(desk.stranger().writes("A note of Malawi", attach="names.pdf"))
    assert (await desk.types("handling M-2012-0001 restricted")).ok
    assert (await desk.types("mail M-2012-0001")).fields["handling"] is Handling.RESTRICTED
    await desk.types("mail M-2012-0001 once MWI")
    assert (await desk.submissions())[0].handling is Handling.RESTRICTED
    page = (await desk.types("letter receipt/S-2012-0001")).page
    assert page
    assert "names.pdf" not in page.text


async def test_a_restricted_mail_that_is_added_restricts_the_submission_and_another_leaves_it(
    desk: PracticeDesk,
) -> None:
    await arrives(desk)
    await desk.types("handling S-2012-0001 open")
    receipt = (await desk.outbox())[0].message_id
    await desk.takes_in((await desk.capital_of("MWI")).writes("Re: a question", answers=receipt))
    assert (await desk.submissions())[0].handling is Handling.OPEN
    [aside] = await desk.takes_in(desk.stranger().writes("Re: the annex", answers=receipt))
    assert aside.state is MailState.SET_ASIDE
    await desk.types(f"handling {aside.key} restricted")
    await desk.types(f"mail {aside.key} once MWI")
    [submission] = await desk.submissions()
    assert (submission.mails[-1], submission.handling) == (aside.key, Handling.RESTRICTED)


async def test_a_restricted_mail_is_shown_to_officers_alone(desk: PracticeDesk) -> None:
    await arrives(desk)
    await desk.types("handling M-2012-0001 restricted")
    card, status = await desk.answers("mail M-2012-0001 show", by="reader-1")
    assert (status, card.page, "First report" in card.title + card.text) == (1, None, False)
    assert "First report" in (await desk.types("mail M-2012-0001 show")).title


async def test_only_an_officer_sets_it_and_never_twice_the_same(desk: PracticeDesk) -> None:
    await arrives(desk)
    card, status = await desk.answers("handling S-2012-0001 open", by="reader-1")
    assert (status, card.ok) == (1, False)
    assert (await desk.submissions())[0].handling is Handling.MEMBERS
    card, status = await desk.answers("handling S-2012-0001 members")
    assert status == 1
    assert "is members already; nothing was changed" in card.text


async def test_what_is_neither_or_unknown_is_refused_with_a_sentence(desk: PracticeDesk) -> None:
    for typed, said in (
        ("handling S-2012-0099 open", "no submission and no mail S-2012-0099"),
        ("handling MWI open", "no submission and no mail MWI"),
    ):
        card, status = await desk.answers(typed)
        assert (status, card.ok) == (1, False)
        assert said in card.text
    card, status = await desk.answers("handling S-2012-0001 secret")
    assert status == 2
    assert "open" in card.text or "open|members|restricted" in " ".join(card.notes)


async def test_a_part_is_shown_only_where_the_whole_is_open_too(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    await desk.takes_in(
        *(mission.writes(f"Report {n}/2", attach=f"{n}.pdf", data=b"%PDF" + bytes([n])) for n in (1, 2))
    )
    await desk.types("submission S-2012-0002 join S-2012-0001")
    await desk.types("handling S-2012-0002 open")
    assert (await desk.types("submission S-2012-0002")).fields["subject"] is None
    assert "2.pdf" not in str((await desk.types("log S-2012-0002")).rows)
    await desk.types("handling S-2012-0001 open")
    assert (await desk.types("submission S-2012-0002")).fields["subject"] == "Report 2/2"
    assert "2.pdf" in str((await desk.types("log S-2012-0002", by="reader-1")).rows)
