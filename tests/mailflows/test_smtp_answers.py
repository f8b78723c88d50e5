"""Replies out of bytes, and text into blocks: whatever pieces they come in, they are the same."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from mailflows import smtp_text
from mailflows.message import Message
from mailflows.smtp_answers import OutOfStep, Replies
from mailflows.smtp_text import blocks

LINES = st.lists(st.tuples(st.integers(200, 599), st.lists(st.binary(max_size=20), min_size=1, max_size=4)), max_size=5)


def written(code: int, texts: list[bytes]) -> bytes:
    clean = [text.translate(None, b"\r\n") for text in texts]
    return b"".join(b"%d-%b\r\n" % (code, text) for text in clean[:-1]) + b"%d %b\r\n" % (code, clean[-1])


@given(LINES, st.data())
def test_replies_are_the_same_in_whatever_pieces_they_come(
    replies: list[tuple[int, list[bytes]]], data: st.DataObject
) -> None:
    whole = b"".join(written(*reply) for reply in replies)
    at_once = [*Replies().feed(whole)]
    assert [reply.code for reply in at_once] == [code for code, _ in replies]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    pieces = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    parser = Replies()
    assert [reply for piece in pieces for reply in parser.feed(piece)] == at_once


@given(st.binary(max_size=200))
def test_whatever_a_server_says_is_a_reply_or_out_of_step(data: bytes) -> None:
    with suppress(OutOfStep):
        assert all(200 <= reply.code < 600 for reply in Replies().feed(data))


PARTS = st.lists(st.text("xy.\r\n", max_size=60).map(lambda text: text.encode() + b"\r\n"), min_size=1, max_size=5)


@given(PARTS, st.integers(1, 50))
def test_the_text_is_the_same_in_blocks_of_any_size_and_every_leading_dot_is_doubled(
    parts: list[bytes], size: int
) -> None:
    usual, smtp_text.BLOCK = smtp_text.BLOCK, size
    try:
        sent = b"".join(blocks(Message(tuple(parts))))
    finally:
        smtp_text.BLOCK = usual
    raw = b"".join(parts)
    assert sent == b"\n".join(b"." * line.startswith(b".") + line for line in raw.split(b"\n"))
