"""A letter as its reader would see it, before it is released and years after."""

from collections.abc import Iterable

from committee.cards import Page
from committee.letters import Addressee, Draft, Letter
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
    return ", ".join(f"{person.name} <{person.address}>" if person.name else person.address for person in people)
