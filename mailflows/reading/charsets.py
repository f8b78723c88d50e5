"""Bytes become text by the charset that was declared, else UTF-8, else windows-1252; always valid, whatever they are."""

import codecs
import re

ALIASES = {
    "ansi_x3.110": "cp1252",
    "ansi_x3.110-1983": "cp1252",
    "ansi_x3.4-1968": "us-ascii",
    "ansi_x3.4-1986": "us-ascii",
    "big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",  # as browsers read it: C1 controls are no letters
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-6-e": "iso-8859-6",
    "iso-8859-8-i": "iso-8859-8",
    "koi8-ru": "koi8-u",
    "ks_c_5601-1987": "cp949",
    "latin1": "cp1252",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "x-gbk": "gb18030",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-sjis": "cp932",
}
UNSAID = frozenset({"", "us-ascii", "ascii", "utf-8", "unknown-8bit", "x-unknown", "x-user-defined", "default"})
NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
"""Python has codecs of these names, mail has no such charsets."""

SURROGATES = re.compile("[\ud800-\udfff]")


def decoded(raw: bytes, charset: str | None, problems: list[str]) -> str:
    """The text of `raw`; an unknown or wrong charset is a problem and loses no readable word."""
    codec = _codec(charset, problems)
    try:
        return valid(raw.decode(codec or "utf-8"))
    except UnicodeError:
        return valid(_forced(raw, codec, problems))


def valid(text: str) -> str:
    """`text` without lone surrogates, which UTF-8 cannot hold."""
    return SURROGATES.sub("\ufffd", text)


def _codec(charset: str | None, problems: list[str]) -> str | None:
    """Python's codec for a declared charset; None where nothing useful was said."""
    name = (charset or "").strip(" \t\"'*;").lower()
    if name in UNSAID:
        return None
    name = ALIASES.get(name, name)
    for spelling in (name, re.sub(r"^(?:x-|windows-|cp-|ibm-|ms-)+(?=\d)", "cp", name), name.removeprefix("x-")):
        if codec := _known(spelling):
            return codec
    problems.append(f"The charset {name[:40]!r} is not known; the text was read as UTF-8 or windows-1252.")
    return None


def _known(name: str) -> str | None:
    """The codec's own name, if bytes of mail may be read with it."""
    try:
        found = codecs.lookup(name).name
        b"text".decode(found, "replace")  # LookupError for codecs that make bytes of bytes, such as zlib
    except (LookupError, ValueError):
        return None
    return None if found.replace("_", "-") in NO_CHARSETS else found


def _forced(raw: bytes, codec: str | None, problems: list[str]) -> str:
    """What can be read of bytes that their charset does not fit."""
    if codec:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            problems.append(f"Some bytes are not {codec}; they stand as \ufffd.")
            return raw.decode(codec, "replace")
    text = raw.decode("utf-8", "replace")
    marks = text.count("\ufffd")
    foreign = sum(1 for character in text if character > "\x7f")
    if marks * 10 <= foreign:  # UTF-8 with a few broken places
        problems.append("Some bytes are not UTF-8; they stand as \ufffd.")
        return text
    return raw.decode("cp1252", "replace")
