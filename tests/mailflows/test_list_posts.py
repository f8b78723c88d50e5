"""Writing to a list: each party its own letter, the union of recipients the preview, one release, and corrections to whoever has it."""

import asyncio
import io
import zipfile
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from committee.cards import Card
from committee.errors import Refused
from committee.letters import DeliveryState, Letter
from committee.staff import Role
from mailflows import list_posts, own_enclosures
from mailflows.presses import Act
from tests.conftest import PDF, PracticeDesk

POST = 'list {} post "A visit" "The experts come on 1 October."'


async def prepared(desk: PracticeDesk, key: str = "all-delegations", **facts: str) -> Card:
    return await desk.types(POST.format(key) + "".join(f" --{name} {value}" for name, value in facts.items()))


async def released(desk: PracticeDesk, card: Card, by: str = "officer-1") -> Card:
    answer, status = await desk.presses(card.actions[0].key, by=by)
    assert status == 0, answer.text
    return answer


def addresses(card: Card) -> list[str]:
    return sorted(address for row in card.rows for address in (*row["to"], *row["cc"]))


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def seen(message: EmailMessage) -> set[str]:
    return {one.addr_spec for name in ("To", "Cc") if message[name] for one in message[name].addresses}


async def letters(desk: PracticeDesk) -> list[Letter]:
    return [one for one in await desk.outbox() if one.kind == "list-letter"]


async def left(desk: PracticeDesk) -> list[tuple[str, EmailMessage]]:
    desk.post.handed.clear()
    await desk.delivers()
    return [(to, parsed(raw)) for to, raw in desk.post.handed]


async def test_the_union_of_the_recipients_is_the_preview_and_no_letter_shows_another_party(desk: PracticeDesk) -> None:
    card = await prepared(desk)
    assert not await letters(desk)
    assert (await released(desk, card)).fields["letters"] == 15
    sent = await left(desk)
    assert sorted(to for to, _ in sent) == addresses(card)
    party_of = {one.address: one.party for one in await desk.desk.store.contacts.all()}
    for to, message in sent:
        assert to in seen(message)
        assert len({party_of[one] for one in seen(message)}) == 1
        assert message["List-Id"] == f"<all-delegations.list.{desk.desk.domain}>"
        assert message["List-Unsubscribe"] is message["Auto-Submitted"] is None


async def test_it_is_one_release_in_one_commit_and_pressing_again_sends_nothing(desk: PracticeDesk) -> None:
    card = await prepared(desk)
    answers = await asyncio.gather(*(desk.presses(card.actions[0].key) for _ in range(2)))
    assert sorted(status for _, status in answers) != [0, 0]
    assert len({one.release for one in await letters(desk)}) == 1
    assert len(await letters(desk)) == 15
    assert "was released by officer-1" in (await desk.types("post P-2012-0001 send")).text


async def test_many_parties_take_a_second_person_who_is_shown_the_same(desk: PracticeDesk) -> None:
    card = await prepared(desk, "grulac")
    assert card.fields["parties"] == 33
    assert card.approval
    await released(desk, card)
    assert not await letters(desk)
    with_it = await desk.types("approval A-2012-0001", "approver-1")
    assert addresses(with_it) == addresses(card)
    assert (await released(desk, with_it, "approver-1")).fields["letters"] == 33
    assert {one.approval.prepared_by for one in await letters(desk) if one.approval} == {"officer-1"}


async def test_a_press_is_bound_to_recipients_and_words(desk: PracticeDesk) -> None:
    card = await prepared(desk)
    for one in await desk.desk.store.contacts.find(party="delegation/CHN"):
        await desk.types(f'contact {one.key} hold "moved"')
    answer, _ = await desk.presses(card.actions[0].key)
    assert not await letters(desk)
    assert answer.rows[0]["key"] == "delegation/CHN"  # a gap stands first
    assert answer.fields["gaps"] == 1
    assert "moved" in answer.rows[0]["reason"]


async def test_who_stood_on_the_list_as_a_gap_is_named_among_the_unserved(desk: PracticeDesk) -> None:
    for one in await desk.desk.store.contacts.find(party="delegation/CHN"):
        await desk.types(f'contact {one.key} hold "moved"')
    await released(desk, await prepared(desk))
    await left(desk)
    [post] = await desk.desk.store.list_posts.find()
    assert post.gaps == ("delegation/CHN",)
    unserved = await desk.types(f"unserved {post.release}")
    assert [row["party"] for row in unserved.rows] == ["delegation/CHN"]


async def test_organizations_get_letters_and_states_notes(desk: PracticeDesk) -> None:
    page = (await prepared(desk, "organizations")).page
    assert page
    assert "Dear Sir or Madam" in page.text
    note = (await prepared(desk)).page
    assert note
    assert "presents its compliments" in note.text


