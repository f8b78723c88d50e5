"""The work queue of a person: what they may do something about, and what they prepared that waits for others."""

from datetime import timedelta

from committee.cards import Offer
from committee.letters import DeliveryState, LetterKind
from committee.staff import Role
from mailflows import approvals, work_queue
from mailflows.approvals import Prepared
from mailflows.presses import Act
from mailflows.work_queue import Section
from tests.conftest import PracticeDesk
from tests.mailflows.accepting import copies, reminded, stands
from tests.mailflows.scripted_chat import arrives

OFFICER, APPROVER, READER = "officer-1", "approver-1", "reader-1"


async def queue(desk: PracticeDesk, who: str) -> dict[str, Section]:
    return {one.name: one for one in await work_queue.of(await desk.person(who), desk.desk)}


async def prepared(desk: PracticeDesk, by: str) -> None:
    """Letters to many, which a second person releases."""
    await desk.types('closure add 2012-12-03..2012-12-04 "a hurricane"', by)
    who = Act(await desk.person(by), desk.desk)
    offer = Offer("Release", "closure 2012-12-03..2012-12-04 tell", "primary", "digest")
    async with desk.desk.store.transaction(by=by, doing="closure tell", about="x", at=desk.desk.now) as tx:
        title = "24 letters wait for a second person"
        await approvals.ask(tx, Prepared("closure/2012-12-03", title, LetterKind.CLOSURE_NOTICE, 24, 24), offer, who)


async def test_a_desk_on_which_nothing_waits_says_so_in_every_section(desk: PracticeDesk) -> None:
    for who in (OFFICER, APPROVER, READER):
        sections = await queue(desk, who)
        assert [*sections] == [
            "waits_for_me",
            "prepared_by_me",
            "my_cases",
            "set_aside",
            "due_this_week",
            "repairs",
            "letters",
        ]
        assert {name: one.count for name, one in sections.items() if name != "due_this_week"} == dict.fromkeys(
            ("waits_for_me", "prepared_by_me", "my_cases", "set_aside", "repairs", "letters"), 0
        )


async def test_what_one_prepared_waits_for_whoever_approves_and_not_for_them(desk: PracticeDesk) -> None:
    await prepared(desk, OFFICER)
    mine, theirs, readers = [await queue(desk, who) for who in (OFFICER, APPROVER, READER)]
    assert [item.key for item in mine["prepared_by_me"].items] == ["A-2012-0001"]
    assert mine["waits_for_me"].items == ()
    assert [item.key for item in theirs["waits_for_me"].items] == ["A-2012-0001"]
    assert [action.label for action in theirs["waits_for_me"].items[0].actions] == [
        "Release",
        "Read it first",
        "Release in an emergency",
    ]
    assert theirs["prepared_by_me"].items == ()
    assert readers["waits_for_me"].items == readers["prepared_by_me"].items == ()


async def test_nobody_is_asked_to_release_what_they_prepared(desk: PracticeDesk) -> None:
    await prepared(desk, APPROVER)
    own = await queue(desk, APPROVER)
    assert own["waits_for_me"].count == 0
    assert own["prepared_by_me"].count == 1


async def test_submissions_wait_for_officers_with_their_buttons_until_somebody_decides(desk: PracticeDesk) -> None:
    first, second = await arrives(desk, "MWI", "ZMB")
    waits = (await queue(desk, OFFICER))["waits_for_me"]
    assert [item.key for item in waits.items] == [first, second]
    assert len(waits.items[0].actions) == 4
    assert (await queue(desk, READER))["waits_for_me"].count == 0
    _, status = await desk.presses(waits.items[0].actions[0].key)
    assert status == 0
    assert [item.key for item in (await queue(desk, OFFICER))["waits_for_me"].items] == [second]


async def test_of_many_the_first_are_named_and_all_are_counted(desk: PracticeDesk) -> None:
    await desk.takes_in(*(desk.stranger(f"someone@elsewhere-{n}.test").writes(f"Mail {n}") for n in range(13)))
    aside = (await queue(desk, OFFICER))["set_aside"]
    assert (len(aside.items), aside.count) == (10, 13)
    assert len(aside.items[0].actions) == 3
    assert (await queue(desk, READER))["set_aside"].items[0].actions == ()


async def test_what_one_has_taken_is_there_with_its_day_until_it_is_done(desk: PracticeDesk) -> None:
    [mail] = await desk.takes_in((await desk.mission_of("MWI")).writes("A question", "Could you tell us more?"))
    assert (await queue(desk, OFFICER))["my_cases"].count == 0
    await desk.types(f"mail {mail.key} take")
    await desk.types(f"mail {mail.key} by 2012-09-05")
    [mine] = (await queue(desk, OFFICER))["my_cases"].items
    assert (mine.key, mine.what, str(mine.due)) == (mail.key, "an answer to Malawi", "2012-09-05")
    assert (await queue(desk, APPROVER))["my_cases"].count == 0
    desk.desk = desk.desk.at(desk.desk.now + timedelta(days=2))
    [mine] = (await queue(desk, OFFICER))["my_cases"].items
    assert mine.what == "overdue: an answer to Malawi"
    await desk.types(f"mail {mail.key} done")
    assert (await queue(desk, OFFICER))["my_cases"].count == 0


async def test_letters_that_did_not_arrive_and_contacts_to_mend(desk: PracticeDesk) -> None:
    first, second = await reminded(desk)
    await stands(desk, await copies(desk, first), DeliveryState.REFUSED, reply="550 5.7.1 no")
    await stands(desk, await copies(desk, second), DeliveryState.UNCERTAIN)
    await desk.types('contact KEN/permanent-mission/1 hold "nobody reads it"')
    sections = await queue(desk, OFFICER)
    assert [item.what.partition(":")[0] for item in sections["letters"].items] == [*["uncertain"] * 2, *["refused"] * 2]
    assert [item.what for item in sections["repairs"].items] == ["an address of Kenya takes no mail"]


async def test_nothing_that_anybody_wrote_is_in_it(desk: PracticeDesk) -> None:
    await desk.takes_in(
        (await desk.mission_of("MWI")).writes("SECRET", "SECRET", attach="SECRET.pdf"), desk.stranger().writes("SECRET")
    )
    assert "SECRET" not in repr(await queue(desk, OFFICER))


async def test_the_card_shows_ones_own_first_and_has_every_section_as_data(desk: PracticeDesk) -> None:
    await prepared(desk, OFFICER)
    await arrives(desk, "MWI")
    card = await desk.types("desk")
    assert [(row["count"], row["what"]) for row in card.rows[:2]] == [
        (1, "things wait for you"), (1, "things that you prepared wait for others"),
    ]  # fmt: skip
    assert [item["key"] for item in card.fields["prepared_by_me"]] == ["A-2012-0001"]
    assert len(card.fields["waits_for_me"][0]["actions"]) == 4
    person = await desk.person(APPROVER)
    assert person.may(Role.APPROVER)
    assert (await desk.types("desk", APPROVER)).rows[0]["count"] >= 1
