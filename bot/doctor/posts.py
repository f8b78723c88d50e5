"""The cards that wait for chat, and whether anybody hears of it by mail when chat is silent."""

from datetime import timedelta
from typing import Final

from bot.doctor.finding import Found, good, look, wrong
from committee.calendar import written_moment
from committee.counting import counted
from committee.posts import PostState
from committee.staff import Role
from mailflows import posts
from mailflows.desk import Desk

LONG: Final = timedelta(minutes=15)


async def examine(desk: Desk) -> list[Found]:
    """Nothing to say of a desk without a channel but that it has none."""
    facts = await posts.facts(desk.store)
    if not facts.channels:
        return [good("cards in chat", "the desk has no channel; an administrator gives it one: chat post to CHANNEL")]
    if facts.trouble and facts.since:
        said = f"chat does not let the desk in since {written_moment(facts.since)} ({facts.trouble}); the cards wait"
        return [wrong("cards in chat", said, "set a new SLACK_BOT_TOKEN, and start the desk anew"), await _heard(desk)]
    return [await _waiting(desk), await _heard(desk)]


async def _waiting(desk: Desk) -> Found:
    waiting = await posts.waiting(desk.store)
    given_up = await desk.store.posts.count(state=PostState.GIVEN_UP, since=desk.now - timedelta(days=7))
    if waiting and desk.now - waiting[0].queued_at > LONG:
        said = f"{counted(len(waiting), 'post')} wait, the oldest since {written_moment(waiting[0].queued_at)}"
        why = f" ({waiting[0].why})" if waiting[0].why else ""
        return look(
            "cards in chat", f"{said}{why}", "a process that serves chat: verbale run; they are posted in their order"
        )
    if given_up:
        said = f"{counted(given_up, 'post')} of the last 7 days were given up"
        return look("cards in chat", said, "they stand among the others: cards")
    return good("cards in chat", f"{counted(len(waiting), 'post')} wait")


async def _heard(desk: Desk) -> Found:
    people = [one for one in await desk.store.staff.all() if Role.ADMINISTRATOR in one.roles and one.address]
    if people:
        return good("alarms by mail", f"{counted(len(people), 'administrator')} can be written to while chat is silent")
    return look("alarms by mail", "no administrator has an address: while chat is silent nobody hears of it", "staff")
