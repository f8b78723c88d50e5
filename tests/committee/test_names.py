"""What people type for a State is forgiven; what may mean another State asks back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.names import ASKED_BACK, Directory, Match, fold

NAMES = {
    "CIV": ("Côte d'Ivoire", "the Republic of Côte d'Ivoire", "la Côte d'Ivoire", "Ivory Coast", "Кот-д'Ивуар"),
    "COD": ("the Democratic Republic of the Congo", "la République démocratique du Congo", "DRC", "Congo-Kinshasa"),
    "COG": ("the Congo", "the Republic of the Congo", "le Congo", "刚果（布）"),
    "GBR": ("the United Kingdom", "UK"),
    "GIN": ("Guinea", "the Republic of Guinea", "la Guinée"),
    "GMB": ("the Gambia", "la Gambie"),
    "GNB": ("Guinea-Bissau", "la Guinée-Bissau"),
    "KOR": ("the Republic of Korea", "South Korea"),
    "LAO": ("the Lao People's Democratic Republic", "Laos"),
    "LSO": ("Lesotho", "le Lesotho"),
    "LVA": ("Latvia", "la Lettonie"),
    "NER": ("the Niger", "le Niger", "the Republic of the Niger"),
    "NGA": ("Nigeria",),
    "PRK": ("the Democratic People's Republic of Korea", "North Korea"),
    "SLV": ("El Salvador",),
    "WHO": ("World Health Organization",),
}
DIRECTORY = Directory(NAMES.items())
ASKED = {word for words in ASKED_BACK for word in words}
TYPED = st.sampled_from([(key, name) for key, names in NAMES.items() for name in names if len(name) > 2])


@st.composite
def as_typed(draw: st.DrawFn) -> tuple[str, str]:
    """A known name, as a hurried person with a phone types it."""
    key, name = draw(TYPED)
    name = "".join(draw(st.sampled_from((mark.upper(), mark.lower()))) if mark.isascii() else mark for mark in name)
    name = name.replace("'", draw(st.sampled_from("'’‘´`"))).replace("-", draw(st.sampled_from("-–—\u2011")))
    name = name.replace(" ", draw(st.sampled_from((" ", "  ", "\u00a0"))))
    plain = draw(st.booleans())
    return key, draw(st.sampled_from(("", " "))) + (fold(name) if plain else name) + draw(
        st.sampled_from(("", " ", ".", ","))
    )


@given(as_typed())
def test_case_accents_quotes_dashes_and_spaces_are_forgiven(typed: tuple[str, str]) -> None:
    key, name = typed
    match = DIRECTORY.find(name)
    assert key in match.keys
    assert (
        match.certain or fold(name).strip(" .,").removeprefix("the ").removeprefix("le ").removeprefix("la ") in ASKED
    )


@pytest.mark.parametrize("typed", ["Congo", "the Congo", "CONGO", "le Congo", "刚果", "Конго", "الكونغو"])
def test_congo_asks_back_even_when_typed_exactly(typed: str) -> None:
    assert DIRECTORY.find(typed) == Match(("COG", "COD"), certain=False)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("COD", "COD"), ("cog", "COG"), ("the Democratic Republic of the Congo", "COD"), ("Republic of the Congo", "COG"),
        ("Republic of Guinea", "GIN"), ("Guinea-Bissau", "GNB"), ("Republic of the Niger", "NER"), ("Nigeria", "NGA"),
        ("Republic of Korea", "KOR"), ("North Korea", "PRK"),
    ],
)  # fmt: skip
def test_a_code_or_a_formal_name_does_not_ask_back(typed: str, key: str) -> None:
    assert DIRECTORY.find(typed) == Match((key,), certain=True)


@pytest.mark.parametrize("word", sorted(ASKED))
def test_a_word_that_asks_back_never_names_one_state(word: str) -> None:
    assert not DIRECTORY.find(word).certain


@pytest.mark.parametrize(
    ("typed", "key"), [("Laos", "LAO"), ("Latvia", "LVA"), ("Lesotho", "LSO"), ("Salvador", "SLV")]
)
def test_a_name_that_begins_like_an_article_is_left_whole(typed: str, key: str) -> None:
    assert DIRECTORY.find(typed) == Match((key,), certain=True)


def test_two_letters_count_only_where_the_command_says_so() -> None:
    assert not DIRECTORY.find("UK").certain
    assert DIRECTORY.find("UK", two_letters=True) == Match(("GBR",), certain=True)


@given(st.text(max_size=40))
def test_only_a_known_name_is_certain(typed: str) -> None:
    match = DIRECTORY.find(typed, two_letters=True)
    known = {fold(name) for key, names in NAMES.items() for name in (key, *names)}
    assert not match.certain or any(fold(typed).strip(" .,;") in name for name in known)


def test_a_misspelt_name_is_suggested_and_never_taken() -> None:
    assert DIRECTORY.find("Lesoto") == Match(("LSO",), certain=False)
    assert DIRECTORY.find("Gamb").keys == ("GMB",)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("First report of the Gambia", ("GMB",)),
        ("From the Ministry of Foreign Affairs of Latvia.", ("LVA",)),
        ("The Democratic Republic of the Congo has the honour", ("COD",)),
        ("Guinea-Bissau submits its report", ("GNB",)),
        ("the Congo", ("COD", "COG")),
        ("Lesotho and Latvia met", ("LSO", "LVA")),
        ("nothing of the kind", ()),
        ("latviandelegation", ()),
    ],
)
def test_a_text_speaks_of_the_parties_that_it_names_in_full(text: str, keys: tuple[str, ...]) -> None:
    assert DIRECTORY.mentioned(text) == Match(keys, certain=False)


def test_a_name_that_asks_back_proposes_nobody_alone() -> None:
    assert len(DIRECTORY.mentioned("The Permanent Mission of the Niger presents its compliments").keys) > 1
