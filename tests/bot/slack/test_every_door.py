"""By whatever door of chat: whoever is no member of the desk's workspace and of its staff reads nothing and releases nothing."""

from dataclasses import replace

import pytest

from bot.local_slack.people import User
from committee.letters import LetterKind
from tests.bot.slack.conftest import CHANNEL, InChat
from tests.chat.persons import Person
from tests.hostile.test_borrowed_identities import prepared

ON_THE_REGISTER = {
    "deactivated": User("U08OLD", "old", "Robin Once", deleted=True),
    "bot": User("U09BOT", "robot", "Robin Robot", is_bot=True),
    "guest of one channel": User("U10ONE", "one", "Robin Single", is_ultra_restricted=True),
    "same number elsewhere": User("U11TWO", "two", "Robin Elsewhere", team_id="T02OTHER"),
}
"""Each has the identity of an approver in the staff register, and may not be one all the same."""


async def known_as_an_approver(chat: InChat, user: User) -> Person:
    chat.workspace.person(user)
    here = chat.workspace.channels[CHANNEL]
    chat.workspace.channels[CHANNEL] = replace(here, members=here.members | {user.id})
    async with chat.store.transaction(by="test", doing="test", about="x", at=chat.desk.desk.now) as tx:
        approver = await tx.staff.get("approver-1")
        assert approver
        await tx.staff.put(replace(approver, key="robin-2", chat=f"T01DESK/{user.id}"))
    return chat.person(user.id)


@pytest.mark.parametrize("who", ["stranger", "guest", "of another workspace", *ON_THE_REGISTER])
async def test_nobody_but_members_on_the_staff_reads_or_releases_anything(chat: InChat, who: str) -> None:
    await prepared(chat.desk, by="officer-1")
    approver = chat.person("approver-1")
    waiting = await approver.types("/1540 approvals")
    if user := ON_THE_REGISTER.get(who):
        other = await known_as_an_approver(chat, user)
    else:
        other = chat.person({"stranger": "U06SAM", "guest": "guest"}.get(who, "U07KIM"))
    seen = [
        await other.types("/1540 approval A-2012-0001"),
        await other.types('/1540 letter to MWI "Visit" "In October."'),
        await other.types("/1540 letter to MWI"),  # it would open a form
        await other.says(CHANNEL, "@verbale approvals"),
        await other.press(waiting.message, "Send 24 letters"),
        await other.home(),
    ]
    for one in seen:
        assert "This desk does not know you" in one.words
        assert "24 letters" not in one.words.replace("Send 24 letters", "")
        assert one.modal is None
    assert await chat.store.letters.count(kind=LetterKind.CLOSURE_NOTICE) == 0
    done = await approver.press(waiting.message, "Send 24 letters")
    assert "24 letters queued" in done.words


async def test_home_of_somebody_who_has_left_shows_nothing_from_the_next_commit_on(
    chat: InChat, officer: Person
) -> None:
    assert "what waits" in (await officer.home()).words
    card, status = await chat.desk.answers("staff officer-1 end", "administrator-1")
    assert status == 0, card.text
    await chat.homes.refresh()
    home = chat.workspace.modals.homes[officer.id]
    assert "This desk does not know you" in str(home.body)
