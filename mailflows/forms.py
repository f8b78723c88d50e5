"""What many letters have in common is written once: their forms, in which only the holes are filled for each letter."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from jinja2 import Environment, meta
from markupsafe import Markup

from committee.letters import Letter
from mailflows.encoding import Written, quoted_printable, written
from mailflows.filling import Escape, Form, Line, Parts, as_jinja, as_nh3, filled, picking
from mailflows.holes import FIRST_HOLE, MOST_HOLES, Uneven, Uses, parted
from mailflows.markdown import WIDTH, as_html, as_text, clean, even, evenly_wrapped, wrapped, wrapped_line
from mailflows.rendering import cleaned, facts, opened, render, texts_of

MOST_FORMS = 64
"""Of one bundle: its letters differ in what is left out, in how many enclosures they list, and in little else."""
MOST_MET = 1_000
LONGEST_FORM = 20_000  # signs of its words

_OF_BODY = 0xF0000 - FIRST_HOLE  # in HTML the holes of the body stand apart: they are escaped as nh3 does it
_HOLES = f"\U000f0000-{chr(0xF0000 + MOST_HOLES - 1)}{chr(FIRST_HOLE)}-{chr(FIRST_HOLE + MOST_HOLES - 1)}"
_HOLE = re.compile(f"([{_HOLES}])")
_OURS = re.compile("[\U000f0000-\U0010ffff]")
_BODY = "\U0010f000"
_OPEN, _CLOSE = 0x10F100, "\U0010f200"  # and the width: a line that is wrapped when its holes are filled
_OPENINGS = tuple(chr(_OPEN + width) for width in range(WIDTH + 1))
_OPEN_LINE = re.compile(f"([^\U000f0000-\U0010ffff]*)([\U0010f100-\U0010f1ff])([^\U0010f100-{_CLOSE}]+){_CLOSE}\n")
_EACH_LINE = re.compile(r"[^\n]*\n|[^\n]+")
# Where another sign in the place of a hole could be read as Markdown: beside a mark, after a backslash, as a list's number.
_BOUND = re.compile(rf"[*_\\][{_HOLES}]|[{_HOLES}][*_]|^[ >*+.)\d{_HOLES}-]*[{_HOLES}]\d*[.)](?:\s|\Z)", re.MULTILINE)
_IN_A_LINK = re.compile(f"<a [^>]*>(?:(?!</a>).)*[{_HOLES}]", re.DOTALL)


class Unfit(Exception):
    """These templates and words do not make a form; letters that have it are rendered each for itself."""


class Bundle:
    """One kept bundle of templates, and the forms that letters written with it have had so far."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._fitting = _fitting(data)
        self._met: set[int] = set()
        self._forms: dict[str, Form | None] = {}

    def write(self, letter: Letter) -> Written:
        """The letter, byte for byte as `render` has it: by its form, where it has one that is known."""
        if letter.second_copy_of:  # its mark stands before the subject and above the words; such letters are few
            return self._rendered(letter)
        try:
            form, values = parted(letter.words | facts(letter), self._fitting)
        except Uneven:
            return self._rendered(letter)
        key = repr(form)
        if key not in self._forms:
            return self._first_of(key, form, values, letter)
        known = self._forms[key]
        return filled(known, values) if known else self._rendered(letter)

    def knows(self, letter: Letter) -> bool:
        """Whether it has a form that is known, so that only its holes are filled."""
        try:
            form, _ = parted(letter.words | facts(letter), self._fitting)
        except Uneven:
            return False
        return not letter.second_copy_of and self._forms.get(repr(form)) is not None

    def _rendered(self, letter: Letter) -> Written:
        return written(render(self._data, letter))

    def _first_of(self, key: str, form: Mapping[str, Any], values: list[str], letter: Letter) -> Written:
        """A form is made when it is met again: one that holds an officer's own words never is."""
        rendered = self._rendered(letter)
        if hash(key) in self._met and len(key) <= LONGEST_FORM:
            if len(self._forms) >= MOST_FORMS:
                del self._forms[next(iter(self._forms))]
            written_out = self._fitting.get("body") == (str,)
            self._forms[key] = _proven(self._data, form, values, rendered) if written_out else None
        if len(self._met) >= MOST_MET:
            self._met.clear()
        self._met.add(hash(key))
        return rendered


