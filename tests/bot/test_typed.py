"""What is typed is forgiven its quotes and dashes, and nothing that is typed fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.typed import comma_list, split, unquoted


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("state MWI", ("state", "MWI")),
        ("  state\n MWI\t", ("state", "MWI")),
        ("/1540 states", ("states",)),
        ("/desk-1540 states", ("states",)),
        ("verbale states", ("states",)),
        ("verbale do states", ("states",)),
        ('"states reported"', ("states", "reported")),
        ("note \u201cDeputy says March\u201d", ("note", "Deputy says March")),
        ("note \u00ab Deputy says March \u00bb", ("note", "Deputy says March")),
        ("note \u201eDeputy\u201c", ("note", "Deputy")),
        ("note \u201cHe said \u201cno\u201d twice\u201d", ("note", "He said \u201cno\u201d twice")),
        ("note 'Deputy says March'", ("note", "Deputy says March")),
        ("note 'don't call'", ("note", "don't call")),
        ("state Cote d'Ivoire", ("state", "Cote", "d'Ivoire")),
        ("state C\u00f4te d\u2019Ivoire", ("state", "C\u00f4te", "d\u2019Ivoire")),
        ('note "Deputy says', ("note", '"Deputy', "says")),
        ('"', ('"',)),
        ("remind \u2014to MWI", ("remind", "--to", "MWI")),
        ("remind \u2013to MWI", ("remind", "--to", "MWI")),
        ("remind --to=MWI", ("remind", "--to=MWI")),
        ('remind --to="Cabo Verde",MWI', ("remind", "--to=Cabo Verde,MWI")),
        ("outbox \u2014 held", ("outbox", "\u2014", "held")),
        ("sta\x00te \x1b[31mMWI\u202e", ("state", "[31mMWI")),
        ("", ()),
        ("/1540", ()),
    ],
)
def test_words_are_what_a_person_meant_by_them(typed, words):
    assert split(typed) == words


@given(st.text())
def test_any_text_has_words_without_anything_that_a_terminal_would_obey(typed):
    for word in split(typed):
        assert not any(ord(letter) < 32 and letter != "\n" for letter in word)
        assert not {*word} & {"\x7f", "\u202e", "\u2066", "\ud800"}


@given(st.lists(st.text("abcd\u00e9\u4e2d-", min_size=1).filter(lambda word: word[0] != "-"), min_size=1))
def test_plain_words_come_back_as_they_were(words):
    assert split(" ".join(["x", *words])) == ("x", *words)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ('"Deputy says March"', "Deputy says March"),
        ("\u2018the ministers\u2019 report\u2019", "the ministers\u2019 report"),
        ('please "see" the annex', 'please "see" the annex'),
        ('"one" and "two"', '"one" and "two"'),
        ('"never closed', "never closed"),
        ("'tis late", "'tis late"),
        ("", ""),
    ],
)
def test_free_text_loses_one_pair_of_quotes_and_keeps_its_own(typed, text):
    assert unquoted(typed) == text


@pytest.mark.parametrize(
    ("typed", "members"),
    [
        ("MWI,MLI", ("MWI", "MLI")),
        ("MWI, Cabo Verde ,, MLI,", ("MWI", "Cabo Verde", "MLI")),
        ('"Congo, Democratic Republic of the", Mali', ("Congo, Democratic Republic of the", "Mali")),
        ("\u9a6c\u62c9\u7ef4\u3001\u4e54\u5f97", ("\u9a6c\u62c9\u7ef4", "\u4e54\u5f97")),
        ("Cote d'Ivoire,Mali", ("Cote d'Ivoire", "Mali")),
        ("", ()),
    ],
)
def test_a_list_is_taken_apart_at_its_commas(typed, members):
    assert comma_list(typed) == members


@given(st.text(max_size=200))
def test_no_text_makes_unquoting_or_listing_fail(typed):
    unquoted(typed)
    assert all(member for member in comma_list(typed))
