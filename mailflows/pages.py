"""A letter as its reader would see it, before it is released and years after."""

from collections.abc import Iterable
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

from committee.cards import Page
from committee.errors import Refused
from committee.letters import Addressee, Delivery, Draft, Letter, dated
from committee.sent_messages import left
from mailflows import sent_messages
from mailflows.desk import Desk
from mailflows.letters import letterhead, release
from mailflows.rendering import freeze, render


async def page(draft: Draft, desk: Desk) -> Page:
    """What a preview shows: the letter as it would go, under the number that its release will give it."""
    letter = release(draft, reference="given when it is released", release="", by="", desk=desk)
    return _page(letter, freeze(letter.kind, letter.language).data, desk)


async def page_of(letter: Letter, desk: Desk) -> Page:
    """What was released, from the words and templates of that day."""
    return _page(letter, await desk.store.kept(letter.template), desk)


async def page_as_sent(letter: Letter, deliveries: Iterable[Delivery], desk: Desk) -> tuple[Page, str]:
    """What left of it last, with a sentence that says whether these are the bytes of that day; else the same as `page_of`."""
    copies = list(deliveries)
    letter, hashes = dated(letter, copies), left(copies).hashes
    if not hashes:
        return await page_of(letter, desk), ""
    try:
        *_, last = await sent_messages.as_sent(letter, hashes, desk)
    except Refused as refusal:  # the page can be shown all the same
        return await page_of(letter, desk), str(refusal)
    return (_page_of_message(last.raw) if last.kept else await page_of(letter, desk)), last.says


def _page_of_message(raw: bytes) -> Page:
    message = message_from_bytes(raw, policy=SMTP)
    heading = tuple((name, _shown(message[name])) for name in ("From", "To", "Cc", "Subject") if message[name])
    body = message.get_body(("plain",))
    return Page(heading, body.get_content().replace("\r\n", "\n") if body else "")


def _shown(header: Any) -> str:
    """Addresses as they are listed on a page, anything else as it was decoded."""
    people = getattr(header, "addresses", ())
    return ", ".join(_person(one.display_name, one.addr_spec) for one in people) if people else str(header)


def _page(letter: Letter, bundle: bytes, desk: Desk) -> Page:
    rendered = render(bundle, letter)
    people = (("To", False), ("Cc", True))
    listed = ((label, _listed(person for person in letter.addressees if person.copy is copy)) for label, copy in people)
    head = letterhead(desk)
    heading = (
        ("From", f"{head.display(letter.sender, letter.language)} <{head.address}>"),
        *listed,
        ("Subject", rendered.subject),
    )
    return Page(tuple((label, value) for label, value in heading if value), rendered.text)


def _listed(people: Iterable[Addressee]) -> str:
    return ", ".join(_person(person.name, person.address) for person in people)


def _person(name: str, address: str) -> str:
    return f"{name} <{address}>" if name else address
