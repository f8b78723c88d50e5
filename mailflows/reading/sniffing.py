"""What an attachment is by its bytes, whatever its name and its sender say."""

from mailflows.reading import archives

SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (0, b"\x7fELF", "application/x-elf"),
    (0, b"#!/", "text/x-script"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
    (0, b"BEGIN:VCARD", "text/vcard"),
    (4, b"ftyp", "video/mp4"),
    (0, b"<?xml", "application/xml"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS = (
    ("EncryptedPackage", "application/x-ole-storage"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__substg1.0_", "application/vnd.ms-outlook"),
)
UNKNOWN = "application/octet-stream"
HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body")
WINDOW = 4_096


def type_of(content: bytes) -> str:
    """The media type that the bytes show; application/octet-stream where they show none."""
    if content.startswith(archives.STARTS):
        return archives.zip_type(content)
    if content.startswith(OLE):
        return _ole_type(content)
    if content.startswith(b"MZ") and b"PE\x00\x00" in content[:WINDOW]:
        return "application/vnd.microsoft.portable-executable"
    signed = (kind for place, signature, kind in SIGNATURES if content.startswith(signature, place))
    return next(signed, None) or _by_its_start(content)


def _ole_type(content: bytes) -> str:
    named = (kind for name, kind in OLE_STREAMS if name.encode("utf-16-le") in content)
    return next(named, "application/x-ole-storage")


def _by_its_start(content: bytes) -> str:
    if b"%PDF-" in content[:1_024]:  # ISO 32000 says at the very start, readers look further
        return "application/pdf"
    start = content[:WINDOW].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(HTML_STARTS):
        return "text/html"
    return "text/plain" if content and _reads(content[:WINDOW]) else UNKNOWN


def _reads(start: bytes) -> bool:
    """Whether bytes look like words: no control characters but those of lines."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not set(start) & (set(range(32)) - {9, 10, 12, 13, 27} | {127})
