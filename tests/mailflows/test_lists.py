"""Lists at a desk: who may change them, what is kept of it, and what is said of a day that is past or to come."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from committee.errors import Refused
from committee.list_rolls import Roll
from committee.lists import DistributionList
from mailflows import list_changes, lists
from mailflows.list_changes import Wish
from mailflows.presses import Act
from storage import seeding
from tests.conftest import PracticeDesk

TODAY = date(2012, 9, 4)
UNTIL = date(2012, 12, 31)


async def officer(desk: PracticeDesk, who: str = "officer-1") -> Act:
    return Act(await desk.person(who), desk.desk)


async def roll(desk: PracticeDesk, key: str, day: date = TODAY) -> Roll:
    return (await lists.on(key, day, desk.desk))[1]


async def test_every_shipped_list_can_be_followed_and_says_what_it_is_from(desk: PracticeDesk) -> None:
    found = await lists.every(desk.desk)
    assert {one.key for one, _ in found} == {one.key for one in seeding.lists()}
    assert all(isinstance(one, Roll) for _, one in found)
    assert all(one.shipped and one.source and one.name for one, _ in found)


async def test_the_regional_groups_make_up_all_permanent_missions(desk: PracticeDesk) -> None:
    groups = ("african-group", "asia-pacific-group", "eastern-european-group", "grulac", "weog")
    parties = [party for key in groups for party in (await roll(desk, key)).parties]
    assert sorted(parties) == sorted((await roll(desk, "all-permanent-missions")).parties)
    assert len(parties) == 193


async def test_when_the_year_turns_ten_delegations_differ_and_each_says_why(desk: PracticeDesk) -> None:
    _, changed = await lists.since("all-delegations", date(2012, 12, 31), date(2013, 1, 2), desk.desk)
    came = {one.party.speaks_for: one.why for one in changed if one.came}
    left = {one.party.speaks_for: one.why for one in changed if not one.came}
    assert (sorted(came), sorted(left)) == (["ARG", "AUS", "KOR", "LUX", "RWA"], ["COL", "DEU", "IND", "PRT", "ZAF"])
    assert {*came.values()} == {"its term on the Council is from 1 January 2013 to 31 December 2014"}
    assert {*left.values()} == {"its term on the Council ended on 31 December 2012"}
    assert len(changed) == 10


async def test_an_accepted_first_report_takes_its_state_off_the_list_from_the_day_it_came(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.mission_of("MWI")).writes("First report", attach="r.pdf"))
    await desk.types("submission S-2012-0001 reclassify as first-report")
    await desk.types("submission S-2012-0001 accept")
    before = TODAY - timedelta(days=1)
    [change] = (await lists.since("states-yet-to-report", before, TODAY, desk.desk))[1]
    assert (change.party.key, change.came, change.why) == ("MWI", False, "its first report: reported")
    assert "MWI" in (await roll(desk, "states-yet-to-report", before)).parties


async def test_a_change_is_made_by_an_officer_and_stands_in_the_trail_with_its_rule(desk: PracticeDesk) -> None:
    with pytest.raises(Refused, match="takes the role officer"):
        await list_changes.add("mine", "", "experts", await officer(desk, "reader-1"))
    made = await list_changes.add("mine", "My list", "Delegations but not china", await officer(desk))
    assert made == DistributionList("mine", "My list", "delegations but not CHN")
    entry = (await desk.desk.store.trail.find(newest_first=True))[0]
    assert (entry.by, entry.doing, entry.about, entry.words) == ("officer-1", "list add", "mine", {"rule": made.rule})


@pytest.mark.parametrize("key", ["add", "to", "with space", "-x", "x" * 61, "é", "a/b", "", "all-delegations"])
async def test_a_key_that_cannot_be_typed_or_is_taken_is_refused(desk: PracticeDesk, key: str) -> None:
    with pytest.raises(Refused, match="Nothing was changed"):
        await list_changes.add(key, "", "experts", await officer(desk))


async def test_a_list_never_leads_back_to_itself(desk: PracticeDesk) -> None:
    who = await officer(desk)
    await list_changes.add("a", "", "experts", who)
    await list_changes.add("b", "", "list a or members", who)
    await list_changes.add("c", "", "states but not list b", who)
    with pytest.raises(Refused, match="a → c → b → a"):
        await list_changes.change("a", "list c", who)
    with pytest.raises(Refused, match="refer to itself: a → a"):
        await list_changes.change("a", "experts or a", who)
    assert (await lists.on("a", TODAY, desk.desk))[0].rule == "experts"


async def test_two_officers_who_close_a_circle_at_once_do_not_close_it(desk: PracticeDesk) -> None:
    one, other = await officer(desk), await officer(desk, "officer-2")
    await list_changes.add("a", "", "experts", one)
    await list_changes.add("b", "", "experts", one)
    tried = (list_changes.change("a", "list b", one), list_changes.change("b", "list a", other))
    done = await asyncio.gather(*tried, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["DistributionList", "RuleFault"]


async def test_two_officers_who_make_one_exception_at_once_make_it_once(desk: PracticeDesk) -> None:
    wish = Wish("CHN", adds=False, reason="asked for paper", until=UNTIL)
    acts = [await officer(desk), await officer(desk, "officer-2")]
    done = await asyncio.gather(
        *(list_changes.put_by_hand("all-delegations", wish, act) for act in acts), return_exceptions=True
    )
    assert sum(isinstance(one, Refused) for one in done) == 1
    assert len(await desk.desk.store.list_exceptions.all()) == 1


async def test_a_shipped_list_keeps_its_rule_and_takes_exceptions(desk: PracticeDesk) -> None:
    who = await officer(desk)
    for change in (list_changes.change("all-delegations", "experts", who), list_changes.remove("all-delegations", who)):
        with pytest.raises(Refused, match="every desk has"):
            await change
    await list_changes.put_by_hand("all-delegations", Wish("CHN", False, "asked for paper", UNTIL), who)
    assert "delegation/CHN" not in (await roll(desk, "all-delegations")).parties
    assert "delegation/CHN" in (await roll(desk, "all-delegations", UNTIL + timedelta(days=1))).parties


async def test_an_exception_that_is_ended_stays_true_of_the_days_before(desk: PracticeDesk) -> None:
    await list_changes.put_by_hand("all-delegations", Wish("CHN", False, "paper", UNTIL), await officer(desk))
    desk.desk = desk.desk.at(desk.desk.now + timedelta(days=10))
    await list_changes.end_by_hand("all-delegations", "CHN", await officer(desk))
    assert "delegation/CHN" not in (await roll(desk, "all-delegations", TODAY + timedelta(days=9))).parties
    assert "delegation/CHN" in (await roll(desk, "all-delegations", TODAY + timedelta(days=10))).parties
    [change] = (await lists.since("all-delegations", TODAY, desk.desk.today, desk.desk))[1]
    assert change.why.startswith("no longer left out by hand until 13 September 2012")
    with pytest.raises(Refused, match="neither put on"):
        await list_changes.end_by_hand("all-delegations", "CHN", await officer(desk))


async def test_an_exception_ended_on_its_first_day_has_never_been(desk: PracticeDesk) -> None:
    await list_changes.put_by_hand("grulac", Wish("CUB", False, "paper", UNTIL), await officer(desk))
    await list_changes.end_by_hand("grulac", "CUB", await officer(desk))
    assert await desk.desk.store.list_exceptions.all() == []


@pytest.mark.parametrize(("wish", "says"), [
    (Wish("CHN", adds=True, reason=" ", until=UNTIL), "has a reason"),
    (Wish("CHN", adds=True, reason="x", until=date(2012, 9, 3)), "has passed"),
    (Wish("nobody@elsewhere.test", adds=True, reason="x", until=UNTIL), "not in the address book"),
])  # fmt: skip
async def test_an_exception_has_a_reason_an_end_to_come_and_somebody_known(
    desk: PracticeDesk, wish: Wish, says: str
) -> None:
    with pytest.raises(Refused, match=says):
        await list_changes.put_by_hand("grulac", wish, await officer(desk))


async def test_a_list_that_another_one_names_is_not_removed(desk: PracticeDesk) -> None:
    who = await officer(desk)
    await list_changes.add("a", "", "experts", who)
    await list_changes.put_by_hand("a", Wish("CHN", True, "asked", UNTIL), who)
    await list_changes.add("b", "", "list a", who)
    with pytest.raises(Refused, match="b names the list a"):
        await list_changes.remove("a", who)
    await list_changes.remove("b", who)
    await list_changes.remove("a", who)
    assert (await desk.desk.store.lists.all(), await desk.desk.store.list_exceptions.all()) == ([], [])


async def test_why_says_when_an_address_that_is_not_there_was_or_will_be(desk: PracticeDesk) -> None:
    contact = await desk.contact("MWI")
    async with desk.desk.store.transaction(by="test", doing="end", about="x", at=desk.desk.now) as tx:
        await tx.contacts.put(replace(contact, end=date(2012, 9, 3)))
    [reason] = (await lists.why("african-group", contact.address, TODAY, desk.desk))[1]
    assert (reason.on, reason.says) == (
        False, "on 4 September 2012 it is not in the address book; it is until 3 September 2012",
    )  # fmt: skip
    [gap] = (await roll(desk, "african-group")).gaps
    assert (gap.party.key, gap.why) == ("MWI", "no address as permanent-mission is on record")
    [nobody] = (await lists.why("african-group", "nobody@elsewhere.test", TODAY, desk.desk))[1]
    assert "not in the address book" in nobody.says


async def test_why_agrees_with_the_list_for_every_address_of_the_desk(desk: PracticeDesk) -> None:
    for key in (
        "all-delegations",
        "weog",
        "states-yet-to-report",
        "organizations-without-point-of-contact",
        "former-members",
    ):
        members = {one.entry.address for one in (await roll(desk, key)).members}
        known = await lists.Known.of(desk.desk.store)
        rolls = known.on(TODAY)
        said = {one.address for one in rolls.book.entries if rolls.through(key, one) is not None}
        assert said == members, key


async def test_a_list_whose_rule_names_one_that_is_gone_does_not_hide_the_others(desk: PracticeDesk) -> None:
    async with desk.desk.store.transaction(by="test", doing="break", about="x", at=desk.desk.now) as tx:
        await tx.lists.put(DistributionList("broken", "Broken", "list nowhere"), DistributionList("torn", "Torn", "(("))
    found = {one.key: roll for one, roll in await lists.every(desk.desk)}
    assert "no list nowhere" in str(found["broken"])
    assert isinstance(found["torn"], Refused)
    assert isinstance(found["all-delegations"], Roll)


async def test_an_address_put_on_a_list_is_named_by_its_contact_so_that_erasing_it_leaves_no_address(
    desk: PracticeDesk,
) -> None:
    contact = await desk.contact("MWI")
    made = await list_changes.put_by_hand(
        "all-delegations", Wish(contact.address, adds=True, reason="observes", until=UNTIL), await officer(desk)
    )
    assert (made.who, made.party) == (contact.key, "MWI")
    assert contact.address in {one.entry.address for one in (await roll(desk, "all-delegations")).members}
    entry = (await desk.desk.store.trail.find(newest_first=True))[0]
    assert (entry.doing, entry.words) == ("list also", {"who": contact.key})
    await desk.presses((await desk.types(f"contact {contact.key} erase")).actions[0].key)
    [gap] = (await roll(desk, "all-delegations")).gaps
    assert (gap.party.key, gap.why) == ("MWI", f"{contact.key} is not in the address book on that day")
    await list_changes.end_by_hand("all-delegations", contact.key, await officer(desk))
    assert (await roll(desk, "all-delegations")).gaps == ()
