"""What a zip archive lists, read from its directory alone: nothing is ever unpacked."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from mailflows.reading.values import Flag

LONGEST_DIRECTORY = 2_000_000  # bytes; some 30,000 entries
LARGEST = 1_000_000_000  # bytes unpacked
SQUEEZED = 100  # times smaller than unpacked, above 50 MB
SQUEEZED_FROM = 50_000_000
NESTED = 10  # archives within an archive
ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz")
EXECUTABLES = (
    ".exe", ".scr", ".com", ".bat", ".cmd", ".pif", ".js", ".jse", ".vbs", ".vbe", ".wsf", ".hta", ".ps1", ".msi", ".jar", ".lnk", ".dll",
)  # fmt: skip
BROKEN = (
    zipfile.BadZipFile,
    OSError,
    ValueError,
    NotImplementedError,
    struct.error,
    zlib.error,
    IndexError,
    KeyError,
    OverflowError,
    EOFError,
)
PACKAGES = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
STARTS = (b"PK\x03\x04", b"PK\x05\x06")
OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."


@dataclass(frozen=True, slots=True)
class Listing:
    names: tuple[str, ...]
    unpacked: int
    encrypted: bool


def zip_type(content: bytes) -> str:
    """The media type of a zip: a document of an office, or an archive."""
    if OPEN_DOCUMENT in content[:100]:
        kind = content[30:100].partition(OPEN_DOCUMENT)[2].split(b"PK")[0]
        letters = "".join(
            chr(letter) for letter in kind if chr(letter).isascii() and (chr(letter).isalpha() or letter in b"-")
        )
        return f"application/vnd.oasis.opendocument.{letters}"
    listing = listed(content)
    if listing and "[Content_Types].xml" in listing.names:
        return next(
            (kind for folder, kind in PACKAGES if any(name.startswith(folder) for name in listing.names)),
            "application/zip",
        )
    return "application/zip"


def zip_flags(content: bytes) -> set[Flag]:
    """What the directory of a zip warns of; a directory that cannot be read, or is endless, is told apart by `bomb`."""
    if _directory_size(content) > LONGEST_DIRECTORY:
        return {Flag.ARCHIVE, Flag.BOMB}
    listing = listed(content)
    if listing is None:
        return {Flag.ARCHIVE}
    flags = set() if "[Content_Types].xml" in listing.names or OPEN_DOCUMENT in content[:100] else {Flag.ARCHIVE}
    names = [name.lower() for name in listing.names]
    warnings = {
        Flag.MACRO: any(name.endswith("vbaproject.bin") for name in names),
        Flag.ENCRYPTED: listing.encrypted,
        Flag.EXECUTABLE: any(name.endswith(EXECUTABLES) for name in names),
        Flag.BOMB: _bomb(listing, len(content)) or sum(name.endswith(ARCHIVES) for name in names) >= NESTED,
    }
    return flags | {flag for flag, given in warnings.items() if given}


def listed(content: bytes) -> Listing | None:
    """What the archive says it holds; None where its directory cannot be read."""
    if _directory_size(content) > LONGEST_DIRECTORY:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except BROKEN:
        return None
    names = tuple(entry.filename for entry in entries)
    return Listing(names, sum(entry.file_size for entry in entries), any(entry.flag_bits & 1 for entry in entries))


def _bomb(listing: Listing, size: int) -> bool:
    return listing.unpacked > LARGEST or (listing.unpacked > SQUEEZED_FROM and listing.unpacked > SQUEEZED * size)


def _directory_size(content: bytes) -> int:
    """The size of the directory as the end of the archive tells it (APPNOTE 4.3.14, 4.3.16): `zipfile` would read it all."""
    tail = content[-(22 + 65_535 + 76) :]
    end = tail.rfind(b"PK\x05\x06", 0, max(0, len(tail) - 18))
    size = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    if size == 0xFFFFFFFF and end >= 76 and tail[end - 20 : end - 16] == b"PK\x06\x07":  # noqa: PLR2004 - the real size is in ZIP64's record
        size = int.from_bytes(tail[end - 36 : end - 28], "little")
    return size
