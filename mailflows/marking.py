"""A deliberate second copy says so, in its subject and in its first sentence, whatever templates it is written with."""

from functools import cache
from importlib.resources import files

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from committee.calendar import new_york
from committee.letters import Letter
from mailflows.markdown import literal
from mailflows.wording import day_in

WORD = "second_copy"
"""Under which word of the letter the mark is frozen, so that an upgrade changes nothing of what it says."""


def mark_of(first: Letter) -> dict[str, str]:
    """What stands on a second copy of `first`, in its language: before its subject, and above its words."""
    subject, sentence = _templates(first.language)
    facts = {
        "reference": first.reference,
        "date": day_in(first.language, new_york(first.date or first.queued_at).date()),
    }
    return {"subject": subject.render(facts), "sentence": sentence.render(facts).strip()}


def marked(letter: Letter, subject: str, body: str) -> tuple[str, str]:
    """The subject and the Markdown of a letter, marked where it is a second copy.

    The templates of the first letter know nothing of it, older ones least of all; so the mark is put on what they made.
    """
    if not letter.second_copy_of:
        return subject, body
    mark = letter.words[WORD]
    return f"{mark['subject']} {subject}", f"{literal(mark['sentence'])}\n\n{body}"


@cache
def _templates(language: str) -> tuple[Template, Template]:
    subject, _, sentence = (files("templates") / "marks" / "second-copy" / language).read_text("utf-8").partition("\n")
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    return environment.from_string(subject), environment.from_string(sentence)
