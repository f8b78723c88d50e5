"""A desk is founded: a real one knows the register and nobody's address; a practice one says that it is invented."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from committee.calendar import NEW_YORK
from committee.contacts import Office
from committee.council import members_on
from committee.desk import DeskFacts
from committee.errors import Refused
from committee.parties import EXPERTS
from committee.staff import Person, Role
from committee.states import ReportStatus, yet_to_report
from mailflows.founding import found
from mailflows.practice import INVENTED
from storage import seeding
from storage.documents import Keyed
from storage.marker import holds_practice_desk
from storage.store import Store

pytestmark = pytest.mark.long

OPENED = datetime(2012, 9, 4, 9, tzinfo=NEW_YORK)
Maker = Callable[[Path], Awaitable[Path]]
RESERVED = (".example", ".test")


async def practice(folder: Path, at: datetime = OPENED) -> Path:
    await found(folder, practice=True, at=at, administrator="", account=None)
    return folder


async def real(folder: Path, administrator: str = "Ana García", account: int | None = 1000) -> Path:
    await found(folder, practice=False, at=OPENED, administrator=administrator, account=account)
    return folder


async def test_a_real_desk_has_the_register_and_no_contact_chair_or_known_status(tmp_path: Path) -> None:
    async with await Store.open(await real(tmp_path / "desk")) as store:
        assert len(await store.states.all()) == 195
        assert {state.status for state in await store.states.all()} == {ReportStatus.UNCONFIRMED}
        assert not any(state.illustrative or state.language for state in await store.states.all())
        assert await store.contacts.all() == []
        assert await store.chairings.all() == []
        assert not any(day_off.confirmed for day_off in await store.days_off.all())
        assert not any(language.signed_by for language in await store.languages.all())


async def test_both_kinds_of_desk_hold_the_year_as_the_seed_files_have_it(tmp_path: Path) -> None:
    for folder in (await real(tmp_path / "real"), await practice(tmp_path / "practice")):
        async with await Store.open(folder) as store:
            assert sorted(await store.terms.all(), key=key) == sorted(seeding.terms(), key=key)
            assert sorted(await store.groups.all(), key=key) == sorted(seeding.groups(), key=key)
            assert sorted(await store.programme.all(), key=key) == sorted(seeding.programme(), key=key)
            assert sorted(await store.organizations.all(), key=key) == sorted(seeding.organizations(), key=key)
            assert len(await store.languages.all()) == 6
            assert len(await store.days_off.all()) == 20


async def test_the_first_person_of_a_real_desk_is_its_administrator_by_account(tmp_path: Path) -> None:
    async with await Store.open(await real(tmp_path / "desk")) as store:
        assert await store.staff.all() == [Person("ana-garcia", "Ana García", (Role.ADMINISTRATOR,), 1000)]


async def test_a_name_in_another_script_has_a_key_that_can_be_typed(tmp_path: Path) -> None:
    async with await Store.open(await real(tmp_path / "desk", administrator="王芳")) as store:
        [person] = await store.staff.all()
        assert person.name == "王芳"
        assert person.key.isascii()
        assert person.key


async def test_a_real_desk_without_a_first_person_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="--administrator"):
        await real(tmp_path / "desk", administrator="  ")
    assert not (tmp_path / "desk").exists()


async def test_a_desk_opens_at_its_moment_and_only_a_practice_desk_has_a_clock(tmp_path: Path) -> None:
    async with await Store.open(await real(tmp_path / "real")) as store:
        assert await store.desk.all() == [DeskFacts("desk", opened=OPENED, practice=False)]
    async with await Store.open(await practice(tmp_path / "practice")) as store:
        assert await store.desk.all() == [DeskFacts("desk", opened=OPENED, practice=True, clock=OPENED)]


async def test_a_folder_says_whether_it_is_for_practice_without_being_opened(tmp_path: Path) -> None:
    assert holds_practice_desk(await practice(tmp_path / "practice"))
    assert not holds_practice_desk(await real(tmp_path / "real"))
    assert not holds_practice_desk(tmp_path / "nothing")


@pytest.mark.parametrize("first", [practice, real])
@pytest.mark.parametrize("second", [practice, real])
async def test_a_folder_that_holds_a_desk_is_refused_and_left_as_it_was(
    tmp_path: Path, first: Maker, second: Maker
) -> None:
    folder = await first(tmp_path / "desk")
    async with await Store.open(folder) as store:
        before = [await store.desk.all(), await store.staff.all()]
    with pytest.raises(Refused, match="desk"):
        await second(folder)
    async with await Store.open(folder) as store:
        assert [await store.desk.all(), await store.staff.all()] == before


async def test_a_founding_that_was_cut_off_is_done_again(tmp_path: Path) -> None:
    async with await Store.create(tmp_path / "desk"):
        pass  # killed before the commit: a store without a desk
    async with await Store.open(await real(tmp_path / "desk")) as store:
        assert len(await store.states.all()) == 195


async def test_a_desk_is_founded_in_one_commit(tmp_path: Path) -> None:
    async with await Store.open(await practice(tmp_path / "desk")) as store:
        assert [entry.doing for entry in await store.trail.find()] == ["desk founded"]


async def test_of_two_foundings_at_once_one_is_refused(tmp_path: Path) -> None:
    results = await asyncio.gather(*(real(tmp_path / "desk", name) for name in ("Ana", "Ben")), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["FolderTaken", type(tmp_path).__name__]
    async with await Store.open(tmp_path / "desk") as store:
        assert len(await store.staff.all()) == 1


async def test_exactly_24_states_have_not_reported_on_a_practice_desk(tmp_path: Path) -> None:
    async with await Store.open(await practice(tmp_path / "desk")) as store:
        states = await store.states.all()
    assert {state.key for state in yet_to_report(states)} == seeding.non_reporting_2012()
    assert Counter(state.status for state in states if state.is_member) == {
        ReportStatus.NON_REPORTING: 24,
        ReportStatus.REPORTED: 169,
    }
    assert all(state.illustrative == state.is_member for state in states)


async def test_one_mission_writes_french_and_a_person_has_signed_it(tmp_path: Path) -> None:
    async with await Store.open(await practice(tmp_path / "desk")) as store:
        [state] = [state for state in await store.states.all() if state.language]
        assert (state.language, state.status) == ("fr", ReportStatus.NON_REPORTING)
        assert any(INVENTED in note.text for note in state.notes)
        signed = {language.key: language.signed_by for language in await store.languages.all() if language.signed_by}
        assert [*signed] == ["fr"]
        assert signed["fr"] in {person.name for person in await store.staff.all()}


async def test_every_invented_contact_is_confirmed_reserved_and_says_what_it_is(tmp_path: Path) -> None:
    async with await Store.open(await practice(tmp_path / "desk")) as store:
        contacts = await store.contacts.all()
    assert all(contact.address.endswith(RESERVED) and contact.address.isascii() for contact in contacts)
    assert all(contact.confirmed and contact.illustrative and contact.provenance == INVENTED for contact in contacts)
    assert all(max(map(len, contact.address.partition("@")[2].split("."))) < 64 for contact in contacts)
    assert len({contact.address for contact in contacts}) == len(contacts)
    assert all(len({c.party for c in contacts if c.telephone == contact.telephone}) == 1 for contact in contacts)
    assert all(contact.telephone[-8:-2] == "555 01" for contact in contacts)


async def test_every_party_has_its_people_on_a_practice_desk(tmp_path: Path) -> None:
    async with await Store.open(await practice(tmp_path / "desk")) as store:
        contacts = await store.contacts.all()
        members = {state.key for state in await store.states.all() if state.is_member}
        organizations = {organization.key for organization in await store.organizations.all()}
        delegations = {f"delegation/{term.state}" for term in await store.terms.all()}
    assert {c.party for c in contacts if c.office is Office.PERMANENT_MISSION} == members
    assert {c.party for c in contacts if c.office is Office.NATIONAL_CONTACT_POINT} == members
    assert {c.party for c in contacts if c.office is Office.OFFICE} == organizations
    assert Counter(c.party for c in contacts if c.office is Office.DELEGATION) == dict.fromkeys(delegations, 2)
    assert {c.party for c in contacts if c.office is Office.MEMBER} == {EXPERTS}
    assert {*Counter(c.office for c in contacts)} == {
        Office.PERMANENT_MISSION, Office.NATIONAL_CONTACT_POINT, Office.OFFICE, Office.DELEGATION, Office.MEMBER,
    }  # fmt: skip
    assert all(contact.key == f"{contact.party}/{contact.office}/{contact.order}" for contact in contacts)


async def test_a_domain_names_one_state_or_organization(tmp_path: Path) -> None:
    async with await Store.open(await practice(tmp_path / "desk")) as store:
        contacts = await store.contacts.all()
    parties: dict[str, set[str]] = {}
    for contact in contacts:
        parties.setdefault(contact.address.partition("@")[2], set()).add(contact.state)
    assert not [domain for domain, known in parties.items() if len(known) > 1]


async def test_contacts_bear_the_name_of_the_day(tmp_path: Path) -> None:
    later = datetime(2020, 9, 4, 9, tzinfo=NEW_YORK)
    for folder, at, name in ((tmp_path / "then", OPENED, "Swaziland"), (tmp_path / "later", later, "Eswatini")):
        async with await Store.open(await practice(folder, at)) as store:
            mission = await store.contacts.get("SWZ/permanent-mission/1")
            assert mission
            assert (mission.name, mission.address) == (
                f"Permanent Mission of {name}",
                f"pm@{name.lower()}.mission.example",
            )


async def test_every_chair_sits_on_the_council_while_in_the_chair(tmp_path: Path) -> None:
    async with await Store.open(await practice(tmp_path / "desk")) as store:
        chairings, terms = await store.chairings.all(), await store.terms.all()
    assert all(chairing.illustrative for chairing in chairings)
    for day in (date(2012, 9, 4), date(2012, 12, 31), date(2013, 1, 1), date(2013, 12, 31)):
        chairs = [c for c in chairings if c.start <= day and (c.end is None or day <= c.end)]
        assert sorted(c.body for c in chairs) == ["WG1", "WG2", "WG3", "WG4", "committee"]
        assert {c.delegation for c in chairs} <= {*members_on(day, terms)}


async def test_the_chair_passes_from_south_africa_to_the_republic_of_korea(tmp_path: Path) -> None:
    async with await Store.open(await practice(tmp_path / "desk")) as store:
        chairs = {chairing.delegation: chairing for chairing in await store.chairings.find(body="committee")}
    assert chairs["ZAF"].end == date(2012, 12, 31)
    assert chairs["KOR"].start == date(2013, 1, 1)


async def test_each_role_has_a_person_and_the_holidays_are_confirmed_on_a_practice_desk(tmp_path: Path) -> None:
    async with await Store.open(await practice(tmp_path / "desk")) as store:
        staff = await store.staff.all()
        assert {role for person in staff for role in person.roles} == {*Role}
        assert {"officer-1", "officer-2", "approver-1", "administrator-1", "reader-1"} == {
            person.key for person in staff
        }
        assert all(day_off.confirmed for day_off in await store.days_off.all())


async def test_a_practice_desk_is_founded_within_a_second(tmp_path: Path) -> None:
    began = time.process_time()  # what else the machine does is not counted
    await practice(tmp_path / "desk")
    assert time.process_time() - began < 1


def key(value: Keyed) -> str:
    return value.key