@lru_cache(maxsize=64)
def bundle(data: bytes) -> Bundle:
    """The bundle of these bytes; two of the same are one, and share their forms."""
    return Bundle(data)


def _fitting(data: bytes) -> Mapping[str, tuple[type, ...]]:
    """What each word must be to leave holes. Whatever the letterhead has to do with, it reads: it sets names of its own."""
    texts, uses, reader = texts_of(data), Uses(), Environment(autoescape=True)
    for name in ("subject", "body", "text", "html"):
        uses.follow(reader.parse(texts[name]), {})
    uses.read.update(meta.find_undeclared_variables(reader.parse(texts["letterhead"])))
    return uses.fitting()


def _proven(data: bytes, words: Mapping[str, Any], values: list[str], rendered: Written) -> Form | None:
    """The form, if it gives the letter by which it was met as that was rendered."""
    try:
        made = _made(data, cleaned(dict(words)), len(values))
    except Unfit:
        return None
    return made if filled(made, values) == rendered else None


def _made(data: bytes, words: dict[str, Any], holes: int) -> Form:
    said = json.dumps(words, ensure_ascii=False)
    if len(_OURS.findall(said)) != holes or any(map(_OURS.search, texts_of(data).values())):
        raise Unfit
    templates = opened(data, _left_open)
    body = templates.body.render(words)
    body_html = as_html(body)
    if _BOUND.search(body) or _IN_A_LINK.search(body_html):
        raise Unfit
    text = templates.text.render(words, body=_BODY).strip("\n") + "\n"
    above, found, below = text.partition(f"\n{_BODY}\n")
    if not found:
        raise Unfit
    html = templates.html.render(words, body=Markup(_BODY))  # noqa: S704 - one sign
    apart = _HOLE.sub(lambda hole: chr(ord(hole[1]) + _OF_BODY), body_html)
    return Form(
        subject=_line(templates.subject.render(words)),
        text=(
            *_parts(f"{above}\n", _layout_line),
            *_parts(f"{as_text(body, _left_open)}\n", _body_line),
            *_parts(below, _layout_line),
        ),
        html=_parts(html.replace(_BODY, apart), lambda line: _line(line, as_jinja)),
    )


def _left_open(text: str, width: int = WIDTH) -> str:
    """What `wrapped` does with lines that have no holes; the others only say how wide they may be."""
    if _BODY in text:
        raise Unfit
    return "\n".join(
        f"{chr(_OPEN + width)}{line}{_CLOSE}" if _HOLE.search(line) else wrapped(line, width)
        for line in text.split("\n")
    )


def _parts(text: str, line_of: Callable[[str], Line]) -> Parts:
    parts: list[bytes | Line] = []
    for line in _EACH_LINE.findall(clean(text)):
        if _OURS.search(line):
            parts.append(line_of(line))
        elif parts and isinstance(parts[-1], bytes):
            parts[-1] += quoted_printable(line)
        else:
            parts.append(quoted_printable(line))
    return tuple(parts)


def _layout_line(line: str) -> Line:
    """A line of the layout; what was left open in it stands alone, for its lines are not set in."""
    return _body_line(line) if line.startswith(_OPENINGS) else _line(line)


def _body_line(line: str) -> Line:
    """A line of the body, which may have been left open: its lines are set in as far as what stands before the first."""
    left_open = _OPEN_LINE.fullmatch(line)
    if not left_open:
        return _line(line)
    before, width, words = left_open.groups()
    wrap = evenly_wrapped if even(_HOLE.sub("x", words)) else wrapped_line
    return replace(_line(words), before=before, width=ord(width) - _OPEN, wrap=wrap)


def _line(line: str, escaped: Escape | None = None) -> Line:
    fixed, holes = _HOLE.split(line)[::2], [ord(hole) for hole in _HOLE.findall(line)]
    if _OURS.search("".join(fixed)):
        raise Unfit
    return Line(
        pattern="%s".join(piece.replace("%", "%%") for piece in fixed),
        picked=picking([hole - FIRST_HOLE - (_OF_BODY if hole < FIRST_HOLE else 0) for hole in holes]),
        escapes=tuple(as_nh3 if hole < FIRST_HOLE else escaped for hole in holes) if escaped else (),
    )
