"""The language that a mission has indicated is recorded, never guessed; letters follow once a person has signed it."""

from dataclasses import replace

import pytest

from tests.conftest import PracticeDesk


async def language_of(desk: PracticeDesk, state: str) -> str | None:
    found = await desk.desk.store.states.get(state)
    assert found
    return found.language


async def test_letters_follow_the_language_that_a_mission_has_indicated(desk: PracticeDesk) -> None:
    card = await desk.types('state MWI language fr "its note verbale of 3 September"')
    assert card.ok, card.text
    assert (card.fields["language"], card.fields["written_in"]) == ("fr", "fr")
    assert "from now on" in card.text
    await desk.answers("remind first-report --to MWI", yes=True)
    assert (await desk.outbox())[0].language == "fr"
    [said] = (await desk.types("state MWI")).fields["said"]
    officer = (await desk.person("officer-1")).name
    assert said.endswith(f"{officer}: Its mission has indicated French (its note verbale of 3 September).")


async def test_until_somebody_has_signed_the_language_letters_go_in_english_and_the_card_says_so(
    desk: PracticeDesk,
) -> None:
    async with desk.desk.store.transaction(by="test", doing="unsign", about="fr", at=desk.desk.now) as tx:
        french = await tx.languages.get("fr")
        assert french
        await tx.languages.put(replace(french, signed_by="", signed_on=""))
    card = await desk.types("state MWI language French")
    assert (card.fields["language"], card.fields["signed_by"], card.fields["written_in"]) == ("fr", None, "en")
    assert "language fr sign" in card.text
    await desk.answers("remind first-report --to MWI", yes=True)
    assert (await desk.outbox())[0].language == "en"


async def test_none_takes_it_back(desk: PracticeDesk) -> None:
    await desk.types("state MWI language fr")
    card = await desk.types("state MWI language none")
    assert (card.ok, card.fields["language"], card.fields["written_in"]) == (True, None, "en")
    assert await language_of(desk, "MWI") is None
    assert [said.rpartition(": ")[2] for said in (await desk.types("state MWI")).fields["said"]] == [
        "Its mission has indicated French.",
        "Its mission no longer indicates French.",
    ]


async def test_english_can_be_indicated_too(desk: PracticeDesk) -> None:
    card = await desk.types("state CAF language en")
    assert (card.fields["written_in"], await language_of(desk, "CAF")) == ("en", "en")
    assert "needs no signature" in card.text


@pytest.mark.parametrize("typed", ["xx", "Latin", "none"])
async def test_a_language_without_letters_or_what_stands_already_is_refused(desk: PracticeDesk, typed: str) -> None:
    card, status = await desk.answers(f"state MWI language {typed}")
    assert (status, card.ok) == (1, False)
    assert "othing was changed" in card.text
    assert await language_of(desk, "MWI") is None


async def test_a_reader_does_not_set_it_and_a_doubtful_name_asks_back(desk: PracticeDesk) -> None:
    for typed, by in (("state MWI language fr", "reader-1"), ("state Congo language fr", "officer-1")):
        _, status = await desk.answers(typed, by=by)
        assert status == 1
    assert await language_of(desk, "MWI") is None
