"""Whether our own server could confirm the sender: its Authentication-Results header is read (RFC 8601)."""

import re

from mailflows.reading.addresses import a_label
from mailflows.reading.values import Authentication, Reading

PIECE = re.compile(r'"(?>(?:[^"\\]|\\.){0,1000})"|[()\\;]|[^"()\\;]++|"', re.DOTALL)
RESULT = re.compile(r"\s*([a-z][\w-]*)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)\b(.*)", re.IGNORECASE | re.DOTALL)
REASON = re.compile(r'\breason\s*=\s*"(?>(?:[^"\\]|\\.){0,1000})"', re.IGNORECASE)
HEADER_FROM = re.compile(r'\bheader\s*\.\s*from\s*=\s*"?([^\s";]+)', re.IGNORECASE)
LONGEST_ID = 1_000  # characters, with the comments before it
NO_ID = ""
"""The setting for servers that write no authserv-id, such as Microsoft 365's: the topmost header counts, if it has none."""


def authentication(reading: Reading, authserv_id: str | None) -> Authentication:
    """What our server found, by the topmost header under our authserv-id; unknown (None) where no id is ours."""
    if authserv_id is None:
        return Authentication()
    ours = (header for header in reading.results if authserv_of(header) == authserv_id.strip().lower())
    header = next(iter(reading.results[:1] if authserv_id == NO_ID else ours), None)
    if header is None or authserv_of(header) != authserv_id.strip().lower():
        return Authentication(aligned=False)
    return results_of(header, reading)


def results_of(header: str, reading: Reading) -> Authentication:
    """The results that one header gives, whoever wrote it; aligned if dmarc passed for the domain of the only From."""
    found: dict[str, list[tuple[str, str]]] = {}
    for piece in _pieces(header):
        if result := RESULT.fullmatch(piece):
            found.setdefault(result[1].lower(), []).append((result[2].lower(), result[3]))
    spf, dkim, dmarc, arc = (_best(found.get(method, [])) for method in ("spf", "dkim", "dmarc", "arc"))
    return Authentication(spf, dkim, dmarc, arc, aligned=_aligned(found, reading))


def authserv_of(header: str) -> str:
    """The authserv-id of a header; empty where it names none."""
    first = next(iter(_pieces(header[:LONGEST_ID])), "").strip().lower()
    return "" if "=" in first else first.partition(" ")[0].strip('"')


def _best(results: list[tuple[str, str]]) -> str | None:
    """A message may carry several signatures: one that passes is enough (RFC 6376 6.1)."""
    values = [value for value, _ in results]
    return "pass" if "pass" in values else next(iter(values), None)


def _aligned(found: dict[str, list[tuple[str, str]]], reading: Reading) -> bool:
    dmarc = found.get("dmarc", [])
    if len(dmarc) != 1 or dmarc[0][0] != "pass" or reading.from_ is None:
        return False
    named = HEADER_FROM.findall(REASON.sub("", dmarc[0][1]))
    return [a_label(name.rpartition("@")[2]) for name in named] == [reading.from_.address.rpartition("@")[2]]


def _pieces(header: str) -> list[str]:
    """The header between its semicolons, without comments; both may stand within quotes."""
    pieces, depth = [""], 0
    signs = iter(PIECE.findall(header))
    for sign in signs:
        if sign == "\\":
            next(signs, None)
        elif sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
        elif depth == 0 and sign == ";":
            pieces.append("")
        elif depth == 0:
            pieces[-1] += sign
    return pieces
