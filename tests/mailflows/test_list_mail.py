"""A list is written to by mail: by an officer whom our server has confirmed, prepared and never sent by itself."""

from dataclasses import replace

import pytest

from committee.mail import Mail, MailState
from tests.conftest import PracticeDesk
from tests.mailflows.filing import SAM, ByHand, confirmed, sends_by_hand, with_filing


async def writes(desk: PracticeDesk, key: str = "organizations", **facts: object) -> Mail:
    local, _, domain = desk.desk.address.rpartition("@")
    to = f"{local}+list-{key}@{domain}"
    hand = ByHand(to, bcc="", subject="A visit", text="The experts come on 1 October.", message_id="<l-1@un.example>")
    return await sends_by_hand(desk, replace(hand, **facts))  # type: ignore[arg-type] # by name


async def test_what_an_officer_mails_to_a_list_is_prepared_shown_and_released_by_a_press(desk: PracticeDesk) -> None:
    await with_filing(desk)
    mail = await writes(desk, attach="note.pdf")
    assert (mail.state, mail.kind, mail.reason) == (MailState.TAKEN_IN, "list-post", "prepared as P-2012-0001")
    assert not await desk.outbox()
    [card] = await desk.desk.store.cards.find(about="P-2012-0001")
    assert "A visit" not in card.title + card.text
    shown = await desk.types("post P-2012-0001")
    assert shown.page
    assert "The experts come on 1 October." in shown.page.text
    assert all(row["enclosures"] == ["note.pdf"] for row in shown.rows if row["goes"])
    answer, status = await desk.presses(shown.actions[0].key)
    if shown.approval:
        with_it = await desk.types("approval A-2012-0001", "approver-1")
        answer, status = await desk.presses(with_it.actions[0].key, by="approver-1")
    assert status == 0
    assert answer.fields["letters"] == shown.fields["letters"]
    assert all(one.decided for one in await desk.desk.store.cards.find(about="P-2012-0001"))


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"headers": ()}, "could not confirm that"),
        ({"headers": [("Authentication-Results", "mx.test; dmarc=fail header.from=un.example")]}, "could not confirm"),
        ({"headers": [confirmed("un.example"), ("Auto-Submitted", "auto-replied")]}, "was not written by hand"),
        ({"subject": ""}, "The subject is empty"),
        ({"text": " "}, "The text is empty"),
        ({"key": "no-such-list"}, "There is no list 'no-such-list'"),
    ],
)
async def test_what_is_not_surely_an_officers_or_says_nothing_is_set_aside(
    desk: PracticeDesk, facts: dict[str, object], why: str
) -> None:
    await with_filing(desk)
    mail = await writes(desk, **facts)  # type: ignore[arg-type] # by name
    assert mail.state is MailState.SET_ASIDE
    assert why in mail.reason
    assert not await desk.desk.store.list_posts.find()
    assert not await desk.outbox()


async def test_one_who_is_no_officer_prepares_nothing(desk: PracticeDesk) -> None:
    await with_filing(desk, "reader-1")
    assert "who is no officer" in (await writes(desk)).reason
    assert not await desk.desk.store.list_posts.find()


async def test_whoever_is_outside_writes_to_the_desk_and_to_no_list(desk: PracticeDesk) -> None:
    await with_filing(desk)
    stranger = await writes(desk, sender="someone@elsewhere.test", headers=[confirmed("elsewhere.test")])
    assert stranger.state is MailState.SET_ASIDE
    mission = await desk.mission_of("MWI")
    [mail] = await desk.takes_in(mission.writes("To all", to=desk.desk.address.replace("@", "+list-organizations@")))
    assert mail.kind != "list-post"
    assert not await desk.desk.store.list_posts.find()
    assert {letter.party for letter in await desk.outbox()} <= {"MWI"}


async def test_what_is_too_large_for_a_letter_is_kept_and_not_prepared(desk: PracticeDesk) -> None:
    await with_filing(desk)
    desk.desk = replace(desk.desk, max_enclosures=4)
    mail = await writes(desk, attach="note.pdf")
    assert mail.state is MailState.SET_ASIDE
    assert "carries 4 bytes of enclosures at most" in mail.reason


async def test_the_same_mail_by_another_way_is_one_post(desk: PracticeDesk) -> None:
    await with_filing(desk)
    first = await writes(desk)
    again = await writes(desk, headers=[confirmed("un.example"), ("X-Way", "another")])
    assert first.key != again.key
    assert (first.reason, again.reason) == ("prepared as P-2012-0001", "prepared as P-2012-0001")
    assert len(await desk.desk.store.cards.find(about="P-2012-0001")) == 1
    assert SAM not in str(await desk.desk.store.list_posts.find())
