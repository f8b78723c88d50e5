"""An attachment's name becomes safe to show and to store: no path, no control or direction mark, 255 bytes."""

import re

from mailflows.reading.headers import one_line

LONGEST = 255  # bytes in UTF-8
EXTENSIONS = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/zip": ".zip",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


def clean(name: str | None, *, number: int, kind: str) -> str:
    """The last part of `name`, or `unnamed-3.pdf` for the third attachment where nothing is left of it."""
    last = re.split(r"[/\\]", one_line(name or ""))[-1]
    kept = re.sub(r'[<>:"|?*]', "_", last).strip(" .")
    return _short(kept) if kept else f"unnamed-{number}{EXTENSIONS.get(kind, '')}"


def extension(name: str) -> str:
    """`.pdf`, in lower case; empty where the name has none."""
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""


def _short(name: str) -> str:
    """At most 255 bytes, its extension kept and no character cut in two."""
    raw = name.encode()
    if len(raw) <= LONGEST:
        return name
    end = extension(name).encode()
    end = end if len(end) <= 20 else b""  # noqa: PLR2004 - longer is no extension
    return raw[: LONGEST - len(end)].decode(errors="ignore") + end.decode()
