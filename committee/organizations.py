"""International, regional and subregional organizations (S/2012/663, part 3)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Organization:
    key: str
    name: str
    type: str
    field: str
    source: str
