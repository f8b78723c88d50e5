"""What is made once for many letters gives each of them as it is when it is rendered for itself, whatever it says."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from committee.letters import Addressee, Draft, Letter, LetterKind
from mailflows import forms
from mailflows.encoding import written
from mailflows.rendering import freeze, render
from tests.mailflows.sample_letters import AGENCY, CHAD, MALAWI, OFFICE, every_letter, released

ALL = [draft for to in (MALAWI, CHAD, AGENCY, OFFICE) for draft in every_letter(to)]
SIGNS = (
    "1", "12", "-", "+", ">", "*", "**a**", "_a_", "`", "#", "[a](https://a.example)", "](", "![", "<b>", "</p>", "&amp;",
    "&", '"', "'", "=", ".", "..", ".a", "1.", "1)", ")", "(a)", "\\", "a\\", "\\*", "%s", "%", "{{ 1 }}", "é", "日本", "😀", "x" * 100,
    "the Permanent Mission of a State with a rather long name", "http://a.example/?b=c&d=e", "a-b", "~~a~~", "|", "",
    "a  b", " a", "a\nb", "a\r", "\0", "\u200f", "\u2003a", "a\u00a0b", "\u00a0a", "a\u00a0 b", "\ue000",
    "\U000f0000", "\U00100000", "\U0010f100", "\U0010f148a\U0010f200",
)  # fmt: skip
FEW = settings(
    max_examples=settings().max_examples // 4, deadline=None
)  # of each of many; the first compiles templates
VALUES = st.sampled_from(SIGNS) | st.lists(st.sampled_from(SIGNS), max_size=6).map(" ".join) | st.text(max_size=30)


def other(draw: Any, value: Any) -> Any:
    """The same structure with other words in it."""
    if isinstance(value, str):
        return draw(VALUES)
    if isinstance(value, list):
        return [other(draw, each) for each in value]
    return {key: other(draw, each) for key, each in value.items()} if isinstance(value, dict) else value


def met(data: bytes, letter: Letter) -> forms.Bundle:
    """The templates after they have met this letter twice."""
    bundle = forms.bundle(data)
    bundle.write(letter)
    bundle.write(letter)
    return bundle


def frozen(letter: Letter) -> bytes:
    return freeze(letter.kind, letter.language).data


@pytest.mark.parametrize("draft", ALL, ids=lambda draft: f"{draft.party}-{draft.kind}")
def test_a_letter_to_somebody_else_fills_the_same_form(draft: Draft) -> None:
    letter = released(draft)
    bundle = met(frozen(letter), letter)
    said = {"mission": "the Mission of *Elsewhere*", "received": "today", "number": "S-2012-0099"}
    words = letter.words | {name: word for name, word in said.items() if letter.words.get(name)}
    people = tuple(replace(person, name="Somebody & else") for person in letter.addressees)
    next_one = replace(letter, words=words, addressees=people, reference="L-2012-0004")
    assert bundle.knows(next_one)
    assert bundle.write(next_one) == written(render(frozen(letter), next_one))


@pytest.mark.parametrize("draft", ALL, ids=lambda draft: f"{draft.party}-{draft.kind}")
@FEW
@given(data=st.data())
def test_a_filled_form_is_what_rendering_gives(draft: Draft, data: st.DataObject) -> None:
    letter = released(draft)
    bundle = met(frozen(letter), letter)
    changed = data.draw(st.sets(st.sampled_from([*letter.words, "reference", "people"])))
    said = other(data.draw, {name: word for name, word in letter.words.items() if name in changed})
    next_one = replace(letter, words=letter.words | said)
    if "reference" in changed:
        next_one = replace(next_one, reference=data.draw(VALUES))
    if "people" in changed:
        people = tuple(Addressee(each.address, data.draw(VALUES), each.copy) for each in letter.addressees)
        next_one = replace(next_one, addressees=people)
    expected = outcome(lambda: written(render(frozen(letter), next_one)))
    assert outcome(lambda: bundle.write(next_one)) == expected
    assert outcome(lambda: met(frozen(letter), next_one).write(next_one)) == expected


BODIES = (
    "{{ a }}", "x {{ a }} y", "{{ a }}{{ b }}", "**{{ a }}** {{ b }}", "*{{ a }} b*", "{{ a }}*b*", "_{{ a }}_", "{{ a }}. x",
    "{{ a }}) x", "1{{ a }}. x", "- {{ a }}. {{ b }}", "- {{ a }} ({{ b }})\n  - {{ b }}", "> {{ a }}\n> {{ b }}",
    "> - {{ a }}\n>   1. {{ b }}", "1. {{ a }}\n2. {{ b }}", "[{{ a }}](https://a.example)", "[x](https://a.example/{{ a }})",
    "[x](mailto:{{ a }}) {{ b }}", "[x](https://1) {{ a }}", "\\{{ a }}", "{{ a }}\\", "{{ a }}  \n{{ b }}", "{{ a }}\\\n{{ b }}",
    "    {{ a }}", "{{ a | upper }} {{ b }}", "{{ a | length }}", "{{ a | trim }}", "{{ a or b }}", "{{ a and b }}", "{{ a if b }}",
    "{% if a == b %}{{ a }}{% else %}{{ b }}{% endif %}", "{% if a %}{{ a }}{% elif not b %}c{% endif %}",
    "{{ 'x' ~ a if b else 'y' ~ b }}", "{% set c = a %}{{ c }}", "{% set c %}{{ a }}{% endset %}{{ c | length }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m('q') }}{{ m(b) }}", "{{ l }}", "{{ l | join(', ') }}", "{{ l | join(a) }}",
    "{{ l | length or 'no' }}", "{{ l | length }} {{ l[0] }}", "{% for x in l %}{{ x }}{% endfor %}", "{{ d }}",
    "{% for x in d %}- {{ x.a }}: {{ x.b or 'none' }}\n{% else %}no{% endfor %}", "{% for x in d %}{{ x }}{% endfor %}",
    "{% for x in d %}{{ x.items() | join('; ') }}{% endfor %}", "{% for x in d if x.a %}{{ x.b }}{% endfor %}",
    "{% for x in d %}{% if x.a == a %}{{ x.b }}{% endif %}{{ a }}{% endfor %}",
    "{% for x in d %}{{ x.a | upper }}{{ x.b[0] }}{% endfor %}", "{% for x in d recursive %}{{ x.a }}{% endfor %}",
    "{% for x in d %}{% for y in x.a %}{{ y }}{% endfor %}{% endfor %}", "{% for a in d %}{{ a.a }}{% endfor %}{{ a }}",
    "{% for x in d %}{{ loop.index }}. {{ x.a }}\n{% endfor %}", "{{ a | quoted }}\n\n{{ b }}", "{{ a | wrapped }}",
    "{{ n }}{{ a }}", "{{ n or a }}", "{{ unknown }}", "{% if b %}{{ unknown }}{% endif %}", "{{ a }} \U00100000", "{{ [a, b] }}",
    "{{ a ~ l }}", "{{ '%s' % a }}", "{{ a.upper() }}", "{{ a[0] }}", "{{ a + b }}", "{% filter upper %}{{ a }}{% endfilter %}",
    "{% with c = a %}{{ c }}{% endwith %}", "{% call(x) m() %}{{ a }}{% endcall %}", "{% block a %}{{ a }}{% endblock %}",
)  # fmt: skip
SUBJECTS = (
    "{{ a }}",
    "100 % {{ a }}",
    "A subject",
    "{% if a %}{{ b }}{% endif %}",
    "{{ l | join('; ') }}",
    "{{ a | wrapped }}",
)
LAYOUTS = (
    ("html", "{{ reference }}", "{{ (reference ~ ' & ' ~ reference) | wrapped }}"),
    ("html", "{{ reference }}", "{{ reference | safe }}"),
    ("html", "{{ reference }}", "{{ a if reference else b }}<i title='{{ a }}'>"),
    ("html", "{{ body }}", "<div>{{ body }}</div>{{ a }}"),
    ("html", "{{ body }}", "{{ body }}{{ body }}"),
    ("html", "{{ body }}", "{{ body | upper }}"),
    ("html", "{{ body }}", "{% autoescape false %}{{ a }}{% endautoescape %}"),
    ("text", "{{ reference }}", "{{ ('x' ~ a ~ 'y' * 80 ~ b) | wrapped }}"),
    ("text", "{{ reference }}", "{{ a | wrapped }} {{ b | wrapped }}"),
    ("text", "{{ reference }}", "{{ a | upper }}\u2028{{ b }}\t100 %"),
    ("text", "{{ body }}", "{{ body }} {{ a }}{% if l %}{{ l | join(b) }}{% endif %}"),
    ("text", "{{ body }}", "{{ body | wrapped }}"),
    ("text", "{{ body }}", "{{ body | length }}{% include 'letterhead' %}"),
    ("text", "{{ body }}", "- {{ ('x' * 60 ~ a ~ ' ' ~ b) | wrapped }}\n{{ body }}"),
    ("text", "{{ body }}", "- {{ body }}"),
    ("text", "{{ body }}", "{{ body }}\n{{ body }}"),
    ("text", "{{ body }}", "{{ body | upper }}"),
    ("text", "{{ body }}", "{{ body | join('; ') }}"),
    ("text", "{{ body }}", "{% if body %}\n{{ body }}\n{% endif %}"),
    ("text", "{{ body }}", "{% set said = body %}{{ said | upper }}"),
    ("letterhead", '"Reference:"', "a ~ b"),
    ("letterhead", '"ltr"', "reference"),
)


def of(template: str, subject: str = "{{ a }}: {{ b }}") -> bytes:
    """The templates of the reminder with another subject and body."""
    kept = json.loads(freeze(LetterKind.FIRST_REPORT_REMINDER, "en").data)
    return json.dumps(kept | {"letter": f"{subject}\n\n{template}"}).encode()


def with_layout(layout: str, old: str, new: str) -> bytes:
    kept = json.loads(of("{{ a }} is said to {{ b }}"))
    assert old in kept[layout]
    return json.dumps(kept | {layout: kept[layout].replace(old, new)}).encode()


def outcome(act: Any) -> Any:
    try:
        return act()
    except Exception as error:  # noqa: BLE001 - what a template does wrong, it must do wrong in both ways
        return type(error), str(error)


def saying(data: st.DataObject) -> Letter:
    """A letter of a few words, many of which are the same from letter to letter."""
    texts = st.sampled_from(["", "a", "b c"]) | VALUES
    values = {
        "a": texts,
        "b": texts,
        "l": st.lists(texts, max_size=2),
        "d": st.lists(st.fixed_dictionaries({"a": texts, "b": texts, "items": texts}), max_size=2),
        "n": st.sampled_from([0, 1, True, False, None, 1.0]),
    }
    letter = released(ALL[8])
    return replace(letter, words=letter.words | data.draw(st.fixed_dictionaries(values)))


@pytest.mark.parametrize(
    "bundle",
    [*map(of, BODIES), *(of("A body", subject) for subject in SUBJECTS), *(with_layout(*change) for change in LAYOUTS)],
)
@FEW
@given(data=st.data())
def test_whatever_a_template_does_with_its_words(bundle: bytes, data: st.DataObject) -> None:
    for letter in (saying(data), saying(data)):
        expected = outcome(lambda letter=letter: written(render(bundle, letter)))
        for _ in range(2):
            assert outcome(lambda letter=letter: forms.bundle(bundle).write(letter)) == expected


def test_a_second_copy_is_rendered_with_its_mark() -> None:
    letter = released(ALL[8])
    bundle = met(frozen(letter), letter)
    words = letter.words | {"second_copy": {"subject": "[Second copy]", "sentence": "This is a second copy."}}
    copy = replace(letter, second_copy_of=letter.key, words=words)
    assert not bundle.knows(copy)
    assert bundle.write(copy).subject.startswith("[Second copy] ")


def test_no_more_forms_are_kept_than_fit() -> None:
    data = of("{{ a | upper }}", "A subject")
    bundle = forms.Bundle(data)
    letters = [replace(released(ALL[8]), words={**ALL[8].words, "a": f"a{nth}"}) for nth in range(forms.MOST_FORMS + 1)]
    for letter in letters:
        bundle.write(letter)
        bundle.write(letter)
    assert [bundle.knows(letter) for letter in letters] == [False, *[True] * forms.MOST_FORMS]
