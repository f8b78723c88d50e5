"""`log KEY` tells the whole story of one thing, the oldest first, in sentences that all stand on record."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import ticking
from bot.settings import without_environment
from committee.calendar import NEW_YORK, written_moment
from committee.cards import Card
from committee.letters import LetterKind
from mailflows import announcements
from mailflows.accepted import Bounced, Deferred
from mailflows.story import story
from tests.conftest import PracticeDesk

HEADERS_OF_A_BOUNCE = (
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n'
    "Auto-Submitted: auto-replied\r\nReturn-Path: <>\r\n"
)


def bounce_of(message_id: str, address: str, to: str) -> bytes:
    return (
        f"From: mailer-daemon@relay.test\r\nTo: {to}\r\nSubject: Undelivered\r\n{HEADERS_OF_A_BOUNCE}\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.test\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    ).encode()


def said(card: Card) -> list[str]:
    assert card.ok, card.text
    return [str(row["said"]) for row in card.rows]


def in_this_order(sentences: Iterable[str], *parts: str) -> None:
    """Each part stands in a sentence, and they come one after the other."""
    left = iter(sentences)
    for part in parts:
        assert any(part in sentence for sentence in left), part


async def as_in_the_trail(desk: PracticeDesk, card: Card, keys: Iterable[str]) -> None:
    """Every entry about the thing or a part of it has a line, with what it changed, in the order of the commits."""
    rows = [row for row in card.rows if row["seq"] is not None]
    assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)
    entries = {entry.seq: entry for entry in await desk.desk.store.trail.find(about=tuple(keys))}
    assert {*entries} <= {row["seq"] for row in rows}
    whole = {entry.seq: entry for entry in await desk.desk.store.trail.find()}
    for row in rows:
        entry = whole[row["seq"]]
        assert (row["at"], row["by"], row["doing"], row["about"]) == (entry.at, entry.by, entry.doing, entry.about)
        assert row["changed"] == [change.key for change in entry.changes]


async def from_arrival_to_acceptance(desk: PracticeDesk) -> None:
    """A report; its receipt put off, then refused by the capital's server; asked about, answered, and accepted."""
    capital = await desk.capital_of("MWI")
    await desk.takes_in(capital.writes("First report of Malawi", attach="report.pdf"))
    desk.post.troubles[capital.address] = [Deferred("450 4.2.1 busy"), Bounced("550 5.1.1 no such user")]
    await desk.delivers(timedelta(minutes=1))
    await desk.delivers(timedelta(hours=1))
    desk.desk = desk.desk.at(desk.desk.now + timedelta(minutes=9))
    await desk.types('submission S-2012-0001 clarify "Where is annex 2?"')
    await desk.types('letter clarification/S-2012-0001/1 hold "the Deputy looks"', by="reader-1")
    await desk.types("letter clarification/S-2012-0001/1 release")
    await desk.delivers(timedelta(minutes=5))
    asked = (await desk.desk.store.letters.find(kind=LetterKind.CLARIFICATION))[0]
    mission = await desk.mission_of("MWI")
    answer = mission.writes("Re: annex", attach="annex.pdf", data=b"%PDF-1.4 annex", answers=asked.message_id)
    await desk.takes_in(answer)
    await desk.delivers(timedelta(minutes=5))
    await desk.types('state MWI note "the mission has called about S-2012-0001"')
    await desk.types("submission S-2012-0001 reclassify as additional-information")
    await desk.types("submission S-2012-0001 reclassify as first-report")
    await desk.types("submission S-2012-0001 accept")


