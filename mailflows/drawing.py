"""Values become pages: a PDF that can be searched, read aloud and kept for decades; typst draws it, beside the event loop."""

import asyncio
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typst

from committee.errors import Refused
from mailflows.markdown import one_line

TEXT: Final = "Libertinus Serif"
"""Latin, Greek and Cyrillic; it comes with typst, as does the next."""
FIXED: Final = "DejaVu Sans Mono"
"""For hashes and addresses; Arabic is drawn with it too."""
CHINESE: Final = (
    "Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC", "Source Han Sans SC", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "AR PL UMing CN", "Droid Sans Fallback",
)  # fmt: skip
"""What a host may have for Chinese, the best first; Debian's package is fonts-noto-cjk."""
_NOT_DRAWN: Final = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]{1,6})\}|\\(.)")
_MOST_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True)
class Drawn:
    """A PDF; and the characters for which this host has no font: each stands in it as ‹U+4E2D›, and it says so."""

    pdf: bytes
    not_drawn: tuple[str, ...] = ()


async def drawn(template: str, data: Mapping[str, Any], at: datetime, fonts: Path | None = None) -> Drawn:
    """The page `template` with these values, which are never read as markup; the same values give the same bytes.

    `at` is the moment that the document bears. `fonts` is a folder to look into instead of the host's. PDF/A-2a and
    PDF/UA-1: fonts, text and structure are in it. `Refused` where it cannot be drawn at all.
    """
    return await asyncio.to_thread(_drawn, template, _cleaned(data), at, fonts)


def _drawn(template: str, data: Any, at: datetime, fonts: Path | None) -> Drawn:
    """What no font has is replaced by its number and said at the end: a box that nobody can read would say nothing."""
    missing: set[str] = set()
    for _ in range(_MOST_ROUNDS):
        shown = _numbered(data, missing) | {"not_drawn": [f"U+{ord(sign):04X}" for sign in sorted(missing)]}
        try:
            return Drawn(_compiled(template, shown, at, fonts), tuple(sorted(missing)))
        except typst.TypstError as error:
            more = {sign for text in _NOT_DRAWN.findall(error.diagnostic) for sign in _unescaped(text)} - missing
            if not more:
                raise _not_at_all(template) from error
            missing |= more
    raise _not_at_all(template)


def _compiled(template: str, data: Any, at: datetime, fonts: Path | None) -> bytes:
    found, chinese = _fonts(fonts)
    return typst.compile(
        _source(template),
        format="pdf",
        font_paths=found,
        sys_inputs={"data": json.dumps(data | {"fonts": [TEXT, *chinese, FIXED]})},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(at.timestamp()),
    )


@cache
def _source(template: str) -> bytes:
    shelf = files("templates") / "certificates"
    return (shelf / "page.typ").read_bytes() + b"\n" + (shelf / f"{template}.typ").read_bytes()


@cache
def _fonts(folder: Path | None) -> tuple[typst.Fonts, list[str]]:
    """The fonts that come with typst, and one for Chinese if there is one: of all others the page is independent."""
    there = typst.Fonts(include_system_fonts=folder is None, font_paths=[folder] if folder else [])
    by_family = {font.family: Path(font.path) for font in there.fonts() if font.path}
    name = next((family for family in CHINESE if family in by_family), None)
    if name is None:
        return typst.Fonts(include_system_fonts=False), []
    return typst.Fonts(include_system_fonts=False, font_paths=[by_family[name].parent]), [name]


def _cleaned(value: Any) -> Any:
    """Text on one line without control codes; other values as they are."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, Mapping):
        return {str(name): _cleaned(part) for name, part in value.items()}
    if isinstance(value, Iterable):
        return [_cleaned(part) for part in value]
    return value


def _numbered(value: Any, missing: set[str]) -> Any:
    if isinstance(value, str):
        return "".join(f"‹U+{ord(sign):04X}›" if sign in missing else sign for sign in value)
    if isinstance(value, dict):
        return {name: _numbered(part, missing) for name, part in value.items()}
    return [_numbered(part, missing) for part in value] if isinstance(value, list) else value


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)


def _not_at_all(template: str) -> Refused:
    return Refused(
        f"The {template} could not be drawn as a PDF; the same is in the table and in its JSON. Nothing was written."
    )
