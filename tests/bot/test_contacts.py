"""The address book by command: who stands behind a party on any day, and what an officer changes."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from committee.cards import Card
from committee.contacts import Contact, Office
from committee.letters import LetterKind
from mailflows import letters
from mailflows.correspondents import of_party
from storage.documents import documents_of
from tests.conftest import PracticeDesk

PR = "MWI/permanent-representative/1"
MISSION = "MWI/permanent-mission/1"


async def with_a_representative(desk: PracticeDesk) -> Card:
    return await desk.types('contact add MWI permanent-representative pr@malawi.mission.example "Ada Quill"')


async def read(desk: PracticeDesk, key: str) -> Contact:
    found = await desk.desk.store.contacts.get(key)
    assert found, key
    return found


async def test_a_term_is_in_the_book_of_its_days_and_of_no_other(desk: PracticeDesk) -> None:
    line = "contact add MWI permanent-representative pr@malawi.mission.example Ada --from 2013-01-01 --until 2013-06-30"
    added = await desk.types(line)
    assert "letters go to it from 1 January 2013" in added.text
    for day, there in (("2012-12-31", False), ("2013-01-01", True), ("2013-06-30", True), ("2013-07-01", False)):
        keys = [row["key"] for row in (await desk.types(f"contacts of Malawi on {day}")).rows]
        assert (PR in keys) == there, day


async def test_a_delegation_and_a_party_of_the_public_have_contacts_too(desk: PracticeDesk) -> None:
    card = await desk.types("contacts of delegation of China")
    assert card.fields["kind"] == "delegation"
    assert [row["office"] for row in card.rows] == ["delegation", "delegation"]
    await desk.types('party add academia "Quill Institute"')
    added = await desk.types("contact add Quill Institute subscriber news@quill.example")
    assert added.fields["party"] == "quill-institute"
    assert "as a list says" in added.text
    assert [row["key"] for row in (await desk.types("parties academia")).rows] == ["quill-institute"]


async def test_a_party_is_not_added_under_a_key_that_names_one(desk: PracticeDesk) -> None:
    await desk.types('party add press "The Daily Quill"')
    for name in ("the daily quill", "Group of Experts", "OPCW", "MWI", "delegation"):
        card, status = await desk.answers(f'party add press "{name}"')
        assert (status, card.ok) == (1, False), name


async def test_congo_asks_which_and_a_former_name_is_understood(desk: PracticeDesk) -> None:
    asked = await desk.types("contacts of Congo")
    assert [row["key"] for row in asked.rows] == ["COG", "COD"]
    for name in ("Zaire", "Burma", "Swaziland"):
        assert (await desk.types(f"contacts of {name}")).ok, name
    card, status = await desk.answers("contact add Congo permanent-mission pm@congo.example")
    assert status == 1
    assert "a guess never changes anything" in card.text


async def test_a_fact_is_changed_in_every_entry_of_the_person(desk: PracticeDesk) -> None:
    await with_a_representative(desk)
    await desk.types(f"contact {PR} next ada@malawi.mission.example")
    card = await desk.types(
        f'contact {PR} change "Ada Quill" --style "H.E. Ms." --title Ambassador --pronoun her --languages "French, en"'
    )
    assert card.title == "H.E. Ms. Ada Quill, Ambassador"
    second = await read(desk, "MWI/permanent-representative/2")
    assert (second.called, second.languages, second.order) == (card.title, ("fr", "en"), 2)
    assert len((await desk.types(f"contact {PR}")).fields["addresses"]) == 2
    await desk.types(f"contact {PR} title none")
    assert (await read(desk, PR)).title == ""
    history = (await desk.types(f"contact {PR}")).rows
    assert (history[-1]["what"], history[-1]["was"], history[-1]["by"]) == ("title", "Ambassador", "Alex Inkwell")


@pytest.mark.parametrize(
    "value", ["order 0", "order two", "languages Klingon", "pronoun xx", f"title {'x' * 201}", "name none"]
)
async def test_what_cannot_be_is_refused_and_nothing_changes(desk: PracticeDesk, value: str) -> None:
    before = await read(desk, MISSION)
    card, status = await desk.answers(f"contact {MISSION} {value}")
    assert status == 1
    assert "Nothing was changed" in card.text
    assert await read(desk, MISSION) == before


async def test_an_end_before_its_start_is_refused(desk: PracticeDesk) -> None:
    await with_a_representative(desk)
    card, status = await desk.answers(f"contact {PR} end 2012-09-03")
    assert status == 1
    assert "cannot end on 3 September 2012 and begin on 4 September 2012" in card.text
    card, status = await desk.answers("contact add MWI expert e@malawi.example Bo --from 2012-10-02 --until 2012-10-01")
    assert status == 1


async def test_one_person_is_permanent_representative_at_a_time(desk: PracticeDesk) -> None:
    await with_a_representative(desk)
    line = "contact add MWI permanent-representative bo@malawi.mission.example Bo Ink --from 2013-01-01"
    card, status = await desk.answers(line)
    assert status == 1
    assert "Ada Quill holds that office from 4 September 2012" in card.text
    assert (await desk.types(f"contact {PR} end 2012-12-31")).ok
    assert (await desk.types(line)).ok
    card, status = await desk.answers(f"contact {PR} end 2013-01-31")
    assert status == 1
    assert "Bo Ink holds that office" in card.text


async def test_whoever_has_left_takes_every_address_along(desk: PracticeDesk) -> None:
    await with_a_representative(desk)
    await desk.types(f"contact {PR} next ada@malawi.mission.example")
    await desk.types(f"contact {PR} end 2012-09-30")
    assert {one.end for one in await desk.desk.store.contacts.find(office=Office.PERMANENT_REPRESENTATIVE)} == {
        date(2012, 9, 30)
    }


async def test_the_second_of_two_officers_is_shown_what_the_first_changed(desk: PracticeDesk) -> None:
    await desk.types(f"contact {MISSION} title Ambassador", by="officer-2")
    card, status = await desk.answers(f"contact {MISSION} title Counsellor")
    assert status == 1
    assert [(row["what"], row["now"], row["by"]) for row in card.rows] == [("title", "Ambassador", "Sam Ledger")]
    assert "title was “” and is “Ambassador”, by Sam Ledger" in card.text
    assert (await read(desk, MISSION)).title == "Ambassador"
    _, status = await desk.presses(card.actions[0].key)
    assert status == 0
    assert (await read(desk, MISSION)).title == "Counsellor"


async def test_officers_who_change_different_facts_lose_nothing(desk: PracticeDesk) -> None:
    await desk.types(f"contact {MISSION} title Ambassador", by="officer-2")
    _, status = await desk.answers(f"contact {MISSION} telephone +1 212 555 0199")
    assert status == 0
    changed = await read(desk, MISSION)
    assert (changed.title, changed.telephone) == ("Ambassador", "+1 212 555 0199")


async def test_what_was_changed_an_hour_ago_is_known(desk: PracticeDesk) -> None:
    await desk.types(f"contact {MISSION} title Ambassador", by="officer-2")
    desk.desk = desk.desk.at(desk.desk.now + timedelta(hours=1))
    _, status = await desk.answers(f"contact {MISSION} title Counsellor")
    assert status == 0


async def test_a_button_confirms_what_was_shown_and_nothing_else(desk: PracticeDesk) -> None:
    shown = await desk.types(f"contact {MISSION}")
    await desk.types(f"contact {MISSION} name Another", by="officer-2")
    card, status = await desk.presses(shown.actions[0].key)
    assert status == 1
    assert [row["now"] for row in card.rows] == ["Another"]
    assert (await read(desk, MISSION)).confirmed_on is None
    assert (await desk.presses(card.actions[0].key))[1] == 0
    assert (await read(desk, MISSION)).confirmed_on == date(2012, 9, 4)


async def test_letters_go_to_the_first_address_of_a_person_alone(desk: PracticeDesk) -> None:
    await desk.types("contact ZMB/national-contact-point/1 next other@gov-zambia.example")
    row = (await desk.types("remind first-report --to ZMB")).rows[0]
    assert row["cc"] == ["contact@gov-zambia.example"]
    await desk.types('contact ZMB/national-contact-point/1 hold "dead"')
    row = (await desk.types("remind first-report --to ZMB")).rows[0]
    assert row["cc"] == ["other@gov-zambia.example"]


async def test_a_party_is_addressed_as_it_wishes_in_one_kind_of_letter(desk: PracticeDesk) -> None:
    await desk.types("addressing MWI to national-contact-point --for letter")
    card = await desk.types('letter to MWI "A visit" "In October."')
    assert [(row["address"], row["copy"]) for row in card.rows] == [
        ("contact@gov-malawi.example", False), ("pm@malawi.mission.example", True),
    ]  # fmt: skip
    row = (await desk.types("remind first-report --to MWI")).rows[0]
    assert row["to"] == ["pm@malawi.mission.example"]
    assert (await desk.types("contacts of MWI")).fields["addressed"] == ["letter: to national-contact-point"]
    await desk.types("addressing MWI none")
    card = await desk.types('letter to MWI "A visit" "In October."')
    assert card.rows[0]["address"] == "pm@malawi.mission.example"


async def test_an_organization_is_addressed_as_it_wishes(desk: PracticeDesk) -> None:
    await desk.types("contact add OPCW point-of-contact poc@opcw.organization.example Cy Stamp")
    await desk.types("addressing OPCW to point-of-contact cc office")
    card = await desk.types('letter to OPCW "A visit" "In October."')
    assert [row["address"] for row in card.rows] == [
        "poc@opcw.organization.example",
        "office@opcw.organization.example",
    ]


async def test_no_note_verbale_is_written_to_an_organization(desk: PracticeDesk) -> None:
    to = await of_party(desk.desk.store, "OPCW", desk.desk)
    draft = letters.letter(to, subject="A visit", text="In October.", nth=1, desk=desk.desk)
    assert not draft.words["note_verbale"]
    with pytest.raises(Exception, match="gets letters, never notes verbales"):
        letters._draft("x", LetterKind.FIRST_REPORT_REMINDER, to, {}, desk.desk)


async def test_a_title_that_is_missing_is_warned_of_before_a_letter_goes(desk: PracticeDesk) -> None:
    await with_a_representative(desk)
    await desk.types("addressing MWI to permanent-representative")
    for line in ("remind first-report --to MWI,ZMB", 'letter to MWI "A visit" "In October."'):
        card = await desk.types(line)
        assert any(f"No title is on record of Ada Quill ({PR})" in note for note in card.notes), line
    await desk.types(f"contact {PR} title Ambassador")
    assert not any("No title" in note for note in (await desk.types('letter to MWI "A visit" "In October."')).notes)


async def test_organizations_without_a_point_of_contact_are_listed(desk: PracticeDesk) -> None:
    assert len((await desk.types("organizations")).rows) == 48
    await desk.types("contact add OPCW point-of-contact poc@opcw.organization.example Cy Stamp")
    without = [row["key"] for row in (await desk.types("organizations without-contact")).rows]
    assert len(without) == 47
    assert "OPCW" not in without
    assert (await desk.types("organization OPCW")).fields["point_of_contact"]
    card, status = await desk.answers("organization MWI")
    assert (status, "is no organization" in card.text) == (1, True)


async def test_experts_of_today_and_former_ones(desk: PracticeDesk) -> None:
    await desk.types("contact add group-of-experts former-member old@experts.example Ed Past")
    card = await desk.types("experts")
    assert card.text == "3 members on 4 September 2012; former members in the network: 1."
    draft = (await desk.types('letter to group-of-experts "A visit" "In October."')).rows
    assert [row["address"] for row in draft] == ["expert-1@experts.example"]


async def test_what_is_doubtful_is_shown(desk: PracticeDesk) -> None:
    card = await desk.types("contact add ZMB expert a@gov-maIawi.example".replace("maI", "mal") + "x Ada")
    assert card.ok
    await desk.types("contact add ZMB expert b@xn--gov-mlawi-66g.example Bo")
    await desk.types("contact add ZMB expert c@shared.example Cy")
    await desk.types("contact add ZMB expert d@zambia.example Cy")
    said = {row["key"]: row["said"] for row in (await desk.types("contacts doubtful")).rows}
    assert "is a domain that many parties share" in str(said)
    assert "Cy stands there twice" in str(said)


async def test_an_address_with_a_letter_of_another_alphabet_is_pointed_at(desk: PracticeDesk) -> None:
    card = await desk.types("contact add ZMB expert a@gov-m\N{CYRILLIC SMALL LETTER A}lawi.example Ada")
    assert any("looks like gov-malawi.example, the domain of MWI" in note for note in card.notes)
    [mail] = await desk.takes_in(desk.stranger("who@g0v-malawi.example").writes("Our report"))
    assert "looks like gov-malawi.example of MWI" in mail.reason


async def test_an_address_is_free_again_when_its_term_has_ended_elsewhere(desk: PracticeDesk) -> None:
    await desk.types(f"contact {MISSION} end 2012-09-30")
    card, status = await desk.answers("contact add ZMB expert pm@malawi.mission.example Ada")
    assert status == 1
    card = await desk.types("contact add ZMB expert pm@malawi.mission.example Ada --from 2012-10-01")
    assert card.ok


async def test_a_key_is_never_given_again(desk: PracticeDesk) -> None:
    await desk.types("contact add MWI expert a@malawi.example Ada")
    await desk.types("contact add MWI expert b@malawi.example Bo")
    await desk.types("contact MWI/expert/2 order 1")
    assert (await desk.types("contact add MWI expert c@malawi.example Cy")).fields["key"] == "MWI/expert/3"
    assert (await read(desk, "MWI/expert/2")).name == "Bo"


async def test_erasing_shows_first_and_leaves_what_the_record_needs(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to MWI", yes=True)
    shown = await desk.types(f"contact {MISSION} erase")
    assert not shown.offers
    assert any("It waits to go there" in note for note in shown.notes)
    await desk.delivers()
    await desk.types(f'contact {MISSION} note "asks for Ada"')
    shown = await desk.types(f"contact {MISSION} erase")
    assert any("1 letter that went to it: they prove" in note for note in shown.notes)
    done, status = await desk.presses(shown.actions[0].key)
    assert status == 0, done.text
    gone = await read(desk, MISSION)
    assert (gone.name, gone.address, gone.telephone, gone.notes, gone.history) == ("", "", "", (), ())
    assert gone.erased == "erased on 4 September 2012 by Alex Inkwell"
    assert "pm@malawi.mission.example" in [one.address for one in await desk.desk.store.deliveries.find()]
    assert MISSION not in [row["key"] for row in (await desk.types("contacts of MWI")).rows]
    assert (await desk.types(f"contact {MISSION}")).text == f"{MISSION} was {gone.erased}."
    assert not [one for one in await desk.desk.store.verify() if not one.note]


async def test_erasing_an_address_takes_its_cards_and_repairs_along(desk: PracticeDesk) -> None:
    await desk.types(f'contact {MISSION} hold "pm@malawi.mission.example is dead"')
    shown = await desk.types(f"contact {MISSION} erase")
    await desk.presses(shown.actions[0].key)
    store = desk.desk.store
    assert await store.repairs.get(MISSION) is None
    assert "pm@malawi" not in str(await store.cards.find(about=MISSION))
    card, status = await desk.answers(f"contact {MISSION} free")
    assert (status, "erased" in card.text) == (1, True)


async def test_what_has_changed_since_it_was_shown_is_not_erased(desk: PracticeDesk) -> None:
    shown = await desk.types(f"contact {MISSION} erase")
    await desk.types(f"contact {MISSION} next other@malawi.mission.example", by="officer-2")
    _, status = await desk.presses(shown.actions[0].key)
    assert status == 1
    assert (await read(desk, MISSION)).name


async def test_retain_shows_first_and_takes_out_whose_years_are_over(desk: PracticeDesk) -> None:
    long_ago = replace(await read(desk, MISSION), end=date(2002, 9, 3))
    longer = replace(await read(desk, "ZMB/permanent-mission/1"), end=date(2002, 9, 4))
    async with desk.desk.store.transaction(by="test", doing="end", about="x", at=desk.desk.now) as tx:
        await tx.contacts.put(long_ago, longer)
    shown = await desk.types("retain", by="administrator-1")
    assert [row["key"] for row in shown.rows] == [MISSION]
    assert (await read(desk, MISSION)).name
    _, status = await desk.presses(shown.actions[0].key, by="administrator-1")
    assert status == 0
    assert (await read(desk, MISSION)).erased == "erased on 4 September 2012, 10 years after the end of its term"
    assert (await read(desk, longer.key)).name
    await desk.types("policy retain.state set 0 from 2012-09-04")
    desk.desk = desk.desk.at(desk.desk.now.replace(year=2013))
    assert not (await desk.types("retain", by="administrator-1")).rows


async def test_the_words_of_the_book_are_not_in_the_trail(desk: PracticeDesk) -> None:
    await with_a_representative(desk)
    await desk.types(f"contact {PR} title Ambassador")
    await desk.types(f'contact {PR} note "back on 14 September"')
    entries = [one for one in await desk.desk.store.trail.find() if one.doing.startswith("contact ")]
    assert entries
    assert all(one.words is None for one in entries)


async def test_a_contact_of_an_older_desk_is_read_as_it_is() -> None:
    older = (
        '{"key":"MWI/permanent-mission/1","party":"MWI","office":"permanent-mission","name":"The Mission","address":'
        '"pm@malawi.mission.example","order":1,"telephone":"","start":null,"end":null,"confirmed":true,"held":"",'
        '"automatic_reply":"","provenance":"added by Ana","illustrative":false}'
    )
    read_back = documents_of(Contact).value(older)
    assert read_back.called == "The Mission"
    assert read_back.whose == MISSION
    assert documents_of(Contact).value(documents_of(Contact).text(read_back)) == read_back


async def test_two_who_change_a_fact_in_the_same_moment_do_not_go_over_each_other(desk: PracticeDesk) -> None:
    answers = await asyncio.gather(
        desk.answers(f"contact {MISSION} title Ambassador", by="officer-1"),
        desk.answers(f"contact {MISSION} title Counsellor", by="officer-2"),
    )
    assert sorted(status for _, status in answers) == [0, 1]
    [done] = [card for card, status in answers if status == 0]
    assert (await read(desk, MISSION)).title == done.fields["title"]


@pytest.mark.parametrize("line", [
    "contact add MWI permanent-representative {ours} Ada", "contact MWI/permanent-mission/1 next {ours}",
    "contact add MWI expert pm@zambia.mission.example Ada",
])  # fmt: skip
async def test_our_own_address_and_another_partys_are_refused_by_each_door(desk: PracticeDesk, line: str) -> None:
    before = await desk.desk.store.contacts.all()
    _, status = await desk.answers(line.format(ours=desk.desk.address))
    assert status == 1
    assert await desk.desk.store.contacts.all() == before


async def test_a_former_member_does_not_speak_for_the_delegation(desk: PracticeDesk) -> None:
    await desk.types("contact add delegation of Guatemala former-member old@quill.example Ed Past")
    [mail] = await desk.takes_in(desk.stranger("old@quill.example").writes("Our first report", attach="report.pdf"))
    assert mail.state == "set-aside"
    assert "is that of a former member, who does not speak for GTM" in mail.reason
    assert not await desk.submissions()


async def test_an_organization_is_written_to_in_the_first_signed_language_of_its_contact(desk: PracticeDesk) -> None:
    for languages, written_in in (("Spanish, fr, en", "fr"), ("en, fr", "en"), ("none", "en")):
        assert (await desk.types(f"contact OPCW/office/1 languages {languages}")).ok
        assert (await desk.types('letter to OPCW "A visit" "In October."')).fields["language"] == written_in
