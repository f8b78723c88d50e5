"""What is typed becomes a question; a text answers it by its words, a thing of a party by the party's name."""

from hypothesis import given
from hypothesis import strategies as st

from committee.names import Directory
from committee.search import MOST_WORDS, Term, asked, cut, shares, speaks_of, words_in

PARTIES = Directory(
    [
        ("MWI", ("MW", "Malawi", "马拉维")),
        ("CIV", ("Côte d'Ivoire",)),
        ("COG", ("Congo",)),
        ("COD", ("Democratic Republic of the Congo",)),
    ]
)


def test_a_partys_name_is_one_term_however_many_words_it_has() -> None:
    assert asked("Cote d’Ivoire annex", PARTIES) == (
        Term("cote d ivoire", ("CIV",)),
        Term("annex", begins=True),
    )
    assert asked("the Democratic Republic of the Congo", PARTIES)[0].parties == ("COD",)


def test_a_name_that_asks_back_elsewhere_means_each_of_its_parties_here() -> None:
    assert asked("congo", PARTIES)[0].parties == ("COD", "COG")


def test_two_letters_name_nobody_and_a_beginning_names_who_can_be_meant() -> None:
    assert asked("mw", PARTIES)[0].parties == ()
    assert asked("mala", PARTIES)[0].parties == ("MWI",)
    assert asked("mala annex", PARTIES)[0].parties == ()
    assert asked("马拉维", PARTIES)[0] == Term("马 拉 维", ("MWI",))


def test_what_has_no_words_asks_for_nothing_and_nothing_answers_it() -> None:
    assert asked('"?!" * ---', PARTIES) == ()
    assert not speaks_of((), "anything")


def test_every_term_must_be_there_in_order_and_the_party_counts() -> None:
    question = asked("malawi annex sev", PARTIES)
    assert speaks_of(question, words_in("Annex seven of Malawi"))
    assert speaks_of(question, words_in("Annex seven"), "MWI")
    assert not speaks_of(question, words_in("Annex seven"), "CIV")
    assert not speaks_of(question, words_in("The seven of Malawi"), "MWI")
    assert not speaks_of(asked("nex", PARTIES), words_in("annex"))


def test_of_a_long_question_the_beginning_counts() -> None:
    assert len(asked("a1 " * 50, PARTIES)) == MOST_WORDS
    assert cut("a1 " * 50)
    assert cut("x" * 4000)
    assert not cut("first report of Malawi")


@given(st.text())
def test_a_text_answers_itself_and_holds_nothing_but_words(text: str) -> None:
    words = words_in(text)
    assert words_in(words) == words
    assert '"' not in words
    words.encode()
    question = asked(text, PARTIES)
    if question and not cut(text):
        assert speaks_of(question, words)


@given(st.lists(st.integers(0, 80), max_size=9), st.integers(0, 60))
def test_rows_are_shared_so_that_none_is_wasted_and_no_kind_is_crowded_out(counts: list[int], room: int) -> None:
    given_ = shares(counts, room)
    assert sum(given_) == min(room, sum(counts))
    assert all(share <= count for share, count in zip(given_, counts, strict=True))
    least = min((share for share, count in zip(given_, counts, strict=True) if share < count), default=room)
    assert all(share <= least + 1 for share in given_)
