"""/1540 chat: in which channels the cards stand; announced … hold: what a card has announced stays."""

from bot.registry import command
from committee.calendar import written_moment
from committee.cards import Card
from committee.counting import counted
from committee.posts import ChatFacts, PostState
from committee.staff import Person, Role
from mailflows import channels, holding, posts
from mailflows.desk import Desk
from mailflows.presses import Act, Press


@command("chat", reads=True, example="chat")
async def chat(desk: Desk, _person: Person) -> Card:
    """In which channels the cards stand, and what waits to be posted there."""
    facts, waiting = await posts.facts(desk.store), await posts.waiting(desk.store)
    rows = tuple(
        {"channel": channel, "waiting": sum(one.channel == channel for one in waiting)} for channel in facts.channels
    )
    uncertain = sum(one.state is PostState.UNCERTAIN for one in waiting)
    fields = {
        "waiting": len(waiting), "uncertain": uncertain, "oldest": waiting[0].queued_at if waiting else None,
        "trouble": facts.trouble or None, "since": facts.since,
    }  # fmt: skip
    return Card("Chat", _said(facts), rows, fields)


def _said(facts: ChatFacts) -> str:
    if not facts.channels:
        return "No card is posted to chat. An administrator says where: chat post to CHANNEL"
    if facts.trouble and facts.since:
        return f"Chat does not let the desk in since {written_moment(facts.since)} ({facts.trouble}); the cards wait."
    return f"Cards are posted to {counted(len(facts.channels), 'channel')}."


@command("chat post to CHANNEL=WORD", role=Role.ADMINISTRATOR, example="chat post to C01DESK")
async def post_to(desk: Desk, person: Person, *, channel: str) -> Card:
    """From now on cards stand in this channel too; it is named by its id."""
    facts = await channels.post_to(channel, Act(person, desk))
    text = "What has happened before stays where it is: cards. The desk must be in the channel: /invite it there."
    return Card(f"Cards are posted to {facts.channels[-1]}", text, fields={"channels": list(facts.channels)})


@command("chat leave CHANNEL=WORD", role=Role.ADMINISTRATOR, example="chat leave C01DESK")
async def leave(desk: Desk, person: Person, *, channel: str) -> Card:
    """No further card goes to this channel; what stands there stays."""
    facts = await channels.leave(channel, Act(person, desk))
    return Card("The channel is left", _said(facts), fields={"channels": list(facts.channels)})


@command(
    "announced MOMENT=WORD hold WHY=TEXT",
    example='announced 2012-11-29T09:00:00-05:00 hold "the report is on its way"',
)
async def hold(desk: Desk, person: Person, *, moment: str, why: str, press: Press | None = None) -> Card:
    """What was announced at that moment stays, as far as it has not left; an officer lets each letter go."""
    held = await holding.hold_announced(moment, why, Act(person, desk, press))
    text = f"Held by {person.name}. An officer lets each go: letter KEY release"
    return Card(f"{counted(len(held), 'letter')} held", text, tuple({"key": key} for key in held))
