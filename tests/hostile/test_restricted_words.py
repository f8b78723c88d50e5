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
