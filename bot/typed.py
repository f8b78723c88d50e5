"""What was typed becomes words: quotes and dashes are forgiven as phones make them, and nothing fails."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.plain import plain

LONGEST: Final = 10_000
"""Characters of one command: more is a document, and documents enter by file."""

_DOUBLE: Final = {'"': '"”“', "“": '”"', "”": '”"', "„": "“”", "‟": "”", "«": "»"}
_SINGLE: Final = {"'": "'", "‘": "’'", "’": "’'", "‚": "‘’"}
_CLOSES: Final = {opening: re.compile(f"[{closing}]") for opening, closing in _DOUBLE.items()} | {
    # before a space or a comma; between letters it is an apostrophe
    opening: re.compile(rf"[{closing}](?=[\s,;]|$)")
    for opening, closing in _SINGLE.items()
}
_DEEPEST: Final = 5
_DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_OPTION: Final = re.compile(rf"(?:--+|[{_DASHES[1:]}][{_DASHES}]*)(?=[A-Za-z])")


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or several in quotes: its text without them, and where it stands in the line."""

    text: str
    start: int
    end: int
    raw: str = ""  # as typed, with its quotes
    quoted: bool = False  # whole in quotes: then it is never an option nor a word of the language
    phone: bool = False  # an option whose two dashes a phone has made into one

    @property
    def is_option(self) -> bool:
        return not self.quoted and self.text.startswith("--") and self.text[2:3].isalpha()


def split(typed: str) -> tuple[str, ...]:
    """The words of a command; the slash command's or the program's own name before them does not count."""
    return tuple(word.text for word in words_of(plain(typed)))


def words_of(line: str) -> tuple[Word, ...]:
    """The words of `line` (already `plain`), each with its place in it."""
    words = tuple(_words(line))
    if len(words) == 1 and words[0].quoted:  # the whole command came in quotes
        shift = line.find(words[0].text, words[0].start)
        return tuple(_moved(word, shift) for word in _without_name(tuple(_words(words[0].text))))
    return _without_name(words)


def unquoted(text: str) -> str:
    """Free text without the one pair of quotes around it, and without a quote that was opened and never closed."""
    text = text.strip()
    if not text or text[0] not in _CLOSES:
        return text
    end = _closing(text, 0)
    if end == len(text) - 1:
        return text[1:end].strip()
    whole = text[0] in _SINGLE and text[-1] in _SINGLE and not re.search(r"\s['‘‚]", text)
    if whole and len(text) > 1:  # 'the ministers' report': the apostrophe within did not close it
        return text[1:-1].strip()
    return text[1:].strip() if end is None and text[0] not in _SINGLE else text


def comma_list(text: str) -> tuple[str, ...]:
    """The members of a list with commas; a comma within quotes belongs to a name."""
    members, start, at = [], 0, 0
    while at < len(text):
        end = _closing(text, at) if text[at] in _CLOSES and not text[start:at].strip() else None
        at = end if end is not None else at
        if text[at] in ",;،、，":
            members.append(text[start:at])
            start = at + 1
        at += 1
    return tuple(member for raw in (*members, text[start:]) if (member := " ".join(unquoted(raw).split())))


def _words(line: str) -> Iterator[Word]:
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        word = _word(line, at)
        yield word
        at = word.end


def _word(line: str, start: int) -> Word:
    """The word that begins at `start`: quotes open at its beginning, after = and after a comma, and nowhere else."""
    parts, at, quoted = [], start, False
    while at < len(line) and not line[at].isspace():
        opens = line[at] in _CLOSES and (at == start or line[at - 1] in "=,")
        end = _closing(line, at) if opens else None
        if end is None:
            parts.append(line[at])
            at += 1
        else:
            quoted = quoted or at == start
            parts.append(line[at + 1 : end].strip() if line[at] == "«" else line[at + 1 : end])
            at = end + 1
    text = "".join(parts)
    whole = quoted and _closing(line, start) == at - 1
    dashes = None if whole else _OPTION.match(text)
    if dashes is None:
        return Word(text, start, at, line[start:at], quoted=whole)
    return Word(f"--{text[dashes.end() :]}", start, at, line[start:at], phone="--" not in dashes.group())


def _closing(line: str, start: int) -> int | None:
    """Where the quote that opens at `start` closes, or None: then it is no quote."""
    opening = line[start]
    if opening == '"' and (straight := line.find('"', start + 1)) >= 0 and _in_pairs(line[start + 1 : straight]):
        return straight
    if opening in "“«" and (end := _closing_nested(line, start)) is not None:
        return end
    closed = _CLOSES[opening].search(line, start + 1)
    return closed.start() if closed else None


def _in_pairs(text: str) -> bool:
    """Whether every curly quote in it opens and closes: “like this”; then a straight one around it is closed by a straight one."""
    depth = 0
    for mark in re.findall("[“”]", text):
        depth += 1 if mark == "“" else -1
        if depth < 0:
            return False
    return depth == 0


def _closing_nested(line: str, start: int) -> int | None:
    """The closing quote of the same depth: “He said “no””."""
    opening, depth = line[start], 0
    for mark in re.finditer("[“”]" if opening == "“" else "[«»]", line[start:]):
        depth += 1 if mark.group() == opening else -1
        if depth in {0, _DEEPEST}:
            return start + mark.start() if depth == 0 else None
    return None


def _without_name(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """`/1540 states` and `verbale do states` say what `states` says."""
    if words and re.fullmatch(r"/[\w-]+", words[0].text):
        return words[1:]
    if words and words[0].text.casefold() == "verbale":
        return words[2:] if len(words) > 1 and words[1].text.casefold() == "do" else words[1:]
    return words


def _moved(word: Word, by: int) -> Word:
    return replace(word, start=word.start + by, end=word.end + by)