async def test_a_capital_is_not_written_to_without_its_mission(desk: PracticeDesk) -> None:
    card = await prepared(desk, "national-points-of-contact")
    row = next(one for one in card.rows if one["key"] == "MWI")
    assert row["to"] == [(await desk.capital_of("MWI")).address]
    assert row["cc"] == [(await desk.mission_of("MWI")).address]
    await desk.types(f'contact {(await desk.contact("MWI")).key} hold "it bounces"')
    again = next(one for one in (await desk.types("post P-2012-0001")).rows if one["key"] == "MWI")
    assert not again["goes"]
    assert "without it" in again["reason"]


async def test_the_same_words_again_are_the_same_post_and_only_officers_prepare_them(desk: PracticeDesk) -> None:
    first, again = await prepared(desk), await prepared(desk)
    assert first.fields["key"] == again.fields["key"] == "P-2012-0001"
    for typed in (
        POST.format("all-delegations"),
        "post P-2012-0001",
        "post P-2012-0001 send",
        "post P-2012-0001 withdraw",
    ):
        card, status = await desk.answers(typed, "reader-1")
        assert status
        assert "takes the role officer" in card.text


async def test_what_is_withdrawn_is_not_sent(desk: PracticeDesk) -> None:
    card = await prepared(desk, "grulac")
    await released(desk, card)
    await desk.types("post P-2012-0001 withdraw")
    waiting = await desk.types("approvals", "approver-1")
    assert not waiting.rows
    assert not await letters(desk)
    archive = await desk.types("list grulac posts")
    assert [(row["key"], row["state"], row["letters"]) for row in archive.rows] == [("P-2012-0001", "withdrawn", 0)]


async def test_a_correction_goes_to_exactly_those_who_have_the_first_and_names_it(desk: PracticeDesk) -> None:
    await released(desk, await prepared(desk))
    first = dict(await left(desk))
    [gone, *_] = [one for one in await letters(desk) if one.party == "delegation/CHN"]
    await desk.types("list all-delegations leave-out delegation of China moved until 2012-12-31")
    card = await desk.types('post P-2012-0001 correct "A visit" "They come on 2 October."')
    assert addresses(card) == sorted(first)
    await released(desk, card)
    sent = await left(desk)
    assert sorted(to for to, _ in sent) == sorted(first)
    references = {one.party: one.reference for one in await letters(desk) if "/P-2012-0001/" in one.key}
    assert references["delegation/CHN"] == gone.reference
    for one in await letters(desk):
        if "/P-2012-0002/" in one.key:
            assert one.words["corrects"] == references[one.party]
    assert all(message["Subject"].startswith(("Correction: ", "Rectificatif")) for _, message in sent)


async def test_whoever_never_had_it_is_not_corrected(desk: PracticeDesk) -> None:
    await released(desk, await prepared(desk))
    one = next(one for one in await letters(desk) if one.party == "delegation/CHN")
    await desk.types(f"stop {one.key}")
    for copy in await desk.desk.store.deliveries.find(letter=one.key):
        async with desk.desk.store.transaction(by="test", doing="withdrawn", about=copy.key, at=desk.desk.now) as tx:
            await tx.deliveries.put(copy.moved(DeliveryState.WITHDRAWN, desk.desk.now))
    card = await desk.types('post P-2012-0001 correct "A visit" "They come on 2 October."')
    assert card.rows[0]["key"] == "delegation/CHN"
    assert not card.rows[0]["goes"]
    assert card.fields["letters"] == 14


async def test_what_was_not_released_is_not_corrected(desk: PracticeDesk) -> None:
    await prepared(desk)
    card = await desk.types('post P-2012-0001 correct "A visit" "Later."')
    assert "nobody has it" in card.text


async def test_enclosures_for_all_and_for_one_go_to_whom_they_are_for(desk: PracticeDesk) -> None:
    note, own = desk.folder / "note.pdf", desk.folder / "own"
    note.write_bytes(PDF)
    (own / "Chine").mkdir(parents=True)
    (own / "Chine" / "matrix.pdf").write_bytes(PDF + b"china")
    (own / "FRA.pdf").write_bytes(PDF + b"france")
    card = await prepared(desk, file=str(note), own=str(own))
    rows = {row["key"]: row["enclosures"] for row in card.rows}
    assert rows["delegation/CHN"] == ["note.pdf", "matrix.pdf"]
    assert rows["delegation/FRA"] == ["note.pdf", "FRA.pdf"]
    assert rows["delegation/GBR"] == ["note.pdf"]
    await released(desk, card)
    for to, message in await left(desk):
        [contact, *_] = await desk.desk.store.contacts.find(address=to)
        assert [one.get_filename() for one in message.iter_attachments()] == rows[contact.party]


