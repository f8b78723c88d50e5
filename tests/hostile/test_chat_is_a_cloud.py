"""Through chat nobody is shown what is not open, officers neither, and no file of the desk's computer is touched."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import PracticeDesk


@pytest.fixture
async def chat(desk: PracticeDesk) -> PracticeDesk:
    mail = (await desk.capital_of("MWI")).writes("First report zebrafish", "The Khondowe reactor", attach="secret.pdf")
    await desk.takes_in(mail)
    await desk.types('submission S-2012-0001 clarify "Which reactor?"')
    await desk.types('state MWI note "the Khondowe reactor (M-2012-0001)"')
    desk.desk = replace(desk.desk, in_chat=True)
    return desk


@pytest.mark.parametrize(
    "typed",
    [
        "cards", "inbox", "mail M-2012-0001", "mail M-2012-0001 show", "submission S-2012-0001", "submissions",
        "letter receipt/S-2012-0001", "letter clarification/S-2012-0001/1", "outbox", "log S-2012-0001", "log MWI",
        "log M-2012-0001", "log", "state MWI", "search zebrafish", "search Khondowe", "search secret.pdf",
        "proof receipt/S-2012-0001", "call-list", "unserved", "due", "desk",
    ],
)  # fmt: skip
async def test_no_word_of_what_is_not_open_goes_through_chat(chat: PracticeDesk, typed: str) -> None:
    card, _ = await chat.answers(typed)
    shown = str(card).replace(typed.partition(" ")[2], "…")  # what was typed may be said back
    assert not [word for word in ("zebrafish", "Khondowe", "secret.pdf", "Which reactor") if word in shown]


async def test_what_is_open_is_shown_in_chat_too(chat: PracticeDesk) -> None:
    await chat.types("handling S-2012-0001 open")
    assert "Khondowe" in str(await chat.types("mail M-2012-0001 show"))
    assert "secret.pdf" in str(await chat.types("submission S-2012-0001"))


@pytest.mark.parametrize(
    "typed",
    [
        "submission add --by-hand MWI first-report --file {file}",
        "submission add --by-hand MWI first-report --file {file} --file other.pdf",
        "proof receipt/S-2012-0001 --pdf {file}.pdf",
        "proof receipt/S-2012-0001 --message {file}.eml",
        "call-list --pdf {file}.pdf",
    ],
)
async def test_no_file_of_the_desks_computer_is_read_or_written(chat: PracticeDesk, tmp_path: Path, typed: str) -> None:
    file = tmp_path / "passwords"
    file.write_text("hunter2")
    before = (sorted(tmp_path.iterdir()), await chat.submissions())
    card, status = await chat.answers(typed.format(file=file))
    assert (card.ok, status) == (False, 1), card
    assert "are for its terminal; nothing was changed" in card.text
    assert (sorted(tmp_path.iterdir()), await chat.submissions()) == before


async def test_the_preview_of_an_answer_does_not_show_the_subject_of_what_is_not_open(chat: PracticeDesk) -> None:
    card = await chat.types('mail M-2012-0001 reply "The report may come in French."')
    assert card.page
    assert "The report may come in French." in card.page.text
    assert "zebrafish" not in str(card)
    assert "is not shown in chat" in dict(card.page.heading)["Subject"]
    sent, _ = await chat.presses(card.actions[0].key)
    assert sent.ok
    [letter] = [one for one in await chat.outbox() if one.kind == "answer"]
    assert "zebrafish" in str(letter)
