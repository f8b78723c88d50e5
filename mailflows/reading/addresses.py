"""Address fields become mailboxes: quotes, comments, groups, semicolons and broken ones included (RFC 5322 3.4)."""

import re
from itertools import islice

import idna

from mailflows.reading.headers import CONTROLS, DIRECTION, one_line, words_of
from mailflows.reading.values import Mailbox

TOKEN = re.compile(r'"(?>(?:[^"\\]|\\.){0,1000})"|[<>(),;:]|[^"<>(),;:]++|"', re.DOTALL)
MOST = 1_000  # mailboxes of a field
LONGEST = 320  # characters of an address: 64 + @ + 255
SPOKEN = re.compile(r'\\(.)|"', re.DOTALL)


def mailboxes(values: list[str]) -> tuple[Mailbox, ...]:
    """Every mailbox in these address fields, in order, up to `MOST`; what holds no address is left out."""
    return tuple(islice((mailbox for value in values for mailbox in _mailboxes(value)), MOST))


def normal(address: str) -> str | None:
    """`address` in lower case with its domain as A-label; None if it is no address."""
    local, at, domain = address.strip().rpartition("@")
    local = SPOKEN.sub(r"\1", local) if re.fullmatch(r'"[\w.+=/-]+"', local) else local
    hidden = CONTROLS.search(address) or DIRECTION.search(address)
    if not (at and local and domain) or hidden or len(address) > LONGEST or re.search(r"[\s<>,;]", domain):
        return None
    if not re.fullmatch(r'"(?:[^"\\]|\\.)*"|[^\s"@<>(),:;\\]+', local):
        return None
    return f"{local.lower()}@{a_label(domain)}"


def a_label(domain: str) -> str:
    """A domain as DNS knows it: lower case, non-ASCII labels as A-labels (RFC 5891)."""
    domain = domain.strip().rstrip(".").lower()
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain


def _mailboxes(value: str) -> list[Mailbox]:
    found: list[Mailbox | None] = []
    phrase, angle, comment, depth = "", None, "", 0
    for sign in [*TOKEN.findall(value), ","]:
        if depth or sign == "(":
            depth += (sign == "(") - (sign == ")")
            comment += sign if depth and sign not in "()" else ""
        elif sign == "<":
            if angle is not None:  # the one before was never closed
                found.append(_mailbox(phrase, angle, comment))
                phrase, comment = "", ""
            angle = ""
        elif sign == ">" or (sign in ",;" and not (angle is not None and _route(angle))):
            found.append(_mailbox(phrase, angle, comment))
            phrase, angle, comment = "", None, ""
        elif angle is not None:
            angle += sign
        else:
            phrase = "" if sign == ":" else phrase + sign  # what stood before a colon named a group
    if depth:  # a comment that never ends hides nothing
        found += [Mailbox(address) for word in re.split(r"[\s,;]+", comment) if (address := normal(word))]
    return [mailbox for mailbox in found if mailbox]


def _route(angle: str) -> bool:
    """Whether `<@here,@there:name@domain` still waits for its address (RFC 5322 4.4)."""
    return angle.startswith("@") and ":" not in angle


def _mailbox(phrase: str, angle: str | None, comment: str) -> Mailbox | None:
    if angle is None:
        spec = phrase if '"@' in phrase else next((word for word in reversed(phrase.split()) if "@" in word), "")
        name = comment
    else:
        spec = angle.rpartition(":")[2] if angle.startswith("@") else angle
        name = phrase or comment
    address = normal(spec.strip().removeprefix("mailto:"))
    return Mailbox(address, one_line(SPOKEN.sub(r"\1", words_of(name))) or None) if address else None
