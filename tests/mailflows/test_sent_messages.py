"""What was really sent can be shown again: composed anew and held against the ledger, or kept small and unpacked, byte for byte."""

import hashlib
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.errors import Refused
from committee.letters import Enclosure, Letter
from committee.sent_messages import SentMessage
from mailflows import composed, sent_messages
from mailflows.encoding import base64_parts
from mailflows.message import Message
from mailflows.proof import proof
from mailflows.sent_messages import packed, unpacked
from tests.conftest import PDF, PracticeDesk
from tests.mailflows.accepting import accept, reminded

MWI = "first-report/MWI/programme-11/2"
ENCLOSED = PDF * 50


async def accepted_letter(desk: PracticeDesk) -> Letter:
    await reminded(desk, "MWI")
    await accept(desk, MWI)
    letter = await desk.desk.store.letters.get(MWI)
    assert letter
    return letter


async def with_an_enclosure(desk: PracticeDesk) -> Letter:
    await reminded(desk, "MWI")
    sha256 = await desk.desk.store.keep(ENCLOSED)
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        letter = await tx.letters.get(MWI)
        assert letter
        enclosed = Enclosure("a.pdf", "application/pdf", len(ENCLOSED), sha256)
        await tx.letters.put(replace(letter, enclosures=(enclosed, enclosed)))
    await accept(desk, MWI)
    found = await desk.desk.store.letters.get(MWI)
    assert found
    return found


async def kept(letter: Letter, desk: PracticeDesk) -> tuple[bytes, SentMessage]:
    """The message of the letter, and the row in which it is kept from now on."""
    message = await composed.message(letter, desk.desk)

    async def encoded(sha256: str) -> tuple[bytes, ...]:
        return base64_parts(await desk.desk.store.kept(sha256))

    one = await sent_messages.pack(letter, message, await desk.desk.store.kept(letter.template), encoded)
    row = replace(sent_messages.row_of(letter), messages=(one,))
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        await tx.sent_messages.add(row)
    return bytes(message), row


async def test_the_message_composed_again_has_the_hash_on_record(desk: PracticeDesk) -> None:
    letter = await accepted_letter(desk)
    [sent] = await sent_messages.sent(await proof(MWI, desk.desk), desk.desk)
    assert (sent.proven, sent.kept) == (True, False)
    assert sent.raw == bytes(await composed.message(letter, desk.desk))
    assert sent.expected == (hashlib.sha256(sent.raw).hexdigest(),)
    assert "These are the bytes that were sent: composed again" in sent.says


async def test_where_it_comes_out_otherwise_it_says_so_plainly(desk: PracticeDesk) -> None:
    await accepted_letter(desk)
    moved = replace(desk.desk, address="elsewhere@1540.example")  # From has the address of today
    [sent] = await sent_messages.sent(await proof(MWI, moved), moved)
    assert (sent.proven, sent.kept) == (False, False)
    assert "These are NOT the bytes that were sent" in sent.says
    assert sent.expected[0] in sent.says


async def test_what_was_kept_is_shown_whatever_has_changed_since(desk: PracticeDesk) -> None:
    letter = await accepted_letter(desk)
    raw, row = await kept(letter, desk)
    moved = replace(desk.desk, address="elsewhere@1540.example")
    [sent] = await sent_messages.sent(await proof(MWI, moved), moved)
    assert (sent.proven, sent.kept, sent.raw) == (True, True, raw)
    assert "kept as they left" in sent.says
    assert row.enclosures == ()


async def test_what_was_kept_and_what_was_not_are_shown_each_as_what_it_is(desk: PracticeDesk) -> None:
    letter = await accepted_letter(desk)
    raw, row = await kept(letter, desk)
    first, other = row.messages[0].sha256, "f" * 64
    found = await sent_messages.as_sent(letter, [other, first, other, ""], desk.desk)
    assert [(one.expected, one.proven, one.kept) for one in found] == [((other,), False, False), ((first,), True, True)]
    assert [one.raw for one in found] == [raw, raw]
    [alone] = await sent_messages.as_sent(letter, [], desk.desk)
    assert (alone.raw, alone.proven, alone.kept) == (raw, False, True)
    assert "may have left" in alone.says


