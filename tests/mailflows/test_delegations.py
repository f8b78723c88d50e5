"""An absent approver's delegate: named by an administrator, for days of New York, and shown."""

from datetime import date

from tests.conftest import PracticeDesk
from tests.mailflows.test_staff import ADMINISTRATOR, refused

NAMED = "staff approver-1 delegate officer-2 from 2012-09-10 to 2012-09-21"


async def test_a_delegate_is_named_shown_and_in_the_trail(desk: PracticeDesk) -> None:
    card, status = await desk.answers(NAMED, ADMINISTRATOR)
    assert (status, card.fields["key"]) == (0, "approver-1/2012-09-10"), card.text
    row = next(row for row in (await desk.types("staff")).rows if row["key"] == "approver-1")
    days = date(2012, 9, 10), date(2012, 9, 21)
    assert row["delegates"] == [{"delegate": "officer-2", "name": "Sam Ledger", "from": days[0], "to": days[1]}]
    entry = (await desk.desk.store.trail.find(newest_first=True))[0]
    assert (entry.doing, entry.about) == ("staff delegate", "approver-1")
    assert entry.words == {"delegate": "officer-2", "from": "2012-09-10", "to": "2012-09-21"}


async def test_what_cannot_be_is_a_sentence_and_changes_nothing(desk: PracticeDesk) -> None:
    await desk.types(NAMED, by=ADMINISTRATOR)
    for typed, said in {
        NAMED.replace("officer-2", "officer-1"): "Robin Seal has a delegate from 10 September 2012",
        NAMED.replace("2012-09-10", "2012-09-03"): "3 September 2012 is past",
        NAMED.replace("officer-2", "approver-1"): "Robin Seal cannot be their own delegate",
        "staff officer-2 delegate officer-1 from 2012-09-12 to 2012-09-13": "a delegate names none of their own",
        NAMED.replace("officer-2", "reader-1"): "Jo Margin is no officer",
    }.items():
        assert said in await refused(desk, typed)
    await desk.types("staff officer-1 end", by=ADMINISTRATOR)
    assert "officer-1 does not work at this desk" in await refused(desk, NAMED.replace("officer-2", "officer-1"))


async def test_only_an_administrator_names_one(desk: PracticeDesk) -> None:
    for person in ("approver-1", "officer-2", "reader-1"):
        assert "takes the role administrator" in await refused(desk, NAMED, by=person)


async def test_it_ends_before_its_day_when_the_approver_is_back(desk: PracticeDesk) -> None:
    await desk.types(NAMED, by=ADMINISTRATOR)
    await desk.types("staff approver-1 delegate end", by=ADMINISTRATOR)
    assert await desk.desk.store.delegations.all() == []
    assert "has no delegate" in await refused(desk, "staff approver-1 delegate end")
