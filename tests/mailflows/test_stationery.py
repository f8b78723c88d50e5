"""What many letters share is read, checked and encoded once, whatever asks for it at the same time."""

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

import pytest

from committee.errors import Refused
from committee.letters import Enclosure, Letter
from mailflows import composing, letters, reply_tokens
from mailflows.rendering import freeze, render
from mailflows.stationery import AT_ONCE, Stationery
from tests.mailflows.sample_letters import MALAWI, desk, every_letter, released

if TYPE_CHECKING:
    from storage.port import Store

AT = desk()
LETTER = released(every_letter(MALAWI)[-1])
BUNDLE = freeze(LETTER.kind, LETTER.language).data


@dataclass(slots=True)
class Shelf:
    """All of a store that composing needs; it remembers what was taken from it."""

    files: dict[str, bytes]
    taken: Counter[str] = field(default_factory=Counter)

    async def kept(self, sha256: str) -> bytes:
        self.taken[sha256] += 1
        await asyncio.sleep(0)
        return self.files[sha256]


def shelf(*files: bytes) -> Shelf:
    return Shelf({hashlib.sha256(held).hexdigest(): held for held in (BUNDLE, *files)})


def stationery(of: Shelf, most: int = 64_000_000) -> Stationery:
    return Stationery(cast("Store", of), most)


def with_enclosures(number: int, *files: bytes) -> Letter:
    enclosed = (
        Enclosure("report.pdf", "application/pdf", len(held), hashlib.sha256(held).hexdigest()) for held in files
    )
    return replace(LETTER, key=f"first-report/{number}", reference=f"L-2012-{number:04}", enclosures=tuple(enclosed))


def by_itself(letter: Letter, *files: bytes) -> bytes:
    """The same letter, with nothing shared."""
    held = {hashlib.sha256(one).hexdigest(): one for one in files}
    head, reply_to = letters.letterhead(AT), reply_tokens.reply_to(letter, AT)
    rendered = render(BUNDLE, letter)
    return bytes(composing.compose(letter, rendered, letterhead=head, enclosures=held, reply_to=reply_to))


@pytest.mark.parametrize("size", [0, 1, 57, 58, AT_ONCE + 1, 1_000_000])
async def test_fifteen_letters_with_one_enclosure_read_it_once_and_share_its_parts(size: int) -> None:
    file = bytes(range(256)) * (size // 256 + 1)
    file = file[:size]
    of = shelf(file)
    at_hand = stationery(of)
    circulated = [with_enclosures(number, file) for number in range(15)]
    messages = await asyncio.gather(*(at_hand.message(letter, AT) for letter in circulated))
    assert of.taken[hashlib.sha256(file).hexdigest()] == 1
    assert [bytes(message) for message in messages] == [by_itself(letter, file) for letter in circulated]
    shared = {tuple(map(id, message.parts[2:-1])) for message in messages}
    assert len(shared) == 1


async def test_the_templates_of_a_run_are_read_once() -> None:
    of = shelf()
    at_hand = stationery(of)
    for number in range(5):
        letter = with_enclosures(number)
        assert bytes(await at_hand.message(letter, AT)) == by_itself(letter)
    assert of.taken == {LETTER.template: 1}


async def test_what_has_not_been_used_for_longest_makes_room() -> None:
    files = [bytes([sign]) * 3_000 for sign in range(3)]
    of = shelf(*files)
    at_hand = stationery(of, most=2 * 4_200)
    for number in (0, 1, 0, 2, 0, 1):
        await at_hand.message(with_enclosures(1, files[number]), AT)
    assert [of.taken[hashlib.sha256(file).hexdigest()] for file in files] == [1, 2, 1]


async def test_a_letter_with_more_than_is_kept_in_memory_still_leaves_whole() -> None:
    files = [bytes([sign]) * 3_000 for sign in range(3)]
    letter = with_enclosures(1, *files)
    assert bytes(await stationery(shelf(*files), most=1).message(letter, AT)) == by_itself(letter, *files)


async def test_an_enclosure_that_is_not_the_released_one_never_leaves() -> None:
    letter = with_enclosures(1, b"as released")
    of = shelf()
    of.files[letter.enclosures[0].sha256] = b"another"
    at_hand = stationery(of)
    for _ in range(2):
        with pytest.raises(Refused, match="not the file that was released"):
            await at_hand.message(letter, AT)
