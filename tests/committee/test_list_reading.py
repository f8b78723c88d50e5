"""A rule is written and read back the same; what is no rule is refused with the place of the mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.list_reading import DEEPEST, LONGEST, RuleFault, read, reread
from committee.list_rules import And, ButNot, Is, Or, Rule, What, depth, written
from committee.list_words import Vocabulary
from committee.names import Directory
from storage import seeding
from tests.committee.lists import LISTS, rules

PARTIES = Directory([
    *((state.key, (state.iso2, *state.aliases)) for state in seeding.states()),
    *((one.key, (one.name,)) for one in seeding.organizations()),
    ("group-of-experts", ("Group of Experts",)),
])  # fmt: skip
KNOWN = Vocabulary(PARTIES, (*LISTS, "all-delegations"))
DELEGATIONS, CHINA = Is(What.KIND, "delegations"), Is(What.PARTY, "CHN")


def meant(typed: str) -> str:
    return written(read(typed, KNOWN))


@given(rules(LISTS))
def test_a_rule_is_read_as_it_was_written_whatever_the_registers_hold_by_now(rule: Rule) -> None:
    assert reread(written(rule)) == rule
    if len(written(rule)) <= LONGEST and depth(rule) <= DEEPEST:
        assert read(written(rule), KNOWN) == rule


@given(rules(LISTS), st.data())
def test_case_and_spaces_do_not_count(rule: Rule, data: st.DataObject) -> None:
    typed = written(rule).replace(" ", data.draw(st.sampled_from(["  ", "\t", "\n", "\N{NO-BREAK SPACE}"])))
    if depth(rule) <= DEEPEST and len(typed) <= LONGEST:
        assert read(typed, KNOWN) == rule


@pytest.mark.parametrize(("typed", "rule"), [
    ("delegations but not CHN", ButNot(DELEGATIONS, CHINA)),
    ("group africa and status non-reporting", And((Is(What.GROUP, "African Group"), Is(What.STATUS, "non-reporting")))),
    ("delegations or experts but not CHN", ButNot(Or((DELEGATIONS, Is(What.KIND, "experts"))), CHINA)),
    ("delegations or (experts but not CHN)", Or((DELEGATIONS, ButNot(Is(What.KIND, "experts"), CHINA)))),
    ("states and members or experts", Or((And((Is(What.KIND, "states"), Is(What.MEMBERSHIP, "members"))), Is(What.KIND, "experts")))),
    ("delegations but not CHN but not FRA", ButNot(ButNot(DELEGATIONS, CHINA), Is(What.PARTY, "FRA"))),
])  # fmt: skip
def test_but_not_binds_least_then_or_then_and(typed: str, rule: Rule) -> None:
    assert read(typed, KNOWN) == rule


@pytest.mark.parametrize(("typed", "understood"), [
    ("Delegation but not china", "delegations but not CHN"),
    ("incoming delegations, or experts", "incoming-delegations or experts"),
    ("Trinidad and Tobago or Bosnia and Herzegovina", "TTO or BIH"),
    ("group latin america and the caribbean and states", "group grulac and states"),
    ("group Eastern-Europe", "group eastern-europe"),
    ("office permanent missions", "office permanent-mission"),
    ("all delegations", "list all-delegations"),
    ("subscribers", "office subscriber"),
    ("“Côte d'Ivoire” or 'Group of Experts' or delegation/china", 'CIV or party "group-of-experts" or delegation/CHN'),
])  # fmt: skip
def test_spelling_is_forgiven_where_it_is_certain(typed: str, understood: str) -> None:
    assert meant(typed) == understood


@pytest.mark.parametrize(("typed", "place", "says"), [
    ("delegatons", 1, "Did you mean: delegations"),
    ("delegations but not Chna", 21, "CHN"),
    ("delegations but not Congo", 21, "COG or COD"),
    ("delegations but CHN", 17, "“not” is missing"),
    ("delegations CHN", 13, "“and”, “or” or “but not” is missing"),
    ("states and not members", 12, "but not"),
    ("states and but", 12, "say who"),
    ("(states", 1, "never closed"),
    ("states)", 7, "closes nothing"),
    ("list all-delegatons", 6, "Did you mean: all-delegations"),
    ("group atlantis", 7, "africa, asia-pacific"),
    ("status maybe", 8, "non-reporting"),
    ("office dictator", 8, "permanent-mission"),
    ("party Atlantis", 7, "no party"),
])  # fmt: skip
def test_a_mistake_has_its_place_and_a_way_out(typed: str, place: int, says: str) -> None:
    with pytest.raises(RuleFault) as fault:
        read(typed, KNOWN)
    assert f"At character {place} of the rule" in str(fault.value)
    assert says in str(fault.value)
    assert "Nothing was changed" in str(fault.value)


@pytest.mark.parametrize("typed", ["", "  ", "delegations but not", "group", "(", "states and (", "delegations or"])
def test_a_rule_that_ends_too_early_says_so(typed: str) -> None:
    with pytest.raises(RuleFault, match=r"ends|never closed|says who"):
        read(typed, KNOWN)


@given(
    st.lists(
        st.sampled_from(
            ["(", ")", "and", "or", "but", "not", "group", "list", "party", "CHN", '"', "“", "x" * 50, "\0", "é"]
        ),
        max_size=30,
    )
)
def test_whatever_is_typed_is_a_rule_or_a_fault_with_a_sentence(words: list[str]) -> None:
    try:
        rule = read(" ".join(words), KNOWN)
    except RuleFault as fault:
        assert str(fault).endswith("Nothing was changed.")  # noqa: PT017 - either is right
    else:
        assert reread(written(rule)) == rule


@pytest.mark.parametrize(
    "typed",
    ["(" * 1_900, "states or " * 150 + "(" * 300, "x" * (LONGEST + 1), "(states but not " * 20 + "CHN" + ")" * 20],
)
def test_what_is_too_long_or_too_deep_is_refused(typed: str) -> None:
    with pytest.raises(RuleFault):
        read(typed, KNOWN)