@pytest.mark.parametrize(
    ("name", "why"),
    [("MWI.pdf", "is not on the list"), ("Nowhere.pdf", "names no party"), ("Congo.pdf", "names no party"),
     ("CHN/France.pdf", "its name speaks of FRA"), ("CHN/Zaire.pdf", "its name speaks of COD")],
)  # fmt: skip
async def test_a_file_that_is_not_its_partys_is_refused(desk: PracticeDesk, name: str, why: str) -> None:
    place = desk.folder / "own" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(PDF)
    card, status = await desk.answers(POST.format("all-delegations") + f" --own {desk.folder / 'own'}")
    assert status
    assert why in card.text
    assert not await desk.desk.store.list_posts.find()


def packed(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, data in files.items():
            made.writestr(f"{name}.pdf", data)
    return held.getvalue()


async def test_a_zip_file_brings_each_party_its_own(desk: PracticeDesk) -> None:
    (desk.folder / "own.zip").write_bytes(packed(CHN=PDF, FRA=PDF))
    rows = (await prepared(desk, own=str(desk.folder / "own.zip"))).rows
    assert {row["key"]: row["enclosures"] for row in rows if row["enclosures"]} == {
        "delegation/CHN": ["CHN.pdf"], "delegation/FRA": ["FRA.pdf"],
    }  # fmt: skip


async def test_a_zip_file_that_cannot_be_unpacked_or_holds_too_much_is_refused(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = desk.folder / "own.zip"
    place.write_bytes(packed(CHN=PDF)[:-30])
    assert "cannot be unpacked" in (await prepared(desk, own=str(place))).text
    place.write_bytes(packed(CHN=PDF, FRA=PDF))
    monkeypatch.setattr(own_enclosures, "MOST_FILES", 1)
    assert "holds more than 1 files" in (await prepared(desk, own=str(place))).text
    assert not await desk.desk.store.list_posts.find()


async def test_forty_megabytes_are_refused_before_anything_is_kept(desk: PracticeDesk) -> None:
    large = desk.folder / "large.bin"
    large.write_bytes(b"\0" * 40_000_000)
    card = await prepared(desk, file=str(large))
    assert "carries 10,000,000 bytes of enclosures at most, and these are 40,000,000" in card.text
    assert not await desk.desk.store.list_posts.find()


async def test_the_difference_from_the_last_post_to_the_same_list_is_shown(desk: PracticeDesk) -> None:
    await released(desk, await prepared(desk))
    await desk.types("list all-delegations leave-out delegation of China moved until 2012-12-31")
    card = await desk.types('list all-delegations post "A visit" "The experts come on 2 October."')
    since = card.fields["since_last"]
    assert {one["party"] for one in since["left"]} == {"delegation/CHN"}
    assert not since["came"]
    assert [(one["was"], one["is"]) for one in since["words"] if "October" in one["is"]]


async def test_an_automatic_reply_stays_on_the_contact_and_is_never_answered(desk: PracticeDesk) -> None:
    await released(desk, await prepared(desk))
    to, message = (await left(desk))[0]
    before = len(await desk.outbox())
    away = desk.stranger(to).writes(
        "Out of office",
        "Back on 14 September.",
        answers=message["Message-ID"],
        headers=[("Auto-Submitted", "auto-replied")],
    )
    [mail] = await desk.takes_in(away)
    [contact, *_] = await desk.desk.store.contacts.find(address=to)
    assert mail.key in contact.automatic_reply
    assert len(await desk.outbox()) == before


async def test_subscribers_may_ask_to_be_taken_off_and_a_person_reads_it(desk: PracticeDesk) -> None:
    await desk.types('party add press "The Gazette"')
    await desk.types("contact add the-gazette subscriber desk@gazette.example Gazette")
    for one in await desk.desk.store.contacts.find(address="desk@gazette.example"):
        if not one.confirmed:
            await desk.types(f"contact {one.key} confirm")
    await released(desk, await prepared(desk, "calendar-subscribers"))
    [(_, message)] = await left(desk)
    local, _, domain = desk.desk.address.rpartition("@")
    asks = f"<mailto:{local}@{domain}?subject=unsubscribe%20calendar-subscribers>"
    assert message["List-Unsubscribe"].strip() == asks
    [mail] = await desk.takes_in(desk.stranger("desk@gazette.example").writes("unsubscribe calendar-subscribers"))
    assert mail.state == "set-aside" or await desk.desk.store.cases.get(mail.key)
    assert await desk.desk.store.cards.find(about=mail.key)


async def test_nothing_goes_without_a_button(desk: PracticeDesk) -> None:
    await prepared(desk)
    with pytest.raises(Refused, match="by their button alone"):
        await list_posts.release("P-2012-0001", Act(await desk.person("officer-1"), desk.desk))
    reader = replace(await desk.person("reader-1"), roles=(Role.READER,))
    with pytest.raises(Refused, match="takes the role officer"):
        await list_posts.withdraw("P-2012-0001", Act(reader, desk.desk))
