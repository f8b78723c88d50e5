"""An officer writes to a list: prepared and kept, shown whole, released once in one commit, and corrected to whoever has it."""

from collections.abc import Sequence
from dataclasses import replace

from committee.calendar import new_york, written_moment
from committee.cards import Offer
from committee.counting import counted
from committee.differences import Difference
from committee.errors import Refused
from committee.letters import Enclosure, Letter, LetterKind
from committee.list_posts import ListPost, PostState
from committee.staff import Role
from mailflows import approvals, cards, differences, letters, list_letters, outbox, own_enclosures, writing
from mailflows.approvals import Prepared, Released
from mailflows.desk import Desk
from mailflows.list_letters import Plan
from mailflows.lists import Known
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reminders import Stale
from storage.port import Transaction
from storage.tables import Tables

File = tuple[str, bytes]
"""A file's name and its bytes."""


async def prepare(  # noqa: PLR0913 - what is written, each by its name
    typed: str, subject: str, text: str, who: Act, *, files: Sequence[File] = (), own: Sequence[File] = ()
) -> ListPost:
    """Keep what is to be written to the list, its enclosures too; nobody is written to. The same again is the same post.

    `own` are files that one party alone gets, each named after it, as `own_enclosures.keyed` reads them.
    """
    require(who.person, Role.OFFICER, "write to a list")
    known = await Known.of(who.desk.store)
    found = known.named(typed)
    keyed = own_enclosures.keyed(own, known, found.key, who.desk.today)
    return await _prepare(_post(found.key, subject, text, who), files, keyed, who)


async def correct(key: str, subject: str, text: str, who: Act, *, files: Sequence[File] = ()) -> ListPost:
    """Keep a correction of a post: it goes to exactly those who have that one, and to nobody else on the list."""
    require(who.person, Role.OFFICER, "correct what was written to a list")
    first = await one(key, who.desk.store)
    if first.state is not PostState.RELEASED:
        raise Refused(f"{key} is {first.state}: nobody has it, so nothing is to be corrected. Nothing was prepared.")
    return await _prepare(replace(_post(first.list, subject, text, who), corrects=key), files, [], who)


async def preview(key: str, who: Act) -> Plan:
    """The letters of a prepared post as they would go today; they are shown to officers alone."""
    require(who.person, Role.OFFICER, "read what is prepared for a list")
    store = who.desk.store
    return await list_letters.planned(_waits(await one(key, store)), store, who.desk)


async def since_last(plan: Plan, desk: Desk) -> Difference | None:
    """What differs from the letter that it corrects, or from the last post to the same list; None where there is none."""
    now = [letters.release(draft, reference="", release="", by="", desk=desk) for draft in plan.drafts]
    if plan.post.corrects:
        last = [await one(plan.post.corrects, desk.store)]
    else:
        last = await desk.store.list_posts.find(
            list=plan.post.list, state=PostState.RELEASED, newest_first=True, limit=1
        )
    before = await desk.store.letters.find(kind=LetterKind.LIST_LETTER, release=last[0].release) if last else []
    return await differences.difference(now, before, desk)


async def release(key: str, who: Act) -> list[Letter]:
    """Queue the letters of the preview that the press was bound to, in one commit; `Stale` if anything changed since.

    To more parties than one person may write to, the first press puts them on a card, on which a second person releases
    them; then nothing has been sent, and the list is empty.
    """
    require(who.person, Role.OFFICER, "write to a list")
    desk, press = who.desk, who.press
    if press is None:
        raise Refused(f"Letters go by their button alone, after a preview: post {key}. Nothing was sent.")
    async with desk.store.transaction(by=who.person.key, doing="list post", about=key, at=desk.now) as tx:
        plan = await list_letters.planned(_waits(await one(key, tx)), tx, desk)
        if plan.digest != press.digest:
            raise Stale
        second = await approvals.given(tx, who)
        await use(tx, press, who.person, desk.now)
        if plan.takes_a_second_person and second is None:
            await approvals.ask(tx, _prepared(plan), offer(plan), who)
            return []
        number = await tx.number("R", desk.today.year)
        approval = await approvals.settle(tx, second, Released(key, number, len(plan.drafts)), who)
        queued = await outbox.queue(
            tx, plan.drafts, release=number, by=who.person.key, desk=desk, approval=approval
        )  # fmt: skip
        await tx.list_posts.put(_released(plan, number, who))
        await cards.decide(tx, key, f"released by {who.person.name}, {written_moment(desk.now)}")
    return queued


