"""Letters as they are read: the words of each, in each language, and values that stay what they are."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, meta

from committee import promises
from committee.calendar import MONTHS
from committee.correspondents import Correspondent
from committee.errors import Refused
from committee.letters import Draft, LetterKind
from committee.names import fold
from mailflows.markdown import as_html, as_text, clean, literal, quoted
from mailflows.rendering import Rendered, freeze, render, shipped_languages
from tests.mailflows.sample_letters import AGENCY, CHAD, MALAWI, NOW, OFFICE, every_letter, released

TEMPLATES = Path(__file__).parents[2] / "templates"
ALL = [draft for to in (MALAWI, AGENCY) for draft in every_letter(to)]
ALL += [draft for to in (CHAD, OFFICE) for draft in every_letter(to, "Quel ministère répond\u00a0?")]


def written(draft: Draft) -> Rendered:
    letter = released(draft)
    return render(freeze(letter.kind, letter.language).data, letter)


def words_of(template: Path) -> frozenset[str]:
    reader = Environment()
    reader.filters |= {"quoted": str, "spoken": str}
    return frozenset(meta.find_undeclared_variables(reader.parse(template.read_text())))


def flowing(text: str) -> str:
    return " ".join(text.split())


def reminder(to: Correspondent = MALAWI) -> Rendered:
    return written(next(d for d in ALL if d.kind is LetterKind.FIRST_REPORT_REMINDER and d.party == to.party))


def test_every_shipped_language_has_every_letter_with_the_same_words() -> None:
    assert {"en", "fr"} <= shipped_languages()
    for folder in (TEMPLATES / "letterhead", *(TEMPLATES / "letters" / kind for kind in LetterKind)):
        assert {file.name for file in folder.iterdir()} == shipped_languages(), folder
        assert len({words_of(file) for file in folder.iterdir()}) == 1, folder


def test_every_letter_folder_has_its_kind() -> None:
    assert {folder.name for folder in (TEMPLATES / "letters").iterdir()} == {*LetterKind}


@pytest.mark.parametrize("draft", ALL, ids=lambda draft: f"{draft.party}-{draft.kind}")
def test_every_letter_says_what_each_letter_must_say(draft: Draft) -> None:
    rendered = written(draft)
    text = flowing(rendered.text)
    assert "L-2012-0003" in text
    assert re.search(r"\b10\sM[Bo]\b", text)
    assert "secretariat@1540.example" in text
    assert ("Practice desk" in text) or ("Bureau d’entraînement" in text)
    assert "\n" not in rendered.subject
    assert not re.search(r"\*\*|\]\(|\\|<[a-z/]", rendered.text)
    assert max(map(len, rendered.text.splitlines())) <= 72
    assert f'<html lang="{draft.language}" dir="ltr">' in rendered.html


@pytest.mark.parametrize(
    "draft", [draft for draft in ALL if draft.language == "fr"], ids=lambda draft: f"{draft.party}-{draft.kind}"
)
def test_french_letters_keep_their_spaces_together(draft: Draft) -> None:
    rendered = written(draft)
    assert not re.search(
        r"[^\u00a0\d]:(?!\d)|[^\u00a0][;?!]|«[^\u00a0]|[^\u00a0]»", rendered.text.replace("https:", "")
    )
    assert not re.search(r"\b(the|of|and|letter)\b", rendered.text)


def test_the_reminder_is_a_note_verbale_that_quotes_helps_and_says_what_to_answer() -> None:
    text = flowing(reminder().text)
    assert "The Chair of the Security Council Committee established pursuant to resolution 1540 (2004) presents" in text
    assert "presents compliments to the Permanent Mission of Malawi to the United Nations and has the honour to" in text
    assert "operative paragraph 4 of that resolution, by which the Security Council calls upon all States" in text
    assert "“steps they have taken or intend to take to implement this resolution”" in text
    assert (
        "part 1 (b) of its programme of work for the period from 1 June 2012 to 31 May 2013 (S/2012/663, annex)" in text
    )
    assert "group of experts are at the Mission’s disposal" in text
    assert "In preparation until DATE" in text
    assert "No further reminder is sent before that day is over." in text
    assert "this note may be disregarded" in text
    assert not re.search(r"\b(due|overdue|must|obligation|fail|late|deadline|compliance|his|her)\b", text)


def test_the_reminder_says_the_same_in_french() -> None:
    text = reminder(CHAD).text.replace("\n", " ")
    assert (
        "présente ses compliments à la Mission permanente du Tchad auprès de l’Organisation des Nations Unies" in text
    )
    assert "paragraphe 4 du dispositif de cette résolution" in text
    assert "partie 1 b) de son programme de travail pour la période allant du 1er juin 2012 au 31 mai 2013" in text
    assert "(S/2012/663, annexe)" in text
    assert "En cours d’élaboration jusqu’au DATE" in text
    assert "groupe d’experts" in text


@pytest.mark.parametrize("to", [MALAWI, CHAD])
def test_a_reminder_that_is_quoted_back_is_no_promise(to: Correspondent) -> None:
    assert promises.promised_until(fold(reminder(to).text), NOW.date()) is None


def test_what_the_reminder_asks_for_is_understood_as_a_promise() -> None:
    assert promises.promised_until(fold("In preparation until 15 December 2012"), NOW.date())
    assert promises.promised_until(fold("En cours d’élaboration jusqu’au 15 décembre 2012"), NOW.date())


@pytest.mark.parametrize("to", [AGENCY, OFFICE])
def test_organizations_get_letters_and_never_notes_verbales(to: Correspondent) -> None:
    for draft in [draft for draft in ALL if draft.party == to.party]:
        text = flowing(written(draft).text)
        assert "compliments" not in text
        assert "we have the honour" in text or "nous avons l’honneur" in text


def test_a_receipt_never_says_due_and_names_what_came() -> None:
    text = flowing(written(ALL[0]).text)
    assert "Number: S-2012-0017" in text
    assert (
        "Received: 4 September 2012, 9.05\N{NO-BREAK SPACE}a.m." in text
        or "Received: 4 September 2012, 9.05 a.m. (New York time)" in text
    )
    assert "annex *1*.docx (980" in text
    assert "Handling: for the members of the Committee" in text
    assert not re.search(r"\bdue\b", text)


def test_a_clarification_keeps_the_officers_lines_and_paragraphs() -> None:
    assert "    Which ministry\n    answers?\n\n    Thank you.\n" in written(ALL[2]).text
    assert "<p>Which ministry<br>\nanswers?</p>\n<p>Thank you.</p>" in written(ALL[2]).html


HOSTILE = (
    "{{ 7 * 7 }} {% raw %} *bold* _it_ `x` [x](javascript:alert(1)) <script>alert(1)</script>"
    " &amp; # h 1. - + > a|b ~~s~~"
)


def test_what_people_write_is_a_value_and_never_a_template_or_markup() -> None:
    clarification = next(draft for draft in every_letter(MALAWI, HOSTILE) if draft.kind is LetterKind.CLARIFICATION)
    rendered = written(clarification)
    assert flowing(HOSTILE) in flowing(rendered.text)
    assert "<script" not in rendered.html
    assert "<em>" not in rendered.html
    assert "href" not in rendered.html
    assert "{{ 7 * 7 }}" in rendered.html


@given(st.text())
def test_any_value_stands_literally_in_the_plain_text(value: str) -> None:
    said = as_text(f"Said: {literal(value)}, and so on.")
    assert "".join(said.split()) == "".join(f"Said: {clean(value)}, and so on.".split())


@given(st.text(alphabet="*_`[]()<>#+-.!\\&;\n >~|:1a\t\"'=/@", max_size=60))
def test_signs_of_markup_in_quoted_words_stay_signs(value: str) -> None:
    body = str(quoted(value))
    assert flowing(as_text(body)) == flowing(clean(value))
    assert set(re.findall(r"<(\w+)", as_html(body))) <= {"blockquote", "p", "br"}


@given(st.text())
def test_no_text_makes_a_letter_fail(text: str) -> None:
    draft = next(draft for draft in every_letter(MALAWI, text) if draft.kind is LetterKind.CLARIFICATION)
    rendered = written(draft)
    assert "".join(clean(text).split()) in "".join(rendered.text.split())
    assert "\0" not in rendered.html
    assert "<script" not in rendered.html
    rendered.html.encode()


def test_a_word_that_a_letter_does_not_have_is_an_error() -> None:
    letter = released(ALL[0])
    del letter.words["received"]
    with pytest.raises(Exception, match="'received' is undefined"):
        render(freeze(letter.kind, letter.language).data, letter)
    letter.words["received"] = "4 September 2012, 9.05 a.m. (New York time)"


def test_a_bundle_that_was_kept_is_what_is_rendered() -> None:
    letter = released(next(draft for draft in ALL if draft.kind is LetterKind.FIRST_REPORT_REMINDER))
    bundle = freeze(letter.kind, "en").data.replace(b"presents compliments", b"presented compliments")
    assert "presented compliments" in flowing(render(bundle, letter).text)


def test_a_bundle_of_a_later_format_is_refused() -> None:
    bundle = freeze(LetterKind.RECEIPT, "en").data.replace(b'"format":1', b'"format":9')
    with pytest.raises(Refused, match="a format that this one does not know"):
        render(bundle, released(ALL[0]))


def test_a_language_without_letters_is_refused_by_name() -> None:
    with pytest.raises(Refused, match=r"'es'.*en, fr"):
        freeze(LetterKind.RECEIPT, "es")


def test_months_and_days_are_written_as_each_language_does() -> None:
    assert "4 septembre 2012" in flowing(reminder(CHAD).text)
    assert f"4 {MONTHS[8]} 2012" in flowing(reminder().text)