async def test_a_submission_from_its_arrival_to_its_acceptance(desk: PracticeDesk) -> None:
    await from_arrival_to_acceptance(desk)
    card = await desk.types("log S-2012-0001")
    capital, mission = (await desk.capital_of("MWI")).address, (await desk.mission_of("MWI")).address
    [mail, _] = await desk.desk.store.mail.find()
    in_this_order(
        said(card),
        f"M-2012-0001 was kept: {mail.size} bytes. It counts as come then: so says the moment of keeping",
        f"M-2012-0001 was numbered S-2012-0001: first report, from Malawi ({capital}); not authenticated, since",
        f"L-2012-0001, receipt, was queued by the rule “every submission is acknowledged” to {capital}, in copy {mission}.",
        "L-2012-0001 answers M-2012-0001.",
        f"L-2012-0001 to {capital} was put off: 450 4.2.1 busy.",
        f"post.test accepted L-2012-0001 for {mission}: 250 2.0.0 accepted as 1.",
        f"L-2012-0001 to {capital} was refused: 550 5.1.1 no such user.",
        "The contact MWI/national-contact-point/1 is held",
        "whoever sent it was asked for clarification: “Where is annex 2?”",
        "L-2012-0002, clarification, was queued by Alex Inkwell",
        "is held: the Deputy looks (by Jo Margin).",
        "was let go.",
        f"post.test accepted L-2012-0002 for {mission}",
        "M-2012-0002 was added to S-2012-0001: 1 enclosure, 14 bytes.",
        f"L-2012-0003, receipt, was queued by the rule “every submission is acknowledged” to {mission}.",
        f"post.test accepted L-2012-0003 for {mission}",
        "Noted for Malawi, by Alex Inkwell: “the mission has called about S-2012-0001”.",
        "S-2012-0001 was reclassified as additional-information.",
        "S-2012-0001 was reclassified as first-report.",
        "S-2012-0001 was accepted as first report.",
        "Malawi counts as having reported since 4 September 2012.",
    )
    copies = [copy.key for copy in await desk.desk.store.deliveries.find()]
    letters = [letter.key for letter in await desk.outbox()]
    await as_in_the_trail(desk, card, ["S-2012-0001", "M-2012-0001", "M-2012-0002", *letters, *copies])
    assert [row["at"] for row in card.rows] == sorted(row["at"] for row in card.rows)
    assert card.columns == ("when", "by", "said")
    assert {row["when"] for row in card.rows} == {written_moment(row["at"]) for row in card.rows}


async def test_every_entry_of_the_trail_is_told_under_the_key_that_it_is_about(desk: PracticeDesk) -> None:
    await from_arrival_to_acceptance(desk)
    await desk.takes_in(desk.stranger().writes("Who am I?"), desk.stranger().writes("Who am I?"))
    await desk.types("handling M-2012-0003 restricted")
    await desk.types("mail M-2012-0003 refuse")
    await desk.types("handling S-2012-0001 restricted")
    await desk.types("stop")
    await desk.types("resume")
    trail = await desk.desk.store.trail.find()
    for about in {entry.about for entry in trail}:
        lines = await story(about, await desk.person("reader-1"), desk.desk)
        assert {entry.seq for entry in trail if entry.about == about} <= {line.seq for line in lines}, about


async def test_enclosures_are_named_only_where_they_are_open_and_the_subject_too(desk: PracticeDesk) -> None:
    await from_arrival_to_acceptance(desk)
    for typed in ("log S-2012-0001", "log M-2012-0001", "log receipt/S-2012-0001", "log MWI"):
        whole = " ".join(said(await desk.types(typed)))
        assert "report.pdf" not in whole
        assert "First report of Malawi" not in whole
    await desk.types("handling S-2012-0001 open")
    sentences = said(await desk.types("log S-2012-0001", by="reader-1"))
    in_this_order(
        sentences,
        "1 enclosure, 77 bytes: report.pdf. Its subject: “First report of Malawi”.",
        "1 enclosure, 14 bytes: annex.pdf",
        "The handling of S-2012-0001 was set from members to open.",
    )


async def test_a_reader_sees_what_happened_and_no_words_about_what_is_not_open(desk: PracticeDesk) -> None:
    await from_arrival_to_acceptance(desk)
    await desk.types('submission S-2012-0001 reopen "the secret annex is missing"')
    for typed in ("log S-2012-0001", "log MWI"):
        shown = said(await desk.types(typed, by="reader-1"))
        assert "annex" not in " ".join(shown)
        assert "has called" not in " ".join(shown)
        in_this_order(shown, "S-2012-0001 was accepted as first report.", "S-2012-0001 was reopened.")
        assert "secret annex" in " ".join(said(await desk.types(typed)))


async def test_a_letter_with_its_release_its_copies_and_their_proof(desk: PracticeDesk) -> None:
    await from_arrival_to_acceptance(desk)
    card = await desk.types("log l-2012-2")
    mission = (await desk.mission_of("MWI")).address  # the capital's address is held, so its mission was asked
    [copy] = await desk.desk.store.deliveries.find(letter="clarification/S-2012-0001/1", address=mission)
    in_this_order(
        said(card),
        "L-2012-0002, clarification, was queued by Alex Inkwell to",
        "L-2012-0002 answers M-2012-0001.",
        "A reply to L-2012-0002 comes back to S-2012-0001.",
        f"L-2012-0002 to {mission} is held: the Deputy looks (by Jo Margin).",
        f"post.test accepted L-2012-0002 for {mission}: 250 2.0.0 accepted as 2.",
        f"The SHA-256 of what left for {mission}: {copy.sha256}",
    )
    assert all(row["seq"] for row in card.rows)
    letter = "clarification/S-2012-0001/1"
    await as_in_the_trail(desk, card, [letter, f"{letter}#1"])


