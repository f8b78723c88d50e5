"""Roles are checked where the change is made: every command and every button, by every role, and nothing changes that may not."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot import building, dispatch
from bot.commands import COMMANDS
from bot.commands.buttons import role_of
from bot.settings import without_environment
from committee.announcements import Announcement
from committee.cards import Action, Card
from committee.posts import ChatFacts
from committee.repairs import Repair
from committee.staff import STRANGER, Person, Role
from mailflows import announcements, cards
from mailflows.approvals import KIND
from tests.conftest import PracticeDesk

pytestmark = pytest.mark.long

EVERY = {f"{command.handler.__module__.rpartition('.')[2]}.{command.handler.__name__}": command for command in COMMANDS}
SHOWS_FIRST = {
    "remind.remind", "calendar.tell", "second_copies.second_copy", "approvals.emergency_release",
    "writing.reply", "writing.letter_to", "repairs.letter", "repairs.address", "retaining.erase", "retaining.retain",
}  # fmt: skip
"""Typed, it only shows a preview; the press is what changes something."""
SHOWS = {name for name, command in EVERY.items() if command.reads} | {"approvals.approval"}
BUTTONS = {name for name, command in EVERY.items() if command.takes_press}
LINES = {
    "desk.cards": "cards",
    "desk.desk": "desk",
    "due.due": "due 30 days",
    "calendar.closed": "closures",
    "calendar.holidays": "holidays 2013",
    "calendar.tell": "closure tell 2012-12-03",
    "chairs.chairs": "chairs",
    "policies.policies": "policies",
    "states.states": "states non-reporting",
    "states.state": "state MWI",
    "submissions.submissions": "submissions waiting",
    "submissions.submission": "submission S-2012-0001",
    "mail.inbox": "inbox set-aside",
    "mail.mail": "mail M-2012-0004",
    "mail.show": "mail M-2012-0004 show",
    "writing.reply": 'mail M-2012-0001 reply "It may come in French."',
    "writing.letter_to": 'letter to MWI "A visit" "The experts would come in October."',
    "remind.remind": "remind first-report --to ZMB,ZWE",
    "outbox.outbox": "outbox held",
    "outbox.letter": "letter receipt/S-2012-0001",
    "approvals.approvals": "approvals",
    "approvals.approval": "approval A-2012-0001",
    "approvals.emergency_release": 'approval A-2012-0001 emergency-release "both approvers are away"',
    "approvals.withdraw": "approval A-2012-0001 withdraw",
    "second_copies.second_copy": "letter receipt/S-2012-0003 second-copy",
    "proof.proof": "proof receipt/S-2012-0001",
    "unserved.unserved": "unserved",
    "call_list.call_list": "call-list",
    "repairs.repairs": "repairs",
    "repairs.repair": "repair ZMB/permanent-mission/1",
    "staff.staff": "staff",
    "languages.languages": "languages",
    "search.search": "search Malawi",
    "log.log": "log S-2012-0001",
    "help.help": "help",
    "states.confirm": "state MWI confirm reported",
    "states.note": 'state MWI note "Deputy says March"',
    "states.language": "state MWI language fr",
    "handling.handling": "handling S-2012-0001 restricted",
    "submissions.accept": "submission S-2012-0001 accept",
    "submissions.reclassify": "submission S-2012-0001 reclassify as other",
    "submissions.clarify": 'submission S-2012-0001 clarify "Where is annex 2?"',
    "submissions.join": "submission S-2012-0001 join S-2012-0002",
    "submissions.set_aside": "submission S-2012-0001 set-aside",
    "submissions.reopen": 'submission S-2012-0003 reopen "by mistake"',
    "submissions.add": "submission add --by-hand MWI other",
    "calendar.close": 'closure add 2012-10-29..2012-10-31 "a hurricane"',
    "calendar.open_again": "closure remove 2012-11-05",
    "calendar.confirm": "holidays 2013 confirm",
    "policies.set_from": "policy reminders.apart set 30 from 2013-01-01",
    "calendar.add_holiday": 'holiday add 2013-07-05 "a bridge"',
    "contacts.contacts_of": "contacts of MWI on 2013-01-02",
    "contacts.doubtful": "contacts doubtful",
    "contacts.contact": "contact MWI/permanent-mission/1",
    "contact_changes.add": "contact add MWI national-contact-point second@gov-malawi.example",
    "contact_changes.add_next": "contact MWI/permanent-mission/1 next second@malawi.mission.example",
    "contact_changes.set_one": "contact MWI/permanent-mission/1 title Ambassador",
    "contact_changes.change": 'contact MWI/permanent-mission/1 change "The Mission" --telephone "+1 212 555 0199"',
    "contact_changes.confirm": "contact MWI/permanent-mission/1 confirm",
    "contact_changes.end": "contact MWI/permanent-mission/1 end 2012-12-31",
    "contact_changes.begin": "contact MWI/permanent-mission/1 begin 2012-09-01",
    "contact_changes.note": 'contact MWI/permanent-mission/1 note "back on 14 September"',
    "retaining.erase": "contact MLI/permanent-mission/1 erase",
    "organizations.organizations": "organizations without-contact",
    "organizations.organization": "organization OPCW",
    "organizations.experts": "experts",
    "parties.parties": "parties",
    "parties.add": 'party add academia "Quill Institute"',
    "parties.place": "addressing MWI to permanent-mission cc ministry",
    "parties.forget": "addressing GMB none",
    "retaining.retain": "retain",
    "repairs.letter": "repair ZMB/permanent-mission/1 letter",
    "repairs.address": "repair ZMB/permanent-mission/1 address new@zambia.mission.example",
    "repairs.done": 'repair ZMB/permanent-mission/1 done "by telephone"',
    "repairs.hold": 'contact MWI/permanent-mission/1 hold "nobody reads it"',
    "repairs.free": "contact ZMB/permanent-mission/1 free",
    "mail.assign": "mail M-2012-0004 assign MWI",
    "mail.once": "mail M-2012-0004 once MWI",
    "mail.refuse": "mail M-2012-0004 refuse",
    "cases.take": "mail M-2012-0001 take",
    "cases.give": "mail M-2012-0001 give officer-2",
    "cases.by": "mail M-2012-0001 by 2012-09-20",
    "cases.done": 'mail M-2012-0001 done "by telephone"',
    "outbox.hold": 'letter receipt/S-2012-0001 hold "wait"',
    "outbox.release": "letter receipt/S-2012-0002 release",
    "outbox.withdraw": "letter receipt/S-2012-0001 withdraw",
    "outbox.again": "letter receipt/S-2012-0003 again",
    "stop.stop": "stop",
    "stop.resume": "resume receipt/S-2012-0002",
    "staff.role": "staff officer-2 role reader",
    "staff.add": 'staff add "New Person" reader',
    "staff.also": "staff officer-1 also approver",
    "staff.remove": "staff officer-2 remove reader",
    "staff.end": "staff reader-1 end",
    "staff.chat": "staff officer-1 chat T01DESK/U01ALEX",
    "staff.code": "staff officer-1 code",
    "staff.address": "staff officer-1 address alex@desk.example",
    "delegations.delegate": "staff approver-1 delegate officer-1 from 2012-10-08 to 2012-10-12",
    "delegations.back": "staff approver-1 delegate end",
    "languages.sign": "language en sign",
    "chat.chat": "chat",
    "chat.post_to": "chat post to C01DESK",
    "chat.leave": "chat leave C02OTHER",
    "chat.hold": 'announced 2012-11-29T09:00:00-05:00 hold "its report is on the way"',
    "chairs.chair": 'chair of WG1 is "New Person" from 2013-06-01',
}
"""Each command as it would be typed at the desk that `with_something_of_everything` prepares."""

PERSONS = {role: f"{role}-1" for role in Role}
WHO = ["stranger", *PERSONS.values()]


async def with_something_of_everything(desk: PracticeDesk) -> None:
    """Two submissions that wait, one set aside, a mail of a stranger, a held, a stopped and an uncertain letter, an approval."""
    mission = await desk.mission_of("MWI")
    await desk.takes_in(
        *(mission.writes(f"Report {n}", attach=f"{n}.pdf", data=b"%PDF" + bytes([n])) for n in range(3))
    )
    await desk.takes_in(desk.stranger().writes("Who am I?"))
    await desk.types("submission S-2012-0003 set-aside")
    await desk.types('letter receipt/S-2012-0002 hold "wait"')
    await desk.types("stop receipt/S-2012-0002")
    await desk.types('closure add 2012-11-05 "a closure"')
    await desk.types("staff officer-2 also reader", by="administrator-1")
    await desk.types("staff approver-1 delegate officer-2 from 2012-11-05 to 2012-11-09", by="administrator-1")
    async with desk.desk.store.transaction(by="test", doing="die", about="x", at=desk.desk.now) as tx:
        holiday = await tx.days_off.get("2013-07-04")
        assert holiday
        await tx.days_off.put(replace(holiday, confirmed=False))
        contact = await desk.contact("ZMB")
        await tx.contacts.put(replace(contact, held="its server refused mail"))
        await tx.repairs.put(Repair(contact.key, "ZMB", contact.address, desk.desk.now, "550 5.1.1 gone", "x"))
        await tx.contacts.put(replace(await desk.contact("MUS"), end=date(2002, 9, 3)))
        [delivery] = await tx.deliveries.find(letter="receipt/S-2012-0003")
        claimed = delivery.moved(delivery.state.CLAIMED, desk.desk.now)
        sending = claimed.moved(claimed.state.SENDING, desk.desk.now)
        await tx.deliveries.put(sending.moved(delivery.state.UNCERTAIN, desk.desk.now))
        announced = Announcement("first-report/ZMB/programme-11/3", "x", "ZMB", desk.desk.now, desk.desk.today)
        await tx.announcements.add(announced)
        about, fields = "announced/2012-11-29T09:00:00-05:00", {"letters": [announced.key]}
        await cards.post(tx, announcements.KIND, about, "One reminder", "", now=desk.desk.now, fields=fields)
        await tx.chat.put(ChatFacts("chat", ("C02OTHER",)))
    await desk.types("addressing GMB to permanent-mission cc ministry")
    await desk.types("closure add 2012-12-03 storm", by="officer-2")
    preview = await desk.types("closure tell 2012-12-03", by="officer-2")
    await desk.presses(preview.actions[0].key, by="officer-2")


@pytest.fixture(scope="module")
def busy(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with something of everything, made once; each test works on a copy of its folder."""
    folder = tmp_path_factory.mktemp("busy") / "desk"
    shutil.copytree(founded, folder)

    async def prepare() -> None:
        async with building.open_desk(folder, without_environment()) as opened:
            await with_something_of_everything(PracticeDesk(folder, opened))

    asyncio.run(prepare())
    return folder


