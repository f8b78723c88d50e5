"""A reader sees that something is there, and no word of what is not open."""

import pytest

from tests.conftest import PracticeDesk
from tests.mailflows.filing import ByHand, asks, sends_by_hand, with_filing


async def shown(desk: PracticeDesk, typed: str, by: str) -> str:
    card, _ = await desk.answers(typed, by=by)
    return f"{card.title} {card.text} {card.rows} {card.fields} {card.page or ''} {card.notes}"


async def test_a_letter_about_what_is_not_open_is_read_by_officers_alone(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="secret-annex.pdf"))
    await desk.types('submission S-2012-0001 clarify "Which reactor?"')
    for letter, words in (
        ("receipt/S-2012-0001", "secret-annex.pdf"),
        ("clarification/S-2012-0001/1", "Which reactor?"),
    ):
        assert words in await shown(desk, f"letter {letter}", "officer-2")
        assert words not in await shown(desk, f"letter {letter}", "reader-1")


async def test_a_letter_that_was_open_is_closed_with_what_it_is_about(desk: PracticeDesk) -> None:
    capital = await desk.capital_of("MWI")
    await desk.takes_in(capital.writes("First report", attach="annex-1.pdf"))
    await desk.types("handling S-2012-0001 open")
    [letter] = await desk.outbox()
    await desk.takes_in(capital.writes("More", attach="annex-2.pdf", data=b"%PDF-2", answers=letter.message_id))
    assert "annex-2.pdf" in await shown(desk, "letter receipt/S-2012-0001/M-2012-0002", "reader-1")
    await desk.types("handling S-2012-0001 restricted")
    assert "annex-2.pdf" not in await shown(desk, "letter receipt/S-2012-0001/M-2012-0002", "reader-1")


async def test_the_committees_own_open_letters_are_read_by_the_whole_staff(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to MWI", yes=True)
    assert "has the honour" in await shown(desk, "letter first-report/MWI/programme-11/2", "reader-1")


async def test_a_letter_about_a_part_is_closed_with_the_whole(desk: PracticeDesk) -> None:
    capital = await desk.capital_of("MWI")
    await desk.takes_in(
        *[capital.writes(f"Report {n}/2", attach=f"{n}.pdf", data=b"%PDF" + bytes([n])) for n in (1, 2)]
    )
    await desk.types("handling S-2012-0002 open")
    await desk.types('submission S-2012-0002 clarify "Which reactor?"')
    await desk.types("submission S-2012-0002 join S-2012-0001")
    assert "Which reactor?" not in await shown(desk, "letter clarification/S-2012-0002/1", "reader-1")


async def test_a_restricted_mail_that_repeats_what_is_open_stays_closed(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    await desk.types("handling S-2012-0001 open")
    await desk.takes_in(desk.stranger().writes("First report", "zebrafish", attach="r.pdf"))
    await desk.types("handling M-2012-0002 restricted")
    await desk.types("mail M-2012-0002 once MWI")
    assert "M-2012-0002" not in await shown(desk, "search zebrafish", "reader-1")
    assert "restricted" in await shown(desk, "submission S-2012-0001", "officer-1")


async def test_what_asks_for_restriction_has_it_until_an_officer_says_otherwise(desk: PracticeDesk) -> None:
    capital = await desk.capital_of("MWI")
    await desk.takes_in(capital.writes("RESTRICTED: First report of Malawi", "CONFIDENTIAL.", attach="secret.pdf"))
    [submission] = await desk.submissions()
    assert submission.handling == "restricted"
    [card] = (await desk.types("cards")).rows
    assert "handling S-2012-0001 members" in card["text"]
    assert "secret.pdf" not in await shown(desk, "letter receipt/S-2012-0001", "officer-1")


async def test_an_answer_that_asks_for_restriction_restricts_the_whole_and_an_officer_has_the_last_word(
    desk: PracticeDesk,
) -> None:
    capital = await desk.capital_of("MWI")
    await desk.takes_in(capital.writes("First report", attach="r.pdf"))
    await desk.types("handling S-2012-0001 open")
    [letter] = await desk.outbox()
    await desk.takes_in(capital.writes("Annex 2", "CONFIDENTIAL\nzebrafish", answers=letter.message_id))
    [submission] = await desk.submissions()
    assert submission.handling == "restricted"
    assert "M-2012-0002" not in await shown(desk, "search zebrafish", "reader-1")
    await desk.types("handling S-2012-0001 open")
    assert "M-2012-0002" in await shown(desk, "search zebrafish", "reader-1")


async def test_a_states_name_is_no_marking(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.mission_of("LKA")).writes("تقرير سري لانكا", "unrestricted access", attach="r.pdf"))
    [submission] = await desk.submissions()
    assert submission.handling == "members"


async def test_a_note_that_names_a_mail_is_for_officers(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    await desk.types('state MWI note "the Khondowe reactor (M-2012-0001)"')
    for typed in ("state MWI", "log MWI"):
        assert "Khondowe" in await shown(desk, typed, "officer-1")
        assert "Khondowe" not in await shown(desk, typed, "reader-1")


async def test_an_address_accepted_for_once_is_not_sent_the_address_book(desk: PracticeDesk) -> None:
    await desk.takes_in(desk.stranger().writes("status", "status"))
    await desk.types("mail M-2012-0001 once MWI")
    assert [letter.kind for letter in await desk.outbox()] == ["receipt"]


async def test_what_somebody_writes_under_our_own_header_is_shown(desk: PracticeDesk) -> None:
    header = [("X-Verbale-Desk", "1540.example")]
    raw = (await desk.mission_of("MWI")).writes("First report", attach="r.pdf", headers=header)
    [mail] = await desk.takes_in(raw)
    assert (mail.state, await desk.outbox()) == ("set-aside", [])


async def answered_part(desk: PracticeDesk) -> None:
    """M-2012-0002 asked about an okapi, is now part of an open whole, and was answered while it was open itself."""
    await with_filing(desk)
    for subject in ("One zebra?", "Two okapis?"):
        await asks(desk, subject=subject)
    for key in ("S-2012-0001", "S-2012-0002"):
        await desk.types(f"handling {key} open")
    await desk.types("submission S-2012-0002 join S-2012-0001")
    preview = await desk.types('mail M-2012-0002 reply "The quagga may come."')
    await desk.presses(preview.actions[0].key)
    capital = (await desk.capital_of("MWI")).address
    await sends_by_hand(desk, ByHand(capital, subject="M-2012-0002", text="A narwhal."))


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("letter answer/M-2012-0002/1", "quagga"),
        ("letter answer/M-2012-0002/1", "okapis"),
        ("search quagga", "answer/M-2012-0002/1"),
        ("search narwhal", "M-2012-0003"),
    ],
)
async def test_what_answers_a_part_is_closed_with_the_part(desk: PracticeDesk, typed: str, word: str) -> None:
    await answered_part(desk)
    assert word in await shown(desk, typed, "reader-1")
    await desk.types("handling S-2012-0002 restricted")
    assert [one.handling for one in await desk.submissions()] == ["open", "restricted"]
    assert word not in await shown(desk, typed, "reader-1")
    assert word in await shown(desk, typed, "officer-2")