async def test_a_reminder_announced_held_released_sent_and_bounced(desk: PracticeDesk) -> None:
    key, at = "first-report/MWI/programme-11/3", datetime(2012, 11, 29, 9, tzinfo=NEW_YORK)
    settings = without_environment()
    await ticking.tick_until(desk.folder, desk.desk, settings, at)
    desk.desk = desk.desk.at(at + timedelta(hours=1))
    await desk.types(f'letter {key} hold "the mission has telephoned"', by="reader-1")
    desk.desk = desk.desk.at(at + timedelta(hours=2))
    await desk.types(f"letter {key} release")
    in_this_order(
        said(await desk.types(f"log {key}")),
        f"{key} was announced: it goes by itself on 3 December 2012, or on the first day after it that the rules allow.",
        f"{key}, which was announced, is held: the mission has telephoned (by Jo Margin).",
        f"{key}, which was held, was let go.",
    )
    desk.desk = desk.desk.at(datetime(2012, 12, 3, 9, tzinfo=NEW_YORK))
    [letter] = [one for one in await announcements.send_announced(desk.desk) if one.key == key]
    await desk.types(f"stop {letter.release}")
    await desk.types(f"resume {letter.release}")
    await desk.delivers(timedelta(minutes=1))
    mission = (await desk.mission_of("MWI")).address
    desk.desk = desk.desk.at(desk.desk.now + timedelta(hours=3))
    [mail] = await desk.takes_in(bounce_of(letter.message_id, mission, desk.desk.address))
    card = await desk.types(f"log {key}")
    in_this_order(
        said(card),
        f"{key} was announced",
        "is held: the mission has telephoned",
        "was let go.",
        f"{letter.reference}, first-report-reminder, was queued by the rule “first reports by cycle” to {mission}",
        f"{letter.release} was stopped.",
        f"{letter.release} goes on.",
        f"post.test accepted {letter.reference} for {mission}: 250 2.0.0 accepted as",
        f"The SHA-256 of what left for {mission}: ",
        f"{mail.key} was kept",
        f"{mail.key} was recorded, bounce",
        f"{letter.reference} to {mission} bounced: 5.1.1",
        "The contact MWI/permanent-mission/1 is held",
    )
    assert all(row["seq"] for row in card.rows)
    await as_in_the_trail(desk, card, [key, mail.key, *(f"{key}#{n}" for n in (1, 2))])
    in_this_order(
        said(await desk.types(f"log {mail.key}")), f"{mail.key} was recorded, bounce", f"to {mission} bounced: 5.1.1"
    )


async def test_an_automatic_reply_stands_in_the_story_of_the_letter_that_it_answers(desk: PracticeDesk) -> None:
    await from_arrival_to_acceptance(desk)
    receipt = (await desk.outbox())[2]
    automatic = (await desk.mission_of("MWI")).writes(
        "Out of office", answers=receipt.message_id, headers=[("Auto-Submitted", "auto-replied")]
    )
    [mail] = await desk.takes_in(automatic)
    in_this_order(
        said(await desk.types(f"log {receipt.key}")),
        f"{mail.key} was recorded, automatic",
        f"A machine answered {receipt.reference}: {mail.key} is its automatic reply.",
    )


@pytest.mark.parametrize("typed", ["log status-answer/M-2012-0001", "log M-2012-0001"])
async def test_what_the_desk_answered_by_itself_names_the_mail_that_it_answers(desk: PracticeDesk, typed: str) -> None:
    await desk.takes_in((await desk.mission_of("MWI")).writes("status"))
    card = await desk.types(typed)
    in_this_order(
        said(card), "was queued by the rule “whoever writes help or status is answered”", "answers M-2012-0001."
    )
    assert all(row["seq"] for row in card.rows)


async def test_a_mail_that_an_officer_gave_to_a_party(desk: PracticeDesk) -> None:
    [mail] = await desk.takes_in(desk.stranger().writes("First report of Malawi", attach="report.pdf"))
    in_this_order(said(await desk.types("log M-2012-0001")), "was set aside: its address is not in the address book")
    desk.desk = desk.desk.at(desk.desk.now + timedelta(hours=1))
    await desk.types("mail M-2012-0001 once MWI")
    await desk.delivers(timedelta(minutes=1))
    card = await desk.types("log m-2012-1")
    in_this_order(
        said(card),
        f"M-2012-0001 was kept: {mail.size} bytes.",
        "M-2012-0001 was set aside for an officer; no receipt went out.",
        "M-2012-0001 is Malawi's, an officer says, this once.",
        "M-2012-0001 was numbered S-2012-0001: first report, from Malawi (someone@elsewhere.test)",
        "L-2012-0001, receipt, was queued",
    )
    assert "accepted" not in said(card)[-1]  # what became of it afterwards is the submission's story
    await as_in_the_trail(desk, card, ["M-2012-0001"])


