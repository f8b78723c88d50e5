"""Answering and writing as they are typed: what the data holds, what --yes does, and which words are the command's."""

import pytest

from bot.answers import as_json
from tests.conftest import PracticeDesk


async def asked(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("A question", "May we?"))


async def test_yes_sends_what_was_typed_at_once(desk: PracticeDesk) -> None:
    await asked(desk)
    card, status = await desk.answers('mail M-2012-0001 reply "Yes."', yes=True)
    assert (status, card.fields["key"]) == (0, "answer/M-2012-0001/1")
    assert (await desk.outbox())[-1].words["text"] == "Yes."


async def test_the_inbox_has_who_has_it_and_by_when_beside_what_it_always_had(desk: PracticeDesk) -> None:
    await asked(desk)
    await desk.types("mail M-2012-0001 take")
    [row] = as_json(await desk.types("inbox"))["rows"]
    assert [*row] == ["key", "from", "party", "kind", "state", "reason", "officer", "by", "case"]
    assert (row["officer"], row["by"], row["case"]) == ("officer-1", "2012-09-11", "open")


async def test_a_mails_card_offers_what_may_be_done_to_those_who_may(desk: PracticeDesk) -> None:
    await asked(desk)
    assert [one.label for one in (await desk.types("mail M-2012-0001")).actions] == ["Answer", "Take it"]
    assert (await desk.types("mail M-2012-0001", by="reader-1")).actions == ()
    await desk.types("mail M-2012-0001 done")
    assert (await desk.types("mail M-2012-0001")).actions == ()


@pytest.mark.parametrize("typed", ["mail M-2012-0001 reply", 'mail M-2012-0001 reply ""', "letter to", "letter to MWI"])
async def test_what_is_not_finished_is_told_how_it_goes_on(desk: PracticeDesk, typed: str) -> None:
    await asked(desk)
    card, status = await desk.answers(typed)
    assert (status, bool(card.notes)) == (2, True), card.text


async def test_a_button_without_its_words_asks_for_them(desk: PracticeDesk) -> None:
    await asked(desk)
    [reply, _] = (await desk.types("mail M-2012-0001")).actions
    card, status = await desk.presses(reply.key, " \u200b ")
    assert (status, "say the text too" in card.text) == (1, True)


async def test_another_persons_press_sees_no_word_of_the_letter(desk: PracticeDesk) -> None:
    await asked(desk)
    shown = await desk.types('mail M-2012-0001 reply "zebrafish"')
    card, status = await desk.presses(shown.actions[0].key, by="officer-2")
    assert (status, "zebrafish" in f"{card}") == (1, False)