async def test_what_nobody_has_accepted_proves_nothing(desk: PracticeDesk) -> None:
    await reminded(desk, "MWI")
    [sent] = await sent_messages.sent(await proof(MWI, desk.desk), desk.desk)
    assert (sent.proven, sent.expected) == (False, ())
    assert "no hash on record" in sent.says


async def test_a_release_is_several_messages(desk: PracticeDesk) -> None:
    await reminded(desk)
    with pytest.raises(Refused, match="several letters"):
        await sent_messages.sent(await proof("R-2012-0001", desk.desk), desk.desk)


async def test_a_packed_message_is_small_and_comes_out_byte_for_byte(desk: PracticeDesk) -> None:
    letter = await accepted_letter(desk)
    raw, row = await kept(letter, desk)
    assert len(row.messages[0].data) < len(raw) / 2
    assert await sent_messages.unpack(row, row.messages[0], desk.desk) == raw


async def test_enclosures_are_packed_as_the_hash_under_which_they_are_kept(desk: PracticeDesk) -> None:
    letter = await with_an_enclosure(desk)
    raw, row = await kept(letter, desk)
    assert len(raw) > 2 * len(ENCLOSED)
    assert len(row.messages[0].data) < 5_000
    assert row.enclosures == (letter.enclosures[0].sha256,)
    assert await sent_messages.unpack(row, row.messages[0], desk.desk) == raw


async def test_a_packed_message_that_is_damaged_is_refused_and_never_shown(desk: PracticeDesk) -> None:
    letter = await accepted_letter(desk)
    raw, row = await kept(letter, desk)
    [one] = row.messages
    for place in range(0, len(one.data), 37):
        damaged = replace(
            one, data=f"{one.data[:place]}{'B' if one.data[place] == 'A' else 'A'}{one.data[place + 1 :]}"
        )
        with suppress(Refused):
            assert await sent_messages.unpack(row, damaged, desk.desk) == raw  # a bit of no consequence
    for wrong in (replace(one, data="?"), replace(one, sha256="0" * 64)):
        with pytest.raises(Refused):
            await sent_messages.unpack(row, wrong, desk.desk)


LINES = st.text(st.characters(max_codepoint=126)).map(lambda text: f"{text}\r\n".encode("ascii"))


@given(st.lists(LINES | st.sampled_from([b"YQ==\r\n", b"\r\n.\r\n", b"YWI=\r\n"])), st.lists(st.binary(max_size=200)))
def test_any_message_with_any_enclosures_is_unpacked_as_it_was(words: list[bytes], files: list[bytes]) -> None:
    contents = {hashlib.sha256(one).hexdigest(): one for one in [*files, b"a", b"ab", b""]}
    encoded = {sha256: base64_parts(one) for sha256, one in contents.items()}
    message = Message((*words, *(part for parts in encoded.values() for part in parts), *words))
    assert unpacked(packed(message, encoded), contents.__getitem__) == bytes(message)


def test_without_its_dictionary_or_its_enclosure_nothing_is_made_up() -> None:
    enclosures = {hashlib.sha256(ENCLOSED).hexdigest(): ENCLOSED}
    encoded = {sha256: base64_parts(one) for sha256, one in enclosures.items()}
    message = Message((b"Subject: x\r\n\r\n", *base64_parts(ENCLOSED)))
    data = packed(message, encoded, b"Subject: x")
    assert unpacked(data, enclosures.__getitem__, b"Subject: x") == bytes(message)
    with pytest.raises(Refused, match="cannot be opened"):
        unpacked(data, enclosures.__getitem__, b"another template")
    with pytest.raises(Refused, match="not what was sent"):
        unpacked(data, lambda _: b"another file", b"Subject: x")
