"""A card: what a person is shown, as a value; chat, terminal and JSON each draw it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Offer:
    """A button before it is shown: the command it stands for, and the digest of what it would do.

    `asks` says which words the person must add ("party", "text"); `person` is whom it was shown to (None: anyone who may).
    """

    label: str
    line: str
    style: str = "default"  # primary | danger | default
    digest: str = ""
    asks: str = ""
    releases: str = ""  # the card of what a second person releases by it, where it does not stand on that card itself
    texts: tuple[
        tuple[str, str], ...
    ] = ()  # arguments by name, exactly as they were shown: nothing in them is read again


@dataclass(frozen=True, slots=True)
class Action:
    """A button that was shown: its id is random and used once."""

    key: str
    label: str
    line: str
    style: str
    shown_at: datetime
    person: str | None = None
    digest: str = ""
    asks: str = ""
    card: str | None = None
    used_by: str = ""
    used_at: datetime | None = None
    releases: str = ""
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One whole letter, drawn as its reader would see it."""

    heading: tuple[tuple[str, str], ...]  # From, To, Cc, Subject
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """What happened in one line (title), the sentence (text), the facts (fields), the list (rows), then the buttons."""

    title: str
    text: str = ""
    rows: tuple[dict[str, Any], ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    actions: tuple[Action, ...] = ()
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()  # which of the rows' values a person is shown; empty: all
    parts: tuple[str, ...] = ()  # and of the values of what stands in a row: a letter's deliveries; empty: all
    facts: tuple[str, ...] | None = None  # which of the fields a person is shown; None: all
    page: Page | None = None
    ok: bool = True
    approval: bool = False  # what it prepared is released by a second person, so whoever typed it cannot press it


@dataclass(frozen=True, slots=True)
class EventCard:
    """A card that tells the secretariat what happened; once someone has decided, it says who and when, without buttons."""

    key: str
    kind: str
    at: datetime
    about: str  # the key of the thing that it is about
    title: str
    text: str
    fields: dict[str, Any]
    actions: tuple[str, ...] = ()
    decided: str = ""
    thread: str = ""  # the key of what it concerns, where that is not `about`
