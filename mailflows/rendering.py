"""A letter's words become its subject, its plain text and its HTML, from one frozen bundle of templates."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

from jinja2 import BaseLoader, DictLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from committee.calendar import new_york
from committee.errors import Refused
from committee.letters import Letter, LetterKind
from mailflows.markdown import as_html, as_text, clean, literal, one_line, quoted, spoken, wrapped
from mailflows.marking import marked
from mailflows.wording import day_in

FORMAT = 1
LONGEST_SUBJECT = 200


class Frozen(NamedTuple):
    """The templates of one kind of letter in one language, as one file that is kept under its hash."""

    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


@cache
def freeze(kind: LetterKind, language: str) -> Frozen:
    """What a letter is written with: kept when it is released, so that a retry after an upgrade says the same."""
    shelf = files("templates")
    sources = {
        "letter": _source(shelf / "letters" / kind / language, kind, language),
        "letterhead": _source(shelf / "letterhead" / language, kind, language),
        "text": (shelf / "layouts" / "letter.txt").read_text("utf-8"),
        "html": (shelf / "layouts" / "letter.html").read_text("utf-8"),
    }
    bundle = {"format": FORMAT, "kind": kind, "language": language, **sources}
    data = json.dumps(bundle, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return Frozen(hashlib.sha256(data).hexdigest(), data)


@cache
def shipped_languages() -> frozenset[str]:
    """The languages in which every letter can be written."""
    return frozenset(
        language.name for language in (files("templates") / "letterhead").iterdir() if language.name.isalpha()
    )


def render(bundle: bytes, letter: Letter) -> Rendered:
    """The letter as it was frozen: its own words in the templates of `bundle`; nothing of today's settings."""
    templates = opened(bundle, wrapped)
    words = cleaned(letter.words) | facts(letter)
    subject, body = marked(letter, templates.subject.render(words), templates.body.render(words))
    return Rendered(
        subject=one_line(subject)[:LONGEST_SUBJECT],
        text=templates.text.render(words, body=as_text(body)).strip("\n") + "\n",
        html=templates.html.render(words, body=Markup(as_html(body))),  # noqa: S704 - nh3 has cleaned it
    )


def _source(file: Traversable, kind: LetterKind, language: str) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError as error:
        raise Refused(
            f"There is no {kind} in {language!r}; letters are written in: {', '.join(sorted(shipped_languages()))}."
        ) from error


@dataclass(frozen=True, slots=True)
class Templates:
    subject: Template
    body: Template
    text: Template
    html: Template


def texts_of(bundle: bytes) -> dict[str, str]:
    """The texts in a kept bundle: the letter's first line is its subject, the rest its body."""
    kept: dict[str, Any] = json.loads(bundle)
    if kept["format"] != FORMAT:
        raise Refused("This letter was frozen by another Verbale, in a format that this one does not know.")
    subject, _, body = kept["letter"].partition("\n")
    return {name: kept[name] for name in ("letterhead", "text", "html")} | {"subject": subject, "body": body}


@lru_cache(maxsize=64)
def opened(bundle: bytes, wrap: Callable[[str], str]) -> Templates:
    """The templates of a kept bundle, compiled once; `wrap` is what their filter `wrapped` does."""
    kept = texts_of(bundle)
    layouts = environment(DictLoader(kept), wrap, autoescape=lambda name: name == "html")
    return Templates(
        subject=layouts.from_string(kept["subject"]),
        body=environment(DictLoader({}), wrap, finalize=literal).from_string(kept["body"]),
        text=layouts.get_template("text"),
        html=layouts.get_template("html"),
    )


def environment(loader: BaseLoader, wrap: Callable[[str], str], **options: Any) -> ImmutableSandboxedEnvironment:
    """What people wrote is a value, never a template; a word that a letter does not have is an error."""
    environment = ImmutableSandboxedEnvironment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, **options
    )
    environment.filters |= {"quoted": quoted, "spoken": spoken, "wrapped": wrap}
    return environment


def facts(letter: Letter) -> dict[str, Any]:
    """What the letterhead says of every letter."""
    return {
        "language": letter.language,
        "reference": one_line(letter.reference),
        "date": _day(letter.language, letter.date or letter.queued_at),
        "sender": letter.sender,
        "handling": letter.handling.value,
        "to": [one_line(person.name) or person.address for person in letter.addressees if not person.copy],
        "copies": [one_line(person.name) or person.address for person in letter.addressees if person.copy],
        "enclosures": len(letter.enclosures),
    }


@lru_cache(maxsize=100)
def _day(language: str, moment: datetime) -> str:
    return day_in(language, new_york(moment).date())


def cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: cleaned(word) for key, word in value.items()}
    return [cleaned(word) for word in value] if isinstance(value, list) else value