@pytest.fixture
async def desk(busy: Path, tmp_path: Path) -> AsyncIterator[PracticeDesk]:
    folder = tmp_path / "desk"
    shutil.copytree(busy, folder)
    async with building.open_desk(folder, without_environment()) as opened:
        yield PracticeDesk(folder, opened)


async def trail_length(desk: PracticeDesk) -> int:
    return len([entry for entry in await desk.desk.store.trail.find() if entry.doing != "card shown"])


async def whoever(desk: PracticeDesk, who: str) -> Person:
    return STRANGER if who == STRANGER.key else await desk.person(who)


def may(person: Person, name: str) -> bool:
    """Whether the registry says that they may; what a reader may change, only one of the staff may."""
    command = EVERY[name]
    changes = name not in SHOWS
    return person.may(command.role) and not (person is STRANGER and changes)


def is_refused_in_a_sentence(card: Card, person: Person, role: Role) -> bool:
    staff_alone = "you must be in the staff register" in card.text
    return f"takes the role {role}; {person.name}" in card.text or (person is STRANGER and staff_alone)


def test_every_command_is_tried_here() -> None:
    assert {*EVERY} == {*LINES}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", sorted(LINES))
async def test_a_command_does_what_it_says_for_those_who_may_and_nothing_for_others(
    desk: PracticeDesk, name: str, who: str
) -> None:
    person, before, end = await whoever(desk, who), await trail_length(desk), await desk.desk.store.trail.end()
    card, status = await dispatch.run(desk.desk, person, LINES[name])
    if may(person, name):
        assert (status, card.ok) == (0, True), card.text
        changes = name not in SHOWS | SHOWS_FIRST
        assert await trail_length(desk) == before + changes
    else:
        assert (status, card.ok, card.rows, card.page, card.actions) == (1, False, (), None, ())
        assert is_refused_in_a_sentence(card, person, EVERY[name].role), card.text
        assert await desk.desk.store.trail.end() == end


