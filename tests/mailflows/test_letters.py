"""Which words each letter needs, what a press is bound to, and what a release freezes."""

import json
from dataclasses import replace
from datetime import date

import pytest

from committee.first_reports import Reminder
from committee.handling import Handling
from committee.letters import LetterKind
from committee.mail import Mail
from mailflows import letters
from mailflows.wording import day_in, moment_in, size_in, span_in
from tests.mailflows.sample_letters import CHAD, CHAIR, MALAWI, NOW, REPORT, SUBMISSION, desk, every_letter, released


def test_every_word_of_every_letter_can_be_kept_as_json() -> None:
    for draft in [*every_letter(MALAWI), *every_letter(CHAD)]:
        assert json.loads(json.dumps(draft.words)) == draft.words
        assert draft.rungs == (draft.key,)


def test_keys_name_the_intent_and_nothing_that_can_change() -> None:
    assert [draft.key for draft in every_letter(MALAWI)] == [
        "receipt/S-2012-0017",
        "receipt-repeat/M-2012-0031",
        "clarification/S-2012-0017/1",
        "status-answer/M-2012-0032",
        "too-large/M-2012-0033",
        "closure-notice/2012-10-29/MWI",
        "address-question/MWI/permanent-mission/1/1",
        "answer/M-2012-0034/1",
        "letter/MWI/3",
        "list-letter/P-2012-0001/MWI",
        "member-welcome/MWI/2013",
        "member-network/MWI/2011",
        "first-report/MWI/programme-11/2",
    ]
    assert [draft.key for draft in every_letter(CHAD)][:3] == [draft.key for draft in every_letter(MALAWI)][:3]


def test_a_further_mail_has_a_receipt_of_its_own_with_what_it_brought() -> None:
    mail = Mail("M-2012-0040", None, "ef" * 32, 10, NOW, message_id="<more@malawi.example>")
    draft = letters.receipt(SUBMISSION, MALAWI, desk=desk(), mail=mail, files=(REPORT,))
    assert draft.key == "receipt/S-2012-0017/M-2012-0040"
    assert draft.answers == "<more@malawi.example>"
    assert draft.words["added"] is True
    assert [file["name"] for file in draft.words["files"]] == ["report.pdf"]


def test_a_receipt_of_what_is_restricted_names_no_file() -> None:
    draft = letters.receipt(replace(SUBMISSION, handling=Handling.RESTRICTED), MALAWI, desk=desk())
    assert [file["name"] for file in draft.words["files"]] == ["", ""]


def test_the_reminder_comes_from_the_chair_and_names_nobody() -> None:
    draft = letters.first_report_reminder(Reminder("MWI", 11, 2), MALAWI, chair=CHAIR, desk=desk())
    assert draft.sender == "chair"
    assert CHAIR.name not in json.dumps(draft.words)


def test_a_programme_without_a_symbol_is_named_by_its_period() -> None:
    draft = letters.first_report_reminder(Reminder("MWI", 12, 1), MALAWI, chair=CHAIR, desk=desk())
    assert (draft.words["start"], draft.words["end"], draft.words["symbol"]) == ("1 June 2013", "31 May 2014", "")


def test_a_digest_changes_with_recipients_words_and_enclosures() -> None:
    draft = every_letter(MALAWI)[2]
    others = [
        replace(draft, addressees=draft.addressees[:1]),
        replace(draft, words=draft.words | {"text": "something else"}),
        replace(draft, enclosures=(REPORT,)),
        replace(draft, language="fr"),
    ]
    assert len({letters.digest([each]) for each in [draft, *others]}) == 5
    assert letters.digest([draft]) == letters.digest(every_letter(MALAWI)[2:3])


def test_a_letter_has_the_same_message_id_whenever_it_is_released() -> None:
    first, again = released(every_letter(MALAWI)[0]), released(every_letter(MALAWI)[0], practice=False)
    assert first.message_id == again.message_id
    assert first.message_id.endswith("@1540.example>")
    assert letters.message_id("a", desk(address="desk@bücher.example")).endswith("@xn--bcher-kva.example>")


@pytest.mark.parametrize(
    ("name", "kept", "kind"),
    [
        ("/home/me/reply.pdf", "reply.pdf", "application/pdf"),
        ("C:\\files\\a.docx", "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("..", "..", "application/octet-stream"),
        ("", "enclosure", "application/octet-stream"),
        ("a\r\nX: y\0.txt", "a X: y.txt", "text/plain"),
    ],
)
def test_an_enclosure_of_ours_has_its_own_name_without_a_path(name: str, kept: str, kind: str) -> None:
    enclosure = letters.enclosure(name, b"bytes")
    assert (enclosure.name, enclosure.type, enclosure.size) == (kept, kind, 5)


def test_days_moments_and_sizes_in_both_languages() -> None:
    first = NOW.replace(day=1, hour=17, minute=0)
    assert (day_in("en", first.date()), day_in("fr", first.date())) == ("1 September 2012", "1er septembre 2012")
    assert moment_in("en", first).replace("\xa0", " ") == "1 September 2012, 1 p.m. (New York time)"
    assert moment_in("fr", first).replace("\xa0", " ") == "1er septembre 2012 à 13 heures (heure de New York)"
    assert moment_in("fr", NOW).replace("\xa0", " ") == "4 septembre 2012 à 9 h 05 (heure de New York)"
    sizes = [
        size_in(language, size).replace("\xa0", " ") for size in (980, 999_499, 1_250_000) for language in ("en", "fr")
    ]
    assert sizes == ["980 bytes", "980 octets", "999 KB", "999 ko", "1.2 MB", "1,2 Mo"]


def test_the_days_of_a_closure_are_written_as_people_write_them() -> None:
    first, third, last = (date(2012, 10, day) for day in (1, 3, 31))
    assert span_in("en", third, third) == "on 3 October 2012"
    assert span_in("en", first, last) == "from 1 to 31 October 2012"
    assert span_in("fr", first, last) == "du 1er au 31 octobre 2012"
    assert span_in("en", last, date(2012, 11, 2)) == "from 31 October to 2 November 2012"
    assert span_in("fr", date(2012, 12, 31), date(2013, 1, 2)) == "du 31 décembre 2012 au 2 janvier 2013"


def test_only_the_reminder_waits_for_an_announcement() -> None:
    waits = [draft.kind for draft in every_letter(MALAWI) if released(draft).rule.release == "announced"]
    assert waits == [LetterKind.FIRST_REPORT_REMINDER]