async def withdraw(key: str, who: Act) -> ListPost:
    """What was prepared is not sent; it stays in the archive as what it is."""
    require(who.person, Role.OFFICER, "withdraw what is prepared for a list")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="list post withdraw", about=key, at=desk.now) as tx:
        await use(tx, who.press, who.person, desk.now)
        taken = replace(_waits(await one(key, tx)), state=PostState.WITHDRAWN)
        await tx.list_posts.put(taken)
        words = f"withdrawn by {who.person.name}, {written_moment(desk.now)}"
        await approvals.withdraw(tx, key, words)
        await cards.decide(tx, key, words)
    return taken


async def one(key: str, tables: Tables) -> ListPost:
    if post := await tables.list_posts.get(key):
        return post
    raise Refused(f"There is no post {key}. To see those to a list: list KEY posts")


async def archive(typed: str, desk: Desk) -> tuple[str, list[ListPost]]:
    """Every post to a list with what became of it, the newest first."""
    found = (await Known.of(desk.store)).named(typed)
    return found.key, await desk.store.list_posts.find(list=found.key, newest_first=True)


async def letters_of(post: ListPost, tables: Tables) -> list[Letter]:
    """The letters that a released post became."""
    return await tables.letters.find(kind=LetterKind.LIST_LETTER, release=post.release) if post.release else []


def offer(plan: Plan) -> Offer:
    """The button that sends them: of a preview to few parties, and of the card on which a second person releases them."""
    return Offer(f"Send {counted(len(plan.drafts), 'letter')}", f"post {plan.post.key} send", "primary", plan.digest)


def asking(plan: Plan) -> Offer:
    """The button of a preview to many."""
    return replace(offer(plan), label=f"Prepare {len(plan.drafts)} letters for a second person to release")


async def keep(post: ListPost, tx: Transaction, desk: Desk) -> ListPost:
    """Add a post under its number; the one that says the same and still waits, where there is one."""
    waiting = await tx.list_posts.find(list=post.list, state=PostState.PREPARED)
    if same := next((earlier for earlier in waiting if earlier.says_the_same(post)), None):
        return same
    numbered = replace(post, key=await tx.number("P", new_york(desk.now).year))
    await tx.list_posts.add(numbered)
    return numbered


def too_large(enclosures: Sequence[Enclosure], keyed: Sequence[tuple[str, File]], desk: Desk) -> str:
    """Why no letter may carry so much, in words; empty where each may."""
    each: dict[str, int] = {}
    for party, (_, data) in keyed:
        each[party] = each.get(party, 0) + len(data)
    size, most = sum(one.size for one in enclosures) + max(each.values(), default=0), desk.max_enclosures
    return (
        f"A letter carries {most:,} bytes of enclosures at most, and these are {size:,}. Make them smaller, or say in the text "
        "where they can be had."
        if size > most
        else ""
    )


def _post(found: str, subject: str, text: str, who: Act) -> ListPost:
    about, words = writing.titled(subject), writing.said(text)
    return ListPost("", found, PostState.PREPARED, about, words, who.person.key, who.desk.now)


async def _prepare(post: ListPost, files: Sequence[File], keyed: Sequence[tuple[str, File]], who: Act) -> ListPost:
    desk = who.desk
    enclosures = tuple(letters.enclosure(*file) for file in files)
    if why := too_large(enclosures, keyed, desk):
        raise Refused(f"{why} Nothing was prepared.")
    post = replace(
        post, enclosures=enclosures, keyed=tuple(party for party, _ in keyed),
        files=tuple(letters.enclosure(*file) for _, file in keyed),
    )  # fmt: skip
    for _, data in (*files, *(file for _, file in keyed)):
        await desk.store.keep(data)
    async with desk.store.transaction(by=who.person.key, doing="list post prepare", about=post.list, at=desk.now) as tx:
        return await keep(post, tx, desk)


def _waits(post: ListPost) -> ListPost:
    if post.state is PostState.RELEASED:
        when = f", {written_moment(post.released_at)}" if post.released_at else ""
        raise Refused(f"{post.key} was released by {post.released_by}{when}, as {post.release}. Nothing more was sent.")
    if post.state is PostState.WITHDRAWN:
        raise Refused(f"{post.key} was withdrawn; write it anew. Nothing was sent.")
    return post


def _prepared(plan: Plan) -> Prepared:
    what = "a correction" if plan.post.corrects else "a post"
    title = f"{len(plan.drafts)} letters, {what} to the list {plan.post.list}, wait for a second person"
    return Prepared(plan.post.key, title, LetterKind.LIST_LETTER, len(plan.drafts), plan.parties)


def _released(plan: Plan, number: str, who: Act) -> ListPost:
    return replace(
        plan.post, state=PostState.RELEASED, release=number, released_by=who.person.key, released_at=who.desk.now,
        parties=plan.parties, letters=len(plan.drafts), gaps=tuple(one.party for one in plan.gaps),
    )  # fmt: skip