async def on_a_card(desk: PracticeDesk, name: str) -> Action:
    """A button that does what the command does, as it stands on a card for everybody to press."""
    digest = ""
    if name in SHOWS_FIRST:
        preview = await desk.types(LINES[name], by="administrator-1")
        [shown] = [one for one in preview.actions if one.digest]
        digest = shown.digest
    action = Action("abcdef0123", name, LINES[name], "primary", desk.desk.now, digest=digest)
    if name == "approvals.emergency_release":
        [card] = await desk.desk.store.cards.find(kind=KIND)
        action = replace(action, card=card.key)
    async with desk.desk.store.transaction(by="test", doing="card", about="x", at=desk.desk.now) as tx:
        await tx.actions.add(action)
    return action


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", sorted(BUTTONS))
async def test_a_button_does_what_it_says_for_those_who_may_and_nothing_for_others(
    desk: PracticeDesk, name: str, who: str
) -> None:
    action, person = await on_a_card(desk, name), await whoever(desk, who)
    before, end = await trail_length(desk), await desk.desk.store.trail.end()
    card, status = await dispatch.press(desk.desk, person, action.key)
    kept = await desk.desk.store.actions.get(action.key)
    assert kept
    if may(person, name):
        assert (status, card.ok) == (0, True), card.text
        assert (await trail_length(desk), kept.used_by) == (before + 1, person.key)
    else:
        assert (status, card.ok) == (1, False)
        assert is_refused_in_a_sentence(card, person, EVERY[name].role), card.text
        assert (await desk.desk.store.trail.end(), kept) == (end, action)