async def test_an_answer_to_a_mail_of_no_submission_is_closed_with_the_mail(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.mission_of("MWI")).writes("help", "help"))
    await desk.types("handling M-2012-0001 open")
    preview = await desk.types('mail M-2012-0001 reply "The quagga may come."')
    await desk.presses(preview.actions[0].key)
    assert "quagga" in await shown(desk, "letter answer/M-2012-0001/1", "reader-1")
    await desk.types("handling M-2012-0001 restricted")
    assert "quagga" not in await shown(desk, "letter answer/M-2012-0001/1", "reader-1")
    assert (await desk.types("search quagga", by="reader-1")).rows == ()


@pytest.mark.parametrize("handling", ["members", "restricted", "open"])
async def test_why_nothing_more_is_done_is_read_by_all_where_the_mail_is_open_alone(
    desk: PracticeDesk, handling: str
) -> None:
    await desk.takes_in(desk.stranger().writes("Hello", "May we?"))
    await desk.types(f"handling M-2012-0001 {handling}")
    await desk.types('mail M-2012-0001 done "it is about the zebrafish"')
    assert "zebrafish" in await shown(desk, "log M-2012-0001", "officer-2")
    assert ("zebrafish" in await shown(desk, "log M-2012-0001", "reader-1")) == (handling == "open")


async def test_why_nothing_more_is_done_stays_closed_in_the_story_of_the_letter_that_was_answered(
    desk: PracticeDesk,
) -> None:
    preview = await desk.types('letter to MWI "A visit" "May we come?"')
    await desk.presses(preview.actions[0].key)
    [letter] = await desk.outbox()
    await desk.takes_in((await desk.capital_of("MWI")).writes("Confidential", "Why?", answers=letter.message_id))
    await desk.types('mail M-2012-0001 done "it is about the zebrafish"')
    assert "zebrafish" in await shown(desk, f"log {letter.key}", "officer-2")
    assert "zebrafish" not in await shown(desk, f"log {letter.key}", "reader-1")
