"""/1540 list KEY post, list KEY posts, post KEY …: writing to a distribution list, shown whole first, and what was written."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.commands.remind import stale
from bot.registry import command
from bot.since_last import with_difference
from committee.cards import Card, Offer
from committee.counting import counted
from committee.errors import Refused
from committee.letters import Draft, Letter
from committee.list_posts import ListPost, PostState
from committee.staff import Person, Role
from mailflows import list_posts as flows
from mailflows import pages, titles
from mailflows.desk import Desk
from mailflows.list_letters import Left, Plan
from mailflows.list_posts import File
from mailflows.presses import Act, Press
from mailflows.reminders import Stale

COLUMNS = ("name", "to", "cc", "enclosures", "reason")


@command(
    "list KEY=WORD post SUBJECT TEXT [--file FILES=FILES] [--own OWN=FILES]",
    role=Role.OFFICER,
    example='list organizations post "Visit of the experts" "The experts will be in Vienna from 1 to 5 October."',
)
async def write(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk,
    person: Person,
    *,
    key: str,
    subject: str,
    text: str,
    files: tuple[str | File, ...] = (),
    own: tuple[str | File, ...] = (),
) -> Card:
    """Write to a list: each party its own letter, with files for all (--file) and files named after their party (--own)."""
    brought = [await asyncio.to_thread(_brought, some) for some in (files, own)]
    who = Act(person, desk)
    post = await flows.prepare(key, subject, text, who, files=brought[0], own=brought[1])
    return await _preview(post.key, who)


@command("list KEY=WORD posts", reads=True, example="list organizations posts")
async def archive(desk: Desk, _person: Person, *, key: str) -> Card:
    """What was written to a list, what is prepared for it, and what corrects what."""
    found, posts = await flows.archive(key, desk)
    rows = tuple(_summary(one, desk) for one in posts)
    text = f"{counted(len(rows), 'post')}. One of them: post KEY"
    return Card(f"Posts to {found}", text, rows, {"key": found, "posts": len(rows)})


@command("post POST", role=Role.OFFICER, reads=True, example="post P-2012-0001")
async def show(desk: Desk, person: Person, *, post: str) -> Card:
    """A post to a list: what is prepared with who would get it, or what was released with its letters."""
    who, found = Act(person, desk), await flows.one(post, desk.store)
    if found.state is PostState.PREPARED:
        return await _preview(post, who)
    rows = tuple(_letter(one) for one in await flows.letters_of(found, desk.store))
    proof = f" Who has it: proof {found.release}" if found.release else ""
    text = f"It was {found.state}; {counted(found.letters, 'letter')}.{proof}"
    fields = {**_summary(found, desk), "gaps": list(found.gaps)}
    return Card(f"{post}: to the list {found.list}", text, rows, fields)


@command("post POST send", role=Role.OFFICER, example="post P-2012-0001 send")
async def send(desk: Desk, person: Person, *, post: str, press: Press | None = None) -> Card:
    """Send what is prepared for a list: shows who gets it, who does not and one whole letter, then a button sends it."""
    who = Act(person, desk, press)
    if press is None or not press.digest:
        return await _preview(post, who)
    try:
        sent = await flows.release(post, who)
    except Stale:
        return stale(await _preview(post, who))
    if not sent:
        text = "They are prepared; nothing was sent. An approver who is somebody else releases them: approvals"
        return Card("The letters to the list wait for a second person", text, fields={"key": post, "letters": 0})
    number = sent[0].release
    text = (
        f"{counted(len(sent), 'letter')} queued by {person.name} as release {number}; to halt them: stop {number}. "
        f'To correct it: post {post} correct "SUBJECT" "TEXT"'
    )
    return Card(
        f"{post}: released", text, tuple(map(_letter, sent)), {"key": post, "release": number, "letters": len(sent)}
    )  # fmt: skip


@command("post POST withdraw", role=Role.OFFICER, example="post P-2012-0001 withdraw")
async def withdraw(desk: Desk, person: Person, *, post: str, press: Press | None = None) -> Card:
    """Take back what is prepared for a list; nobody was written to."""
    taken = await flows.withdraw(post, Act(person, desk, press))
    return Card(f"{post}: withdrawn", f"By {person.name}; nothing was sent.", fields=_summary(taken, desk))


@command(
    "post POST correct SUBJECT TEXT [--file FILES=FILES]",
    role=Role.OFFICER,
    example='post P-2012-0001 correct "Visit of the experts" "The visit begins on 2 October, not on the 1st."',
)
async def correct(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk, person: Person, *, post: str, subject: str, text: str, files: tuple[str | File, ...] = ()
) -> Card:
    """Correct a post: the letter says which one it corrects, and goes to exactly those who have that one."""
    who = Act(person, desk)
    made = await flows.correct(post, subject, text, who, files=await asyncio.to_thread(_brought, files))
    return await _preview(made.key, who)


async def _preview(key: str, who: Act) -> Card:
    desk, plan = who.desk, await flows.preview(key, who)
    rows = (*map(_left, plan.gaps), *(_goes(one, plan.names) for one in plan.drafts))
    post, count, second = plan.post, len(plan.drafts), plan.takes_a_second_person
    fields = {
        "key": key, "list": post.list, "letters": count, "parties": plan.parties, "gaps": len(plan.gaps),
        "addresses": sum(len(one.addressees) for one in plan.drafts), "corrects": post.corrects or None,
    }  # fmt: skip
    title = f"{key}: {'a correction of ' + post.corrects if post.corrects else 'a letter'} to the list {post.list}"
    if not count:
        return Card(f"{title}: nobody to write to", "No letter would go.", rows, fields, columns=COLUMNS)
    take_back = Offer("Withdraw it", f"post {key} withdraw")
    card = Card(
        title, _says(plan), rows, fields, page=await pages.page(plan.drafts[0], desk), columns=COLUMNS, approval=second,
        offers=(flows.asking(plan) if second else flows.offer(plan), take_back),
        notes=await titles.missing(plan.drafts, desk.store),
    )  # fmt: skip
    return with_difference(card, await flows.since_last(plan, desk))


def _says(plan: Plan) -> str:
    letters = f"{counted(len(plan.drafts), 'letter')} would go, each party its own; nobody sees another party."
    gaps = f" {counted(len(plan.gaps), 'gap')} first: no letter goes there." if plan.gaps else ""
    waits = " To so many parties one person prepares them and a second one, an approver, releases them."
    return f"{letters}{gaps}{waits if plan.takes_a_second_person else ''}"


def _goes(draft: Draft, names: Mapping[str, str]) -> dict[str, object]:
    to = [one.address for one in draft.addressees if not one.copy]
    copies = [one.address for one in draft.addressees if one.copy]
    return {
        "key": draft.party, "name": names[draft.party], "goes": True, "to": to, "cc": copies,
        "enclosures": [one.name for one in draft.enclosures], "reason": None,
    }  # fmt: skip


def _left(one: Left) -> dict[str, object]:
    return {
        "key": one.party, "name": one.name, "goes": False, "to": [], "cc": [], "enclosures": [], "reason": one.why,
    }  # fmt: skip


def _letter(one: Letter) -> dict[str, object]:
    return {"key": one.key, "party": one.party, "reference": one.reference}


def _summary(one: ListPost, desk: Desk) -> dict[str, object]:
    """Its subject too, where what is shown does not leave this computer."""
    return {
        "key": one.key, "state": one.state, "by": one.by, "at": one.released_at or one.at, "release": one.release or None,
        "letters": one.letters, "parties": one.parties, "corrects": one.corrects or None,
        "enclosures": len(one.enclosures) + len(one.files), "subject": None if desk.in_chat else one.subject,
    }  # fmt: skip


def _brought(files: Sequence[str | File]) -> tuple[File, ...]:
    """What a form of chat has brought, and what is read from this computer: a folder is its files."""
    return tuple(found for file in files for found in ([file] if isinstance(file, tuple) else _read(Path(file))))


def _read(path: Path) -> list[File]:
    try:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file())
            return [(one.relative_to(path).as_posix(), one.read_bytes()) for one in inside]
        return [(path.name, path.read_bytes())]
    except OSError as error:
        raise Refused(f"{path} cannot be read ({error.strerror}); nothing was prepared.") from error
