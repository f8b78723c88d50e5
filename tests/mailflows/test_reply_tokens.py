"""What comes back to `desk+TOKEN@` finds the conversation of the letter that it answers, and of no other."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.letters import Letter
from mailflows.reply_tokens import reply_to, token
from tests.conftest import PracticeDesk
from tests.mailflows.sample_letters import MALAWI, desk, every_letter, released

LETTERS = [released(draft) for draft in every_letter(MALAWI)]
RECEIPT = LETTERS[0]


async def reply_address(at: PracticeDesk, typed: str) -> tuple[Letter, str]:
    """An officer's letter, sent, and where its readers are told to answer."""
    shown = await at.types(typed)
    card, status = await at.presses(shown.actions[0].key)
    assert status == 0, card.text
    letter = await at.desk.store.letters.get(card.fields["key"])
    assert letter
    at.post.handed.clear()
    await at.delivers()
    message = message_from_bytes(at.post.handed[0][1], policy=policy.default)
    return letter, str(message["Reply-To"].addresses[0].addr_spec)


@given(st.integers(1, 99_999_999), st.sampled_from(LETTERS))
def test_a_token_is_short_whatever_the_letter_is_about(number: int, letter: Letter) -> None:
    named = token(replace(letter, reference=f"L-2012-{number:04}", conversation="letter/" + "x" * 500), b"secret")
    assert len(named) <= 32
    assert named == named.lower()


def test_a_letter_without_a_conversation_is_answered_at_the_desk() -> None:
    assert reply_to(LETTERS[-1], desk()) == ""
    assert reply_to(RECEIPT, desk()).endswith("@1540.example")


def test_a_desk_whose_own_name_leaves_no_room_is_answered_without_a_token() -> None:
    assert reply_to(RECEIPT, desk(address=f"{'s' * 40}@1540.example")) == ""


@pytest.mark.parametrize("address", ["secretariat@1540.example", "secretariat-of-the-1540-committee@1540.example"])
@pytest.mark.parametrize("party", ["delegation/CHN", "MWI"])
async def test_the_first_letter_to_whomever_has_a_token_that_its_answer_is_found_by(
    desk: PracticeDesk, address: str, party: str
) -> None:
    desk.desk = replace(desk.desk, address=address)
    letter, there = await reply_address(desk, f'letter to {party} "Visit" "In October."')
    local = there.partition("@")[0]
    assert local.startswith(f"{address.partition('@')[0]}+l-2012-")
    assert len(local) <= 64
    writer = await desk.mission_of("MWI")
    if party != "MWI":
        writer.address = letter.addressees[0].address
    [mail] = await desk.takes_in(writer.writes("Something else", "Welcome.", to=there.upper()))
    assert mail.answers == letter.key


@pytest.mark.parametrize("change", ["another mac", "another number", "no number", "cut", "another secret"])
async def test_a_token_that_was_changed_names_nothing(desk: PracticeDesk, change: str) -> None:
    letter, there = await reply_address(desk, 'letter to MWI "Visit" "In October."')
    _, other = await reply_address(desk, 'letter to MWI "Visit" "In November."')
    own, _, mac = there.partition("@")[0].rpartition("-")
    if change == "another secret":
        mac = token(letter, b"another secret").rpartition("-")[2]
    words = {
        "another mac": f"{own}-{'a' * 16}", "another number": f"{other.partition('@')[0].rpartition('-')[0]}-{mac}",
        "no number": f"{own.partition('+')[0]}+l-2012--{mac}", "cut": f"{own}-{mac[:-1]}",
    }  # fmt: skip
    to = f"{words.get(change, f'{own}-{mac}')}@{there.partition('@')[2]}"
    [mail] = await desk.takes_in((await desk.mission_of("MWI")).writes("Something else", "Welcome.", to=to))
    assert mail.answers == ""


async def test_a_number_that_a_restored_desk_gives_again_does_not_name_the_other_letter(desk: PracticeDesk) -> None:
    letter, there = await reply_address(desk, 'letter to MWI "Visit" "In October."')
    other = replace(letter, key="letter/ZMB/1", message_id="<other@1540.example>")
    assert token(other, desk.desk.store.secret) not in there
    assert token(letter, desk.desk.store.secret) in there
