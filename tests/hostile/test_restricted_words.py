"""A reader sees that something is there, and no word of what is not open."""

from tests.conftest import PracticeDesk


async def shown(desk: PracticeDesk, typed: str, by: str) -> str:
    card, _ = await desk.answers(typed, by=by)
    return f"{card.title} {card.text} {card.rows} {card.fields} {card.page.text if card.page else ''} {card.notes}"


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
