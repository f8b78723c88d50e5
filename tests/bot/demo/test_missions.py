"""A mission writes, and its mail comes in as mail does; what is no mail is refused, and nothing is sent."""

import pytest

from bot.demo.missions import UNKNOWN, Written
from bot.demo.opening import Demo
from committee.errors import Refused
from committee.mail import MailState

MALI = "pm@mali.mission.example"


async def test_the_mail_goes_in_through_the_desks_maildir(made: Demo) -> None:
    desk = await made.working.now()
    await made.missions.writes(Written(MALI, "A question", "To whom do we write?"), desk)
    [waiting] = list((made.folder / "incoming" / "new").iterdir())
    assert f"<{MALI}>" in waiting.read_text()
    await made.working.settle()
    [mail] = await desk.store.mail.find(sender=MALI)
    assert (mail.state, mail.party) == (MailState.TAKEN_IN, "MLI")
    assert list((made.folder / "incoming" / "new").iterdir()) == []


async def test_its_receipt_stands_in_its_mailbox(made: Demo) -> None:
    desk = await made.working.now()
    await made.missions.writes(Written(MALI, "Our first report", "Enclosed.", report=True), desk)
    await made.working.settle()
    [letter] = [one for one in made.missions.office.arrived if one.address == MALI]
    assert b"S-2012-0001" in letter.raw


async def test_an_answer_names_the_letter_that_it_answers(made: Demo) -> None:
    desk = await made.working.now()
    await made.missions.writes(Written(MALI, "Our first report", "Enclosed.", report=True), desk)
    await made.working.settle()
    [letter] = [one for one in made.missions.office.arrived if one.address == MALI]
    await made.missions.writes(Written(MALI, "Re: receipt", "Thank you.", answers=letter.number), desk)
    await made.working.settle()
    mails = await desk.store.mail.find(sender=MALI)
    assert [mail.submission for mail in mails] == ["S-2012-0001", "S-2012-0001"]


async def test_everybody_in_the_address_book_has_a_mailbox_and_one_who_is_not(made: Demo) -> None:
    every = await made.missions.mailboxes(await made.working.now())
    assert len(every) > 400
    assert len({one.address for one in every}) == len(every)
    assert every[-1].address == UNKNOWN[0]
    assert {one.address.rpartition(".")[2] for one in every} <= {"example", "test"}


@pytest.mark.parametrize(
    "mail",
    [
        Written("somebody@elsewhere.test", "Subject", "Text"),
        Written("", "Subject", "Text"),
        Written(MALI, "", "Text"),
        Written(MALI, "Subject\r\nBcc: everybody@elsewhere.test", "Text"),
        Written(MALI, "x" * 201, "Text"),
        Written(MALI, "Subject", "x" * 20_001),
        Written(MALI, "Subject", "\ud800"),
        Written(MALI, "Subject", "Text", answers=1),
        Written(MALI, "Subject", "Text", answers=-1),
    ],
)  # fmt: skip
async def test_what_is_no_mail_is_refused(made: Demo, mail: Written) -> None:
    with pytest.raises(Refused, match="Nothing was sent"):
        await made.missions.writes(mail, await made.working.now())
    assert list((made.folder / "incoming" / "new").iterdir()) == []


async def test_nobody_answers_a_letter_of_somebody_elses(made: Demo) -> None:
    desk = await made.working.now()
    await made.missions.writes(Written(MALI, "Our first report", "Enclosed.", report=True), desk)
    await made.working.settle()
    with pytest.raises(Refused, match="does not stand in that mailbox"):
        await made.missions.writes(Written("pm@malawi.mission.example", "Re: it", "Text", answers=1), desk)
