"""An officer writes to a list from a mail program of their own: `desk+list-KEY@…`; it is prepared, and goes by a press alone."""

from collections.abc import Sequence
from dataclasses import replace

from committee.cards import Offer
from committee.counting import counted
from committee.errors import Refused
from committee.letters import Enclosure
from committee.list_posts import ListPost, PostState
from committee.mail import Mail, MailState
from committee.staff import Person
from mailflows import cards, filing, list_posts, writing
from mailflows.desk import Desk
from mailflows.envelopes import details
from mailflows.lists import Known
from mailflows.reading import Reading, authentication
from storage.port import Transaction

TAKEN = "list-post"
"""What such a mail is, as `inbox` says it."""
_MARK = "list-"


async def receive(mail: Mail, reading: Reading, files: Sequence[Enclosure], tx: Transaction, desk: Desk) -> Mail | None:
    """The mail with the post that it has become, or with the reason for which nothing was prepared; None: mail like any other.

    Only what is from an officer, by an address that our own server has confirmed, is prepared. Whoever else writes to such
    an address writes to the desk. Nobody is answered.
    """
    named = next((detail for detail in details(reading, desk) if detail.casefold().startswith(_MARK)), "")
    if not named or reading.loop:
        return None
    staff = await filing.staff_at(reading.from_.address if reading.from_ else "", tx)
    if not staff:
        return None
    mail = replace(mail, authenticated=bool(authentication(reading, desk.authserv_id).aligned))
    if doubt := await filing.doubt(reading, staff, "the address of a list", tx, desk):
        return replace(mail, reason=doubt)
    try:
        new = await _read(named[len(_MARK) :], reading, files, tx, desk)
    except Refused as refusal:
        return replace(mail, reason=f"{staff[0].name} wrote to a list, and nothing was prepared: {refusal}".rstrip("."))
    post = await list_posts.keep(replace(new, by=staff[0].key, mail=mail.key), tx, desk)
    if post.mail == mail.key:
        await _tell(post, staff[0], tx, desk)
    return replace(mail, state=MailState.TAKEN_IN, kind=TAKEN, reason=f"prepared as {post.key}")


def presses(mail: Mail) -> tuple[Offer, ...]:
    """What an officer may do with what could not be prepared."""
    return (Offer("Not to be sent", f"mail {mail.key} refuse", "danger"),)


async def _read(typed: str, reading: Reading, files: Sequence[Enclosure], tx: Transaction, desk: Desk) -> ListPost:
    """What was written; whose it is and its number are added by whoever keeps it."""
    found = (await Known.of(tx)).named(typed)
    if why := list_posts.too_large(files, [], desk):
        raise Refused(why)
    about, words = writing.titled(reading.subject or ""), writing.said(reading.text)
    return ListPost("", found.key, PostState.PREPARED, about, words, "", desk.now, enclosures=tuple(files))


async def _tell(post: ListPost, officer: Person, tx: Transaction, desk: Desk) -> None:
    files = f", with {counted(len(post.enclosures), 'enclosure')}" if post.enclosures else ""
    text = f"{officer.name} wrote it by mail ({post.mail}){files}. Nothing has been sent. To see who would get it: post {post.key}"
    offers = (Offer("Read it first", f"post {post.key}"), Offer("Withdraw it", f"post {post.key} withdraw"))
    fields = {"list": post.list, "enclosures": len(post.enclosures)}
    await cards.post(
        tx, TAKEN, post.key, f"{post.key} is prepared for the list {post.list}", text, now=desk.now, fields=fields, offers=offers
    )  # fmt: skip