@pytest.mark.parametrize("who", WHO)
async def test_what_waits_for_a_second_person_is_released_by_an_approver_alone(desk: PracticeDesk, who: str) -> None:
    [card] = await desk.desk.store.cards.find(kind=KIND)
    person, end = await whoever(desk, who), await desk.desk.store.trail.end()
    answer, status = await dispatch.press(desk.desk, person, card.actions[0])
    if person.may(Role.APPROVER):
        assert (status, answer.fields["letters"]) == (0, 22), answer.text
    else:
        asked = Role.APPROVER if person.may(Role.OFFICER) else Role.OFFICER
        assert (status, is_refused_in_a_sentence(answer, person, asked)) == (1, True), answer.text
        assert await desk.desk.store.trail.end() == end


@pytest.mark.parametrize("who", WHO)
async def test_in_a_list_stand_the_buttons_that_one_may_press(desk: PracticeDesk, who: str) -> None:
    person = await whoever(desk, who)
    listed = [(await dispatch.run(desk.desk, person, typed))[0] for typed in ("cards", "approvals")]
    shown = {action["id"] for card in listed for row in card.rows for action in row["actions"]}
    there = {action.key: action for action in await desk.desk.store.actions.find() if action.card}
    assert all(person.may(role_of(there[key])) for key in shown)
    assert bool(shown) is person.may(Role.OFFICER)


@pytest.mark.parametrize("who", ["stranger", "reader-1"])
async def test_whoever_may_not_do_it_is_not_asked_which_they_mean(desk: PracticeDesk, who: str) -> None:
    person, end = await whoever(desk, who), await desk.desk.store.trail.end()
    card, status = await dispatch.run(desk.desk, person, "mail M-2012-0004 assign Congo")
    assert (status, card.actions, is_refused_in_a_sentence(card, person, Role.OFFICER)) == (1, (), True)
    assert await desk.desk.store.trail.end() == end
