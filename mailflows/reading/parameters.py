"""Content-Type and Content-Disposition: the value and its parameters, continued and encoded ones too (RFC 2045, 2231)."""

import re
from urllib.parse import unquote_to_bytes

from mailflows.reading.charsets import decoded
from mailflows.reading.headers import words_of

PARAMETER = re.compile(
    r';\s*([^\s=;*"]{1,60})(?:\*(\d{1,3}))?(\*?)\s*=\s*("(?>(?:[^"\\]|\\.){0,5000})"?|[^;]*+)', re.DOTALL
)


def value_of(field: str | None) -> str:
    """The value without its parameters, in lower case: `text/plain`."""
    return re.sub(r"\s", "", (field or "").partition(";")[0]).lower()


def parameters(field: str | None) -> dict[str, str]:
    """Names in lower case, values decoded; an encoded or continued value wins over a plain one of the same name."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for name, number, star, value in PARAMETER.findall(field or ""):
        text = _unquoted(value)
        if number or star:
            pieces.setdefault(name.lower(), {}).setdefault(int(number or 0), (bool(star), text))
        else:
            plain.setdefault(name.lower(), words_of(text))
    return plain | {name: _joined(numbered) for name, numbered in pieces.items()}


def _unquoted(value: str) -> str:
    value = value.strip()
    # Paths of Windows are sent with single backslashes: only quotes and backslashes are unescaped
    return re.sub(r'\\(["\\])', r"\1", value[1:].removesuffix('"')) if value.startswith('"') else value


def _joined(numbered: dict[int, tuple[bool, str]]) -> str:
    charset, raw = "", b""
    for number, (encoded, text) in sorted(numbered.items()):
        value = text
        if encoded and number == min(numbered) and text.count("'") >= 2:  # noqa: PLR2004 - charset'language'value
            charset, _, value = text.split("'", 2)
        piece = value.encode("utf-8", "replace")
        raw += unquote_to_bytes(piece) if encoded else piece
    return words_of(decoded(raw, charset, []))
