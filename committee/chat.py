"""What the desk keeps of chat beside its cards: which events it has heard, forms that were closed, who looks at a queue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """An event, or a form that was sent, by chat's own id: added in the commit of what it did, so that it does it once."""

    key: str
    at: datetime  # by the world's clock: chat repeats by it
    by: str


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What a person had filled in when they closed a form; `key` is PERSON/FORM/ABOUT, and `about` what it was opened for."""

    key: str
    at: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    about: str = ""


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody (TEAM/USER) has opened their work queue in chat, so it is kept as the desk is now."""

    key: str
    at: datetime
