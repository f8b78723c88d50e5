"""Which party a cell of a table names: its code or its name of the day; a former name, or one of several, asks back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from committee.contacts import DELEGATION, delegation, is_delegation
from committee.names import Directory, fold
from committee.organizations import Organization
from committee.parties import Party
from committee.states import Names, State

LONG_PAST = frozenset(map(fold, (
    "Byelorussia", "Belorussia", "Biélorussie", "Birmania", "Birmanie", "Burma", "Ceylon", "Dahomey", "East Timor",
    "Haute-Volta", "Jamahiriya arabe libyenne", "Kampuchea", "Kirgizia", "Libyan Arab Jamahiriya", "Moldavia", "Moldavie",
    "Samoa occidental", "Southern Sudan", "Timor oriental", "Upper Volta", "Western Samoa", "Zaire", "Белоруссия",
)))  # fmt: skip
"""Names by which States are still typed and that were theirs before the registers begin."""
_SAID = ("delegation of the ", "delegation of ", "délégation de ", DELEGATION)


@dataclass(frozen=True, slots=True)
class Named:
    """The party's key, or why none is certain, with those that may be meant."""

    key: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class PartyNames:
    """The names of all parties on a day."""

    states: Directory
    parties: Directory
    former: Mapping[str, str]  # a name that was a State's until a day that is past, folded, and the State
    listed: Mapping[str, str]  # how each key is read

    @classmethod
    def on(
        cls, day: date, states: Iterable[State], organizations: Iterable[Organization], others: Iterable[Party]
    ) -> "PartyNames":
        states = [*states]
        others_named = {one.key: one.name for one in organizations} | {one.key: one.name for one in others}
        of_states = [(state.key, state.aliases) for state in states]
        of_others = [(key, (name,)) for key, name in others_named.items()]
        listed = {state.key: state.named_on(day).listed for state in states}
        return cls(
            Directory(of_states),
            Directory([*of_states, *of_others]),
            {name: state.key for state in states for name in _former(state, day)},
            listed | others_named,
        )

    def named(self, typed: str) -> Named:
        said = fold(typed)
        begin = next((words for words in _SAID if said.startswith(fold(words))), "")
        if not begin:
            return self._found(self.parties, typed)
        found = self._found(self.states, said[len(fold(begin)) :])
        return Named(delegation(found.key)) if found.key else found

    def called(self, key: str) -> str:
        name = self.listed.get(key.removeprefix(DELEGATION), key)
        return f"{name} (delegation)" if is_delegation(key) else name

    def _found(self, directory: Directory, typed: str) -> Named:
        if typed in self.listed:  # the code itself, also one of two letters
            return Named(typed)
        if former := self.former.get(fold(typed)):
            return self._former_name_of(former, typed)
        match = directory.find(typed)
        if match.certain and fold(typed) in LONG_PAST:
            return self._former_name_of(match.keys[0], typed)
        if match.certain:
            return Named(match.keys[0])
        if match.keys:
            return Named(why=f"“{typed}” may be {' or '.join(map(self._with_code, match.keys))}; write the code")
        return Named(
            why=f"“{typed}” is no State and no organization of the registers; write its code or its formal name"
        )

    def _former_name_of(self, key: str, typed: str) -> Named:
        return Named(why=f"“{typed}” is a former name of {self._with_code(key)}; write its code or today's name")

    def _with_code(self, key: str) -> str:
        return f"{self.called(key)} ({key})"


def _former(state: State, day: date) -> set[str]:
    """The names that were a State's before `day` and are no longer."""
    today = state.named_on(day)
    past = [names for names in state.names if names.until and names.until < day]
    return {name for names in past for name in _all(names)} - _all(today)


def _all(names: Names) -> set[str]:
    written = (words for one in names.words.values() for words in (one.short, one.formal))
    return {fold(name) for name in (names.listed, *written)}