async def test_a_mail_that_is_nobodys_and_one_that_came_before_it_was_read(desk: PracticeDesk) -> None:
    stamp = "from x.test by mx.test; Tue, 04 Sep 2012 12:00:00 +0000"
    await desk.takes_in(desk.stranger().writes("Hello", headers=[("Received", stamp)]))
    await desk.types("mail M-2012-0001 refuse")
    card = await desk.types("log M-2012-0001")
    in_this_order(said(card), "Our mail server had M-2012-0001: so says Received.", "was kept", "is not theirs")
    first: dict[str, Any] = card.rows[0]
    assert (first["seq"], first["changed"], first["when"]) == (None, None, "Tue 4 September 2012, 8 a.m. New York")


async def test_parts_that_were_joined_and_what_came_by_hand(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    await desk.takes_in(
        *(mission.writes(f"Report {n}/2", attach=f"{n}.pdf", data=b"%PDF" + bytes([n])) for n in (1, 2))
    )
    await desk.types("submission S-2012-0002 join S-2012-0001")
    await desk.types("submission add --by-hand MWI first-report")
    await desk.types("submission S-2012-0003 join S-2012-0001")
    await desk.types('submission S-2012-0001 set-aside "a draft"')
    card = await desk.types("log S-2012-0001")
    in_this_order(
        said(card),
        "M-2012-0001 was numbered S-2012-0001",
        "M-2012-0002 was numbered S-2012-0002",
        "S-2012-0002 was joined to S-2012-0001.",
        "S-2012-0003 was numbered by hand: first report, from Malawi; 0 enclosures",
        "S-2012-0003 was joined to S-2012-0001.",
        "S-2012-0001 was set aside: “a draft”.",
    )
    await as_in_the_trail(desk, card, [f"S-2012-000{n}" for n in (1, 2, 3)])


async def test_a_state_with_its_notes_and_where_it_stands(desk: PracticeDesk) -> None:
    await desk.types("state LSO confirm non-reporting")
    await desk.types("state LSO language fr")
    await desk.types('state LSO note "Deputy says March" --until 2013-03-31')
    desk.desk = desk.desk.at(desk.desk.now + timedelta(hours=1))
    await desk.takes_in((await desk.mission_of("LSO")).writes("Ours", "In preparation until 15 December 2012."))
    card = await desk.types("log lso")
    in_this_order(
        said(card),
        "The status of Lesotho was confirmed: non-reporting.",
        "Noted for Lesotho, by Alex Inkwell: “Its mission has indicated French”.",
        "Noted for Lesotho, by Alex Inkwell: “Deputy says March”. It is a promise until 31 March 2013.",
        "“in preparation until 15 December 2012 (S-2012-0001)”. It is a promise until 15 December 2012.",
    )
    assert all(row["seq"] for row in card.rows)
    assert "First report: non-reporting since 4 September 2012." in card.text
    assert "in preparation until 15 December 2012" in " ".join(said(await desk.types("log S-2012-0001")))


async def test_anything_else_has_the_entries_about_it(desk: PracticeDesk) -> None:
    await desk.types("policy reminders.apart set 30 from 2013-01-01")
    card = await desk.types("log reminders.apart")
    assert said(card) == ["Policy set: reminders.apart (reminders.apart/2013-01-01)."]
    assert [row["doing"] for row in (await desk.types("log")).rows] == ["policy set", "desk founded"]
    assert {*(await desk.types("log")).rows[0]} == {"seq", "at", "by", "doing", "about", "changed"}


async def test_a_day_cuts_the_story(desk: PracticeDesk) -> None:
    await from_arrival_to_acceptance(desk)
    assert (await desk.types("log S-2012-0001 --since 2012-09-05")).rows == ()
    assert (await desk.types("log S-2012-0001 --since 2012-09-04")).rows == (await desk.types("log S-2012-0001")).rows


@pytest.mark.parametrize("key", ["S-2012-0099", "M-2012-0099", "receipt/S-2012-0099", "nothing"])
async def test_an_unknown_key_is_refused_with_a_sentence(desk: PracticeDesk, key: str) -> None:
    card, status = await desk.answers(f"log {key}")
    assert (status, card.ok) == (1, False)
    assert f"Nothing is on record under {key}" in card.text
