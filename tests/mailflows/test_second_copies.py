"""A second copy is a letter of its own: sent on purpose, once for each press, and marked as what it is."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest

from committee.letters import DeliveryState, Letter
from mailflows import composed, outbox, rendering, second_copies
from mailflows.marking import mark_of
from mailflows.presses import Act
from mailflows.rendering import freeze, shipped_languages
from tests.conftest import PracticeDesk
from tests.mailflows.accepting import accept, copies, reminded, stands
from tests.mailflows.sample_letters import CHAD, MALAWI, every_letter, released

D = DeliveryState
RECEIPT = "receipt/S-2012-0001"
SECOND = f"{RECEIPT}/second-copy"


async def acknowledged(desk: PracticeDesk) -> Letter:
    """A report has come, and its receipt was accepted."""
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    await accept(desk, RECEIPT)
    return await letter(desk, RECEIPT)


async def letter(desk: PracticeDesk, key: str) -> Letter:
    found = await desk.desk.store.letters.get(key)
    assert found, key
    return found


async def pressed(desk: PracticeDesk, key: str = RECEIPT, by: str = "officer-1", label: str = "second copy") -> Letter:
    card = await desk.types(f"letter {key} second-copy", by=by)
    button = next(action for action in card.actions if label in action.label)
    answer, status = await desk.presses(button.key, by=by)
    assert status == 0, answer.text
    return await letter(desk, answer.fields["key"])


async def test_the_preview_shows_the_whole_letter_and_sends_nothing(desk: PracticeDesk) -> None:
    await acknowledged(desk)
    card = await desk.types(f"letter {RECEIPT} second-copy")
    assert [action.label for action in card.actions] == ["Send a second copy"]
    assert card.page
    assert dict(card.page.heading)["Subject"] == "Second copy: S-2012-0001: receipt of your communication"
    assert "This is a second copy of letter L-2012-0001 of 4 September 2012." in card.page.text
    assert len(await desk.outbox()) == 1


async def test_it_has_a_key_a_number_a_message_id_and_a_date_of_its_own_and_the_same_words(desk: PracticeDesk) -> None:
    first = await acknowledged(desk)
    desk.desk = desk.desk.at(desk.desk.now + timedelta(days=1))
    second = await pressed(desk)
    assert (second.key, second.second_copy_of, second.reference) == (SECOND, RECEIPT, "L-2012-0002")
    assert second.message_id != first.message_id
    assert second.date is None  # given at its first try
    assert (second.template, second.enclosures) == (first.template, first.enclosures)
    assert {name: word for name, word in second.words.items() if name != "second_copy"} == first.words
    assert [copy.state for copy in await copies(desk, second)] == [D.QUEUED, D.QUEUED]


async def test_the_mark_stands_in_subject_text_and_html_of_what_leaves(desk: PracticeDesk) -> None:
    await acknowledged(desk)
    second = await pressed(desk)
    rendered = rendering.render(await desk.desk.store.kept(second.template), second)
    said = "This is a second copy of letter L-2012-0001 of 4 September 2012."
    assert rendered.subject.startswith("Second copy: ")
    assert said in rendered.text
    assert f"<p>{said}</p>" in rendered.html
    raw = bytes(await composed.message(second, desk.desk))
    assert b"\r\nSubject: Second copy: S-2012-0001" in raw
    assert raw.count(b"This is a second copy of letter L-2012-0001") == 2


async def test_the_first_letter_stays_as_it_was(desk: PracticeDesk) -> None:
    first = await acknowledged(desk)
    before = bytes(await composed.message(first, desk.desk))
    await pressed(desk)
    assert await letter(desk, RECEIPT) == first
    assert bytes(await composed.message(first, desk.desk)) == before
    assert b"second copy" not in before


async def test_a_repeated_press_adds_nothing(desk: PracticeDesk) -> None:
    await acknowledged(desk)
    card = await desk.types(f"letter {RECEIPT} second-copy")
    answers = await asyncio.gather(*(desk.presses(card.actions[0].key) for _ in range(3)))
    assert sorted(status for _, status in answers) == [0, 1, 1]
    assert len(await desk.outbox()) == 2


async def test_two_officers_with_previews_of_their_own_send_one(desk: PracticeDesk) -> None:
    await acknowledged(desk)
    cards = {by: await desk.types(f"letter {RECEIPT} second-copy", by=by) for by in ("officer-1", "officer-2")}
    answers = [await desk.presses(card.actions[0].key, by=by) for by, card in cards.items()]
    assert [status for _, status in answers] == [0, 1]
    assert "is queued already" in answers[1][0].text
    assert len(await desk.outbox()) == 2


async def test_once_a_second_copy_has_arrived_a_further_one_has_a_key_of_its_own(desk: PracticeDesk) -> None:
    await acknowledged(desk)
    await accept(desk, await pressed(desk))
    third = await pressed(desk, SECOND)  # a copy of a copy repeats the same letter
    assert (third.key, third.second_copy_of) == (f"{SECOND}/2", RECEIPT)
    assert "letter L-2012-0001 of" in third.words["second_copy"]["sentence"]
    found = await second_copies.copies_of([RECEIPT], desk.desk.store)
    assert [one.key for one in found[RECEIPT]] == [SECOND, f"{SECOND}/2"]


async def test_a_stale_preview_after_a_first_copy_arrived_sends_nothing(desk: PracticeDesk) -> None:
    await acknowledged(desk)
    old = await desk.types(f"letter {RECEIPT} second-copy")
    await accept(desk, await pressed(desk))
    card, status = await desk.presses(old.actions[0].key)
    assert status == 1
    assert "has changed, so nothing was sent" in card.text
    assert len(await desk.outbox()) == 2


async def test_it_goes_to_the_addresses_of_today(desk: PracticeDesk) -> None:
    [first, *_] = await reminded(desk)
    await accept(desk, first)
    contact = await desk.contact(first.party)
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        await tx.contacts.put(replace(contact, end=desk.desk.today - timedelta(days=1)))
        await tx.contacts.put(replace(contact, key=f"{contact.key}-new", address="new@malawi.mission.example", order=2))
    second = await pressed(desk, first.key)
    assert [one.address for one in second.addressees if not one.copy] == ["new@malawi.mission.example"]


async def test_recipients_that_change_between_preview_and_press_make_it_stale(desk: PracticeDesk) -> None:
    await acknowledged(desk)
    card = await desk.types(f"letter {RECEIPT} second-copy")
    contact = await desk.contact("MWI")
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        await tx.contacts.put(replace(contact, end=desk.desk.today - timedelta(days=1)))
    answer, status = await desk.presses(card.actions[0].key)
    assert status == 1
    assert "has changed" in answer.text
    assert len(await desk.outbox()) == 1


async def test_without_an_address_it_is_for_the_telephone(desk: PracticeDesk) -> None:
    await acknowledged(desk)
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        for contact in await tx.contacts.find(party="MWI"):
            await tx.contacts.put(replace(contact, held="its server refused mail"))
    card, status = await desk.answers(f"letter {RECEIPT} second-copy")
    assert status == 1
    assert "paper or the telephone" in card.text


@pytest.mark.parametrize("state", [D.QUEUED, D.LATER, D.HELD, D.SENDING, D.CLAIMED, D.WITHDRAWN])
async def test_what_has_not_left_has_no_second_copy(desk: PracticeDesk, state: DeliveryState) -> None:
    await acknowledged(desk)
    await stands(desk, await copies(desk, RECEIPT), state)
    card, status = await desk.answers(f"letter {RECEIPT} second-copy")
    assert (status, card.actions) == (1, ())
    assert f"is {state}" in card.text


@pytest.mark.parametrize("state", [D.SENT, D.BOUNCED, D.REFUSED, D.EXPIRED])
async def test_what_has_ended_can_be_written_once_more(desk: PracticeDesk, state: DeliveryState) -> None:
    await acknowledged(desk)
    await stands(desk, await copies(desk, RECEIPT), state)
    assert (await pressed(desk)).key == SECOND


async def test_of_an_uncertain_one_the_card_says_how_again_and_second_copy_differ(desk: PracticeDesk) -> None:
    await acknowledged(desk)
    await stands(desk, await copies(desk, RECEIPT), D.UNCERTAIN)
    card = await desk.types(f"letter {RECEIPT} second-copy")
    assert "the same Message-ID" in card.text
    assert [(one.label, one.style) for one in card.actions] == [
        ("Send it again", "primary"),
        ("Send a second copy", "default"),
    ]
    assert (await pressed(desk)).second_copy_of == RECEIPT


async def test_a_reminder_whose_state_has_reported_meanwhile_is_not_repeated(desk: PracticeDesk) -> None:
    [first, *_] = await reminded(desk, "MWI")
    await accept(desk, first)
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    card, status = await desk.answers(f"letter {first.key} second-copy")
    assert status == 1
    assert "not sent a second time" in card.text


async def test_after_its_last_useful_moment_nothing_is_repeated(desk: PracticeDesk) -> None:
    [first, *_] = await reminded(desk, "MWI")
    await accept(desk, first)
    desk.desk = desk.desk.at(desk.desk.now + timedelta(days=120))
    card, status = await desk.answers(f"letter {first.key} second-copy")
    assert status == 1
    assert "too late" in card.text


async def test_what_is_restricted_since_is_not_said_again(desk: PracticeDesk) -> None:
    await acknowledged(desk)
    await desk.types("handling S-2012-0001 restricted")
    card, status = await desk.answers(f"letter {RECEIPT} second-copy")
    assert status == 1
    assert "restricted now" in card.text


async def test_a_reader_sends_no_second_copy_and_nobody_sends_one_without_a_preview(desk: PracticeDesk) -> None:
    await acknowledged(desk)
    card, _ = await desk.answers(f"letter {RECEIPT} second-copy", by="officer-1")
    _, status = await desk.presses(card.actions[0].key, by="reader-1")
    assert status == 1
    with pytest.raises(Exception, match="takes the role officer"):
        await second_copies.write(RECEIPT, Act(await desk.person("reader-1"), desk.desk))
    with pytest.raises(Exception, match="by its button alone"):
        await second_copies.write(RECEIPT, Act(await desk.person("officer-1"), desk.desk))
    assert len(await desk.outbox()) == 1


async def told_of_a_closure(desk: PracticeDesk) -> Letter:
    """One notice, of a kind that takes approval."""
    notice = every_letter(MALAWI)[5]
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        [sent] = await outbox.queue(tx, [notice], release="R-2012-0001", by="officer-1", desk=desk.desk)
    await accept(desk, sent)
    return await letter(desk, sent.key)


async def test_of_what_takes_approval_one_prepares_and_a_second_person_releases(desk: PracticeDesk) -> None:
    notice = await told_of_a_closure(desk)
    card = await desk.types(f"letter {notice.key} second-copy")
    assert card.approval
    answer, status = await desk.presses(card.actions[0].key)
    assert status == 0
    assert "waits for a second person" in answer.title
    assert len(await desk.outbox()) == 1
    [waits] = await desk.desk.store.cards.find(kind="letters-to-release")
    refused, status = await desk.presses(waits.actions[0], by="officer-1")
    assert status == 1, refused.text
    released_by, status = await desk.presses(waits.actions[0], by="approver-1")
    assert status == 0, released_by.text
    second = await letter(desk, f"{notice.key}/second-copy")
    assert second.by == "approver-1"
    [decided] = await desk.desk.store.cards.find(kind="letters-to-release")
    assert "released by" in decided.decided


async def test_one_person_does_not_write_to_all_of_a_release_once_more_one_by_one(desk: PracticeDesk) -> None:
    card = await desk.types("remind first-report")
    await desk.presses(card.actions[0].key)
    letters = await desk.outbox()
    for one in letters:
        await accept(desk, one)
    for one in letters[:20]:
        await pressed(desk, one.key)
    card = await desk.types(f"letter {letters[20].key} second-copy")
    assert card.approval
    assert "a second one, an approver, releases it" in card.text


def test_every_language_has_the_mark() -> None:
    names = {file.name for file in (files("templates") / "marks" / "second-copy").iterdir()}
    assert names == shipped_languages()


@pytest.mark.parametrize("to", [MALAWI, CHAD], ids=["en", "fr"])
def test_the_mark_names_number_and_date_in_the_letters_language(to) -> None:
    for draft in every_letter(to):
        first = released(draft)
        second = replace(first, key="x", second_copy_of=first.key, words=first.words | {"second_copy": mark_of(first)})
        rendered = rendering.render(freeze(first.kind, first.language).data, second)
        subject, said = {
            "en": ("Second copy: ", "This is a second copy of letter L-2012-0003 of 4 September 2012."),
            "fr": (
                "Deuxième exemplaire\N{NO-BREAK SPACE}: ",
                "Ceci est un deuxième exemplaire de la lettre L-2012-0003 du 4 septembre 2012.",
            ),
        }[to.language]
        assert rendered.subject.startswith(subject)
        assert said in " ".join(rendered.text.split())
        assert said in rendered.html


def test_a_bundle_that_was_frozen_before_there_were_second_copies_bears_the_mark_too() -> None:
    first = released(every_letter(MALAWI)[0])
    old = json.loads(freeze(first.kind, first.language).data)
    old["letter"] = "Old subject\n\nOld words of {{ mission }}."
    old["text"], old["html"] = "{{ body }}", "<div>{{ body }}</div>"
    second = replace(first, second_copy_of=first.key, words=first.words | {"second_copy": mark_of(first)})
    rendered = rendering.render(json.dumps(old).encode(), second)
    assert rendered.subject == "Second copy: Old subject"
    assert rendered.text.startswith("This is a second copy of letter L-2012-0003 of 4 September 2012.\n\nOld words of")


def test_signs_in_the_mark_are_shown_and_not_obeyed() -> None:
    first = replace(released(every_letter(MALAWI)[0]), reference="L-2012-0003 *x* <b>&amp;\r\nBcc: a@b.example")
    second = replace(first, second_copy_of=first.key, words=first.words | {"second_copy": mark_of(first)})
    rendered = rendering.render(freeze(first.kind, first.language).data, second)
    assert "\n" not in rendered.subject
    assert "<b>" not in rendered.html
    assert "*x*" in rendered.text


async def test_the_log_says_that_it_was_sent_a_second_time_on_purpose(desk: PracticeDesk) -> None:
    await acknowledged(desk)
    second = await pressed(desk)
    said = [row["said"] for row in (await desk.types(f"log {second.key}")).rows]
    assert any("was queued by Alex Inkwell" in one for one in said)
    assert f"L-2012-0002 is a second copy of {RECEIPT}, sent on purpose." in said
    said = [row["said"] for row in (await desk.types("log S-2012-0001")).rows]
    assert "L-2012-0002 is a second copy of L-2012-0001, sent on purpose." in said


async def test_a_reminder_that_arrived_as_a_second_copy_counts_as_sent(desk: PracticeDesk) -> None:
    [first] = await reminded(desk, "MWI")
    await stands(desk, await copies(desk, first), D.EXPIRED, reply="given up")
    assert (await desk.types("remind first-report --to MWI")).fields["letters"] == 1
    await accept(desk, await pressed(desk, first.key))
    assert (await desk.types("remind first-report --to MWI")).fields["letters"] == 0
