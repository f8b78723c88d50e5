"""The Committee's working groups and subcommittees, and who chairs what, when (S/2012/663, appendix)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class WorkingGroup:
    """A body of the Committee; `suspended` names the paragraph by which it does not meet in this programme."""

    key: str
    name: str
    part: str
    tasks: tuple[str, ...]
    source: str
    suspended: str = ""


@dataclass(frozen=True, slots=True)
class Chairing:
    """One person in one chair from a day until a day; `body` is a working group's key, or `committee`."""

    key: str
    body: str
    name: str
    delegation: str
    start: date
    end: date | None = None
    illustrative: bool = False
