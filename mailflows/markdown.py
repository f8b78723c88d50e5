"""The letters' small Markdown: one body as plain text and as HTML, in which values stay literally what they are."""

import re
import textwrap
from collections.abc import Callable, Iterator

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

WIDTH = 72
_READER = MarkdownIt("zero").enable(["list", "blockquote", "newline", "escape", "emphasis", "link"])
_TAGS = {"p", "ul", "ol", "li", "blockquote", "strong", "em", "a", "br"}
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
_SPACE = re.compile(r"[ \t\n]+")
# Control codes, surrogates, and the marks that turn the direction of what follows them; a name may keep its own marks.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


class Markdown(str):
    """Text whose signs are meant as Markdown."""

    __slots__ = ()


def clean(text: str) -> str:
    """Text that every reader can show: no control codes, line breaks as one sign."""
    if text.isprintable():
        return text
    return _UNPRINTABLE.sub("", _BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return _SPACE.sub(" ", clean(text)).strip(" ")


def literal(value: object) -> Markdown:
    """A value in a line of a letter: shown as what it is, whatever signs it has."""
    return value if isinstance(value, Markdown) else Markdown(_SIGNS.sub(r"\\\1", one_line(str(value))))


def quoted(value: object) -> Markdown:
    """Somebody's own words as an indented block: paragraphs and line breaks kept, every sign literal."""
    return Markdown("\n>\n".join("\\\n".join(f"> {line}" for line in lines) for lines in _paragraphs(value)))


def spoken(value: object) -> Markdown:
    """Somebody's own words as the letter's: paragraphs and line breaks kept, every sign literal."""
    return Markdown("\n\n".join("\\\n".join(lines) for lines in _paragraphs(value)))


def _paragraphs(value: object) -> Iterator[list[str]]:
    return (_lines(paragraph) for paragraph in _PARAGRAPHS.split(clean(str(value)).strip(" \t\n")))


def _lines(paragraph: str) -> list[str]:
    return [literal(line) for line in paragraph.split("\n") if line.strip(" \t")] or [""]


def as_html(body: str) -> str:
    """The body as HTML, in which only the few tags of a letter and links by mailto or https can stand."""
    return nh3.clean(_READER.render(body), tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"mailto", "https"})


def wrapped(text: str, width: int = WIDTH) -> str:
    return "\n".join("\n".join(wrapped_line(line, width)) for line in text.split("\n"))


def even(text: str) -> bool:
    """Whether it is nothing but printable words with one space between each two, no-break spaces counted as spaces."""
    if not text.isprintable():
        text = text.replace("\N{NO-BREAK SPACE}", " ")
        if not text.isprintable():
            return False
    return "  " not in text and text[:1] != " " and text[-1:] != " "


def wrapped_line(line: str, width: int) -> list[str]:
    """One line in lines of at most `width` characters, as textwrap has them; a word alone may be longer."""
    if width < 1 or not even(line):
        return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
    return evenly_wrapped(line, width)


def evenly_wrapped(line: str, width: int) -> list[str]:
    """What `wrapped_line` makes of a line that is known to be even."""
    lines, start, size = [], 0, len(line)
    while size - start > width:
        end = line.rfind(" ", start, start + width + 1)
        if end < 0 and (end := line.find(" ", start + width)) < 0:
            break
        lines.append(line[start:end])
        start = end + 1  # from line to line, not word by word: ten times as quick
    return [*lines, line[start:]] if line else []


Wrap = Callable[[str, int], str]


def as_text(body: str, wrap: Wrap = wrapped) -> str:
    """The body as plain text, wrapped at 72 characters; what has no space in it is never broken."""
    return "\n\n".join(_blocks(SyntaxTreeNode(_READER.parse(body)), WIDTH, wrap))


def _blocks(node: SyntaxTreeNode, width: int, wrap: Wrap) -> Iterator[str]:
    for block in node.children:
        if block.type == "blockquote":
            yield _indented("    ", "\n\n".join(_blocks(block, width - 4, wrap)))
        elif block.type in {"bullet_list", "ordered_list"}:
            yield "\n".join(_items(block, width, wrap))
        else:
            yield wrap("".join(_inline(block)), width)


def _items(listing: SyntaxTreeNode, width: int, wrap: Wrap) -> Iterator[str]:
    for place, item in enumerate(listing.children, int(listing.attrs.get("start", 1))):
        mark = "- " if listing.type == "bullet_list" else f"{place}. "
        text = "\n".join(_blocks(item, width - len(mark), wrap))
        yield mark + _indented(" " * len(mark), text).removeprefix(" " * len(mark))


def _indented(by: str, text: str) -> str:
    return textwrap.indent(text, by)


def _inline(node: SyntaxTreeNode) -> Iterator[str]:
    for child in node.children:
        if child.type == "text":
            yield child.content
        elif child.type in {"softbreak", "hardbreak"}:
            yield " " if child.type == "softbreak" else "\n"
        else:
            yield from _inline(child)
        if child.type == "link" and (href := str(child.attrs["href"])) not in "".join(_inline(child)):
            yield f" <{href.removeprefix('mailto:')}>"
