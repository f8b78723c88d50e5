"""A part becomes an attachment: its exact bytes, a clean name, its true type, and what one should know before opening it."""

import hashlib

from mailflows.reading import archives, headers, names, sniffing
from mailflows.reading.parts import Part
from mailflows.reading.transfer import content_of
from mailflows.reading.values import Attachment, Flag

LARGEST = 25_000_000  # bytes; a setting may be stricter

SAME = {
    "application/x-pdf": "application/pdf",
    "application/x-zip-compressed": "application/zip",
    "application/x-zip": "application/zip",
    "application/x-rar-compressed": "application/vnd.rar",
    "application/x-gzip": "application/gzip",
    "application/x-msdownload": "application/vnd.microsoft.portable-executable",
    "application/vnd.ms-tnef": "application/ms-tnef",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "text/rtf": "application/rtf",
    "text/xml": "application/xml",
}
BY_EXTENSION = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".docx": archives.PACKAGES[0][1],
    ".xlsx": archives.PACKAGES[1][1],
    ".pptx": archives.PACKAGES[2][1],
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".zip": "application/zip",
    ".rar": "application/vnd.rar",
    ".7z": "application/x-7z-compressed",
    ".rtf": "application/rtf",
    ".exe": "application/vnd.microsoft.portable-executable",
}
PROVABLE = frozenset(BY_EXTENSION.values())
ARCHIVES = frozenset({"application/vnd.rar", "application/x-7z-compressed", "application/gzip", "application/x-bzip2", "application/x-xz",
                      "application/x-tar"})  # fmt: skip
PROGRAMS = frozenset({"application/vnd.microsoft.portable-executable", "application/x-elf", "text/x-script"})
MACROS = tuple(word.encode("utf-16-le") for word in ("_VBA_PROJECT", "Macros"))


def attachment(part: Part, number: int, problems: list[str]) -> Attachment:
    """The `number`th attachment of a message."""
    content = content_of(part.body, part.encoding, problems)
    sniffed = "message/rfc822" if part.type in {"message/rfc822", "message/global"} else sniffing.type_of(content)
    kind = _finer(sniffed, part.type)
    name = names.clean(part.filename or _subject(part.type, content), number=number, kind=kind)
    return Attachment(
        name=name,
        type=kind,
        declared=part.type if part.headers.first("content-type") else None,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        flags=flags(name, kind, part.type, content),
        inline=_inline(part),
        content=content,
    )


def flags(name: str, kind: str, declared: str, content: bytes) -> tuple[Flag, ...]:
    """The warnings that hold, in a fixed order."""
    found = archives.zip_flags(content) if content.startswith(archives.STARTS) else set()
    ole = content.startswith(sniffing.OLE)
    warnings = {
        Flag.MISMATCH: bool(content) and _mismatch(kind, names.extension(name), declared),
        Flag.MACRO: ole and any(word in content for word in MACROS),
        Flag.ARCHIVE: kind in ARCHIVES,
        Flag.ENCRYPTED: ole and "EncryptedPackage".encode("utf-16-le") in content,
        Flag.EXECUTABLE: kind in PROGRAMS or name.lower().endswith(archives.EXECUTABLES),
        Flag.TOO_LARGE: len(content) > LARGEST,
        Flag.EMPTY: not content,
        Flag.TNEF: kind == "application/ms-tnef",
    }
    found |= {flag for flag, given in warnings.items() if given}
    return tuple(flag for flag in Flag if flag in found)


def _finer(sniffed: str, declared: str) -> str:
    """The declared type where the bytes say nothing against it: text is text/csv, unknown bytes are what was said."""
    declared = SAME.get(declared, declared)
    if sniffed == "text/plain" and declared.startswith("text/") and declared != "text/html":
        return declared
    return (
        declared
        if sniffed == sniffing.UNKNOWN and declared not in PROVABLE and not declared.startswith("text/")
        else sniffed
    )


def _mismatch(kind: str, extension: str, declared: str) -> bool:
    """Whether the name or the sender promises a type that shows in the bytes, and they show another."""
    promised = {BY_EXTENSION.get(extension), SAME.get(declared, declared)} & PROVABLE
    return bool(promised - {kind})


def _subject(kind: str, content: bytes) -> str | None:
    """The name of a message within a message."""
    if not kind.startswith("message/"):
        return None
    subject = headers.split(content.lstrip(b"\r\n"))[0].words("subject")
    return f"{subject.replace('/', '-')}.eml" if subject else None


def _inline(part: Part) -> bool:
    """Whether the part belongs to the body: a picture of a signature, not an enclosure."""
    if part.disposition == "attachment":
        return False
    within = "multipart/related" in part.inside and bool(part.headers.first("content-id"))
    return within or (part.disposition == "inline" and part.type.startswith("image/"))
