"""An address book of a few parties, and every rule that can be asked of it."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from committee.contacts import Contact, Office, delegation
from committee.council import Term
from committee.list_facts import Registers
from committee.list_rules import VALUES, WORDS, And, ButNot, Is, Or, Rule, What
from committee.lists import ByHand, DistributionList
from committee.organizations import Organization
from committee.parties import STANDING
from committee.regional_groups import GROUPS
from committee.states import State
from storage import seeding

DAY = date(2012, 9, 4)
DAYS = st.dates(DAY - timedelta(days=40), DAY + timedelta(days=40))
STATES = [state for state in seeding.states() if state.key in {"CHN", "RWA", "MWI", "FRA"}]
ORGANIZATIONS = [one for one in seeding.organizations() if one.key in {"OPCW", "1267"}]
PARTIES = [
    *(state.key for state in STATES), *(delegation(state.key) for state in STATES), "OPCW", "1267", "group-of-experts",
]  # fmt: skip
LISTS = ("a", "b", "c")


def contact(party: str, office: Office, address: str, **more: object) -> Contact:
    return Contact(f"{party}/{office}/{address}", party, office, "", address, **{"confirmed": True, **more})  # type: ignore[arg-type]


def registers(
    contacts: Sequence[Contact] = (), terms: Sequence[Term] = (), states: Sequence[State] = STATES,
    organizations: Sequence[Organization] = ORGANIZATIONS,
) -> Registers:  # fmt: skip
    return Registers(states, organizations, STANDING, terms, contacts)


def listed(key: str, rule: str) -> DistributionList:
    return DistributionList(key, key, rule)


_QUESTIONS = st.one_of(
    st.sampled_from([*WORDS.values()]),
    st.builds(Is, st.just(What.GROUP), st.sampled_from([*GROUPS])),
    *(
        st.builds(Is, st.just(what), st.sampled_from(VALUES[what]))
        for what in (What.STATUS, What.OFFICE, What.WITH)
    ),
    st.builds(Is, st.just(What.PARTY), st.sampled_from(PARTIES)),
)  # fmt: skip


def rules(lists: Sequence[str] = ()) -> st.SearchStrategy[Rule]:
    """Any rule that can be typed, over these lists."""
    asked = _QUESTIONS | st.builds(Is, st.just(What.LIST), st.sampled_from(lists)) if lists else _QUESTIONS
    return st.recursive(
        asked,
        lambda inner: (
            st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
            | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
            | st.builds(ButNot, inner, inner)
        ),
        max_leaves=5,
    )


CONTACTS = st.lists(
    st.builds(
        lambda party, office, number, start, end, held: contact(
            party, office, f"a{number}@{party.lower().replace('/', '-')}.example", start=start, end=end, held=held
        ),
        st.sampled_from(PARTIES), st.sampled_from([*Office]), st.integers(1, 2), st.none() | DAYS, st.none() | DAYS,
        st.sampled_from(["", "", "its server refused mail"]),
    ),
    max_size=8, unique_by=lambda one: one.key,
)  # fmt: skip
TERMS = st.lists(
    st.builds(
        lambda state, start, length: Term(f"{state}/{start}", state, "elected", start, start + timedelta(days=length)),
        st.sampled_from([state.key for state in STATES]), DAYS, st.integers(0, 40),
    ),
    max_size=4, unique_by=lambda one: one.state,
)  # fmt: skip
EXCEPTIONS = st.lists(
    st.builds(
        lambda key, who, adds, start, length: ByHand(
            f"{key}/{who}/{start}", key, who, adds, "because", start, start + timedelta(days=length), "Alex", who
        ),
        st.sampled_from(LISTS), st.sampled_from(PARTIES), st.booleans(), DAYS, st.integers(0, 40),
    ),
    max_size=3, unique_by=lambda one: one.key,
)  # fmt: skip
