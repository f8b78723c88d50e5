"""An officer says whose an unknown mail is; and mail of every sort ends in a kept record."""

import asyncio

import pytest

from committee.mail import MailState
from tests.conftest import PDF, PracticeDesk


async def press(desk: PracticeDesk, label: str, by: str = "officer-1") -> tuple[str, int]:
    """Press the button of that label on the newest card."""
    row = (await desk.types("cards")).rows[0]
    action = next(action for action in row["actions"] if label in action["label"])
    card, status = await desk.presses(action["id"], by=by)
    return card.text, status


async def test_this_is_malawis_keeps_the_address_and_takes_the_mail_in(desk: PracticeDesk) -> None:
    await desk.takes_in(desk.stranger().writes("First report of Malawi", attach="report.pdf"))
    _, status = await press(desk, "keep the address")
    assert status == 0
    assert [contact.party for contact in await desk.desk.store.contacts.find(address="someone@elsewhere.test")] == [
        "MWI"
    ]
    assert [(s.party, s.kind) for s in await desk.submissions()] == [("MWI", "first-report")]
    assert [letter.addressees[0].address for letter in await desk.outbox()] == ["someone@elsewhere.test"]
    assert (await desk.types("cards")).rows[-1]["actions"] == []


async def test_this_once_answers_and_keeps_no_address(desk: PracticeDesk) -> None:
    await desk.takes_in(desk.stranger().writes("First report of Malawi", attach="report.pdf"))
    await press(desk, "this once")
    assert await desk.desk.store.contacts.find(address="someone@elsewhere.test") == []
    assert len(await desk.submissions()) == 1


async def test_not_theirs_makes_nothing_of_it_and_keeps_it(desk: PracticeDesk) -> None:
    [mail] = await desk.takes_in(desk.stranger().writes("First report of Malawi", attach="report.pdf"))
    await press(desk, "Not theirs")
    refused = await desk.desk.store.mail.get(mail.key)
    assert refused
    assert refused.state is MailState.REFUSED
    assert await desk.submissions() == []
    assert await desk.desk.store.kept(mail.sha256)


async def test_a_mail_of_which_no_party_can_be_guessed_asks_for_one(desk: PracticeDesk) -> None:
    [mail] = await desk.takes_in(desk.stranger().writes("A letter"))
    row = (await desk.types("cards")).rows[0]
    action = row["actions"][0]
    assert action["asks"] == "party"
    card, status = await desk.presses(action["id"])
    assert status == 1, card.text
    _, status = await desk.presses(action["id"], "Malawi")
    assert status == 0
    assert mail.key == "M-2012-0001"


async def test_two_officers_press_at_once_and_one_is_told_that_it_is_done(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    answers = await asyncio.gather(
        desk.answers("submission S-2012-0001 accept"), desk.answers("submission S-2012-0001 accept", by="officer-2")
    )
    assert sorted(status for _, status in answers) == [0, 1]
    refused = next(card for card, status in answers if status == 1)
    assert "accept by" in refused.text


async def test_an_address_that_stands_under_another_party_is_not_kept_twice(desk: PracticeDesk) -> None:
    await desk.takes_in(desk.stranger().writes("First report of Malawi", attach="report.pdf"))
    await press(desk, "keep the address")
    other = desk.stranger("second@elsewhere.test").writes("Another of Zambia", attach="z.pdf", data=PDF + b"z")
    [mail] = await desk.takes_in(other)
    await desk.types(f"mail {mail.key} assign ZMB")
    [third] = await desk.takes_in(desk.stranger("someone@elsewhere.test").writes("Report of Zambia"))
    assert third.party == "MWI"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 1000,
        b"\xff\xfe noise \x80" * 50,
        b"Subject: no sender\n\nwords\n",
        b"From: a@a.test, b@b.test, c@c.test, d@d.test, e@e.test\nSubject: five\n\nwords\n",
        b"From: someone@elsewhere.test\nSubject: " + b"x" * 10_000 + b"\n\nwords\n",
        b"From: someone@elsewhere.test\nSubject: a\x00b\n\nnull\x00byte\n",
        b"From: someone@elsewhere.test\nContent-Type: text/plain; charset=nonsense-7\n\n\xe9\xe8\n",
        b"From: someone@elsewhere.test\nSubject: =?utf-8?q?one=0Atwo=0D=0ABcc:_x@y.test?=\n\nwords\n",
        b'From: "a\\"; b" <"odd;quote\\""@elsewhere.test>\nSubject: odd\n\nwords\n',
    ],
    ids=[
        "empty", "nulls", "noise", "no From", "five From", "long header",
        "null byte", "broken charset", "line break", "quote and semicolon",
    ],
)  # fmt: skip
async def test_bad_input_ends_in_a_kept_record_a_card_and_the_next_is_handled(desk: PracticeDesk, raw: bytes) -> None:
    [mail] = await desk.takes_in(raw)
    assert await desk.desk.store.kept(mail.sha256) == raw
    assert mail.state is MailState.SET_ASIDE
    assert mail.reason
    assert await desk.outbox() == []
    [row] = (await desk.types("cards")).rows
    assert not any(ord(sign) < 32 for sign in row["title"] + row["text"])
    await desk.takes_in((await desk.mission_of("MWI")).writes("First report", attach="report.pdf"))
    assert len(await desk.submissions()) == 1


async def test_a_flood_from_one_address_is_kept_and_listed_without_a_card_for_each(desk: PracticeDesk) -> None:
    await desk.takes_in(*(desk.stranger().writes(f"Offer {n}") for n in range(20)))
    await desk.takes_in(desk.stranger("other@elsewhere.test").writes("A report"))
    assert len((await desk.types("inbox set-aside")).rows) == 21
    assert len((await desk.types("cards")).rows) == 4


@pytest.mark.long
async def test_thirty_megabytes_are_taken_in(desk: PracticeDesk) -> None:
    raw = (await desk.mission_of("MWI")).writes("First report", attach="report.pdf", data=PDF + b"\0" * 22_000_000)
    assert len(raw) > 30_000_000 * 0.98
    [mail] = await desk.takes_in(raw)
    assert mail.state is MailState.TAKEN_IN


@pytest.mark.parametrize("mark", [("X-Spam-Flag", "YES"), ("X-Spam-Status", "Yes, score=9.1 required=5.0")])
async def test_spam_has_no_card_and_is_listed(desk: PracticeDesk, mark: tuple[str, str]) -> None:
    spam = desk.stranger().writes("Win a prize", headers=[mark])
    [mail] = await desk.takes_in(spam)
    assert (mail.state, "spam" in mail.reason) == (MailState.SET_ASIDE, True)
    assert await desk.desk.store.cards.find() == []
    assert [row["key"] for row in (await desk.types("inbox set-aside")).rows] == [mail.key]


async def test_what_is_no_spam_or_comes_from_a_party_is_shown_whatever_a_filter_says(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    marked = [("X-Spam-Flag", "YES")]
    await desk.takes_in(
        desk.stranger().writes("Hello", headers=[("X-Spam-Flag", "NO"), ("X-Spam-Status", "No, score=0.1")]),
        mission.writes("Matrix", attach="m.pdf", headers=marked),
        desk.stranger(f"someone.else@{mission.address.partition('@')[2]}").writes("Matrix", headers=marked),
    )
    kinds = [card.kind for card in await desk.desk.store.cards.find()]
    assert kinds == ["mail-set-aside", "submission-arrived", "mail-set-aside"]
