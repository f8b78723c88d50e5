"""Who is in which chair, from when; the Chair's letters wait for one."""

from datetime import date

import pytest

from bot.commands import COMMANDS
from bot.grammar import Parsed, parse
from mailflows import letters
from tests.conftest import PracticeDesk


async def test_a_new_chair_follows_the_one_before(desk: PracticeDesk) -> None:
    card = await desk.types('chair of committee is "Rae Rostrum" from 2012-10-01 --delegation ZAF')
    assert card.ok, card.text
    before, now, after = [row for row in (await desk.types("chairs")).rows if row["body"] == "committee"]
    assert (now["until"], after["from"]) == (date(2012, 12, 31), date(2013, 1, 1))
    assert (before["until"], now["name"], now["from"]) == (date(2012, 9, 30), "Rae Rostrum", date(2012, 10, 1))
    seated = await letters.chair(desk.desk.store, desk.desk.at(desk.desk.now.replace(month=10, day=2)))
    assert seated.name == "Rae Rostrum"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('chair of senate is "A B" from 2012-10-01', "There is no body"),
        ('chair of committee is "A B" from 2013-01-01', "is in that chair from 1 January 2013 already"),
    ],
)
async def test_what_cannot_be_is_refused(desk: PracticeDesk, typed: str, said: str) -> None:
    card, status = await desk.answers(typed)
    assert (status, said in card.text) == (1, True), card.text


def test_the_command_that_is_named_where_there_is_no_chair_can_be_typed() -> None:
    assert isinstance(parse("chair of committee is PERSON from 2013-01-01", COMMANDS), Parsed)
