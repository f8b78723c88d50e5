"""The message that the library makes of the same values says the same as ours: its fields, its parts, its bytes."""

import email
import email.policy
import hashlib
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from committee.calendar import new_york
from committee.letters import Addressee, Enclosure, Letter
from mailflows.composing import Letterhead, assemble, encoded
from mailflows.encoding import written
from mailflows.headers import LONGEST_FILE_NAME, LONGEST_NAME
from mailflows.markdown import clean
from mailflows.message import Message
from mailflows.rendering import LONGEST_SUBJECT, Rendered
from mailflows.smtp_text import blocks
from tests.mailflows.sample_letters import CHAD, MALAWI, every_letter, released

HEAD = Letterhead("secretariat@1540.example")
LETTERS = [released(draft) for to in (MALAWI, CHAD) for draft in every_letter(to)]
REPLY_TO = "secretariat+token@1540.example"

LETTERS_ONLY = (
    "Mission",
    "permanente",
    "auprès",
    "l’Afrique",
    "Bücher",
    "日本国",
    "الأمم",
    "Côte",
    "x" * 60,
    "é" * 40,
    "1540",
    "😀",
)
SIGNS = ("Mission", "O'Neil", "(Ghana)", "A.", "-", "a,b", "a;b", "@home", "<b>", '"so"', "\\", ":", "1540")
WORDS = st.sampled_from([*LETTERS_ONLY, *SIGNS])
LINES = st.one_of(
    st.sampled_from(
        [".", "..", ".a", " .", "a.", "=", "=20", "a ", "\t", "From here", "--=_", "x" * 1_200, "é" * 500, ""]
    ),
    st.lists(WORDS, max_size=30).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
)
NAMES = st.lists(WORDS, max_size=8).map(lambda words: " ".join(words)[:LONGEST_NAME].strip())
TEXTS = st.lists(LINES, max_size=12).flatmap(
    lambda lines: st.sampled_from(["\n", "\r", "\r\n"]).map(lambda end: end.join(lines) + "\n")
)
ADDRESSES = st.sampled_from(
    ["mission@malawi.example", "o'neil+un@mission.example", "desk@[127.0.0.1]", "a.b@xn--bcher-kva.example"]
)
SHORT = 40
"""Signs of a subject that the library does not fold; it encodes some words of a longer one twice."""
FILES = st.tuples(
    NAMES.map(lambda name: name.replace("\\", "-")[: LONGEST_FILE_NAME // 4].strip()), st.binary(max_size=400)
)


def whole(letter: Letter, rendered: Rendered, files: dict[str, bytes]) -> Message:
    parts = {each.sha256: encoded(each, files[each.sha256]) for each in letter.enclosures}
    return assemble(letter, written(rendered), letterhead=HEAD, enclosed=parts, reply_to=REPLY_TO)


def of_the_library(letter: Letter, rendered: Rendered, files: dict[str, bytes]) -> bytes:
    """The same letter as somebody would write it with `email.message` and policy.SMTP."""
    message, display = EmailMessage(policy=email.policy.SMTP), HEAD.display(letter.sender, letter.language)
    message["Date"] = format_datetime(new_york(letter.date or letter.queued_at))
    message["From"] = Address(display, addr_spec=HEAD.address)
    for field, people in written_to(letter).items():
        if loses(people):
            continue
        message[field] = [Address(one.name, addr_spec=one.address) for one in people]
    message["Reply-To"] = Address(display, addr_spec=REPLY_TO)
    message["Subject"] = rendered.subject
    message["Message-ID"] = letter.message_id
    if letter.answers:
        message["In-Reply-To"] = message["References"] = letter.answers
    message.set_content(clean(rendered.text))
    message.add_alternative(clean(rendered.html), subtype="html")
    for each in letter.enclosures:
        maintype, _, subtype = each.type.partition("/")
        message.add_attachment(files[each.sha256], maintype=maintype, subtype=subtype, filename=each.name)
    message["Content-Language"] = letter.language  # last: what is set before an enclosure goes to the first part
    return message.as_bytes()


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def without_gaps(text: str) -> str:
    """The library keeps the space between two encoded words of a name, which RFC 2047, 6.2 does not, and folds some into more."""
    return "".join(text.split())


def written_to(letter: Letter) -> dict[str, list[Addressee]]:
    people = {
        field: [one for one in letter.addressees if one.copy is copy] for field, copy in (("To", False), ("Cc", True))
    }
    return {field: listed for field, listed in people.items() if listed}


def loses(people: list[Addressee]) -> bool:
    """Whether the library may write a field that it cannot read, or fail: it encodes and folds quotes and commas away."""
    quotes = any(sign in one.name for one in people for sign in '.,;:@()<>"\\')
    plain = all(one.name.isascii() for one in people)
    folded = sum(len(one.name) + len(one.address) for one in people) > SHORT
    return (quotes and (folded or not plain)) or (len(people) > 1 and not plain)


def fields(message: EmailMessage) -> dict[str, object]:
    """What each field says to a reader."""
    people = {
        name: [(without_gaps(one.display_name), one.addr_spec) for one in message[name].addresses]
        for name in ("From", "To", "Cc", "Reply-To")
        if message[name]
    }
    plain = ("Message-ID", "In-Reply-To", "References", "Content-Language", "MIME-Version", "Content-Type")
    return {
        "date": message["Date"].datetime,
        "subject": without_gaps(message["Subject"]),
        **people,
        **{name: str(message[name]).partition(";")[0] for name in plain if message[name]},
    }


def parts(message: EmailMessage) -> list[tuple[str, object, str | None]]:
    """What each part holds, in order, as it was before it was encoded."""
    return [
        (each.get_content_type(), None if each.is_multipart() else content(each), each.get_filename())
        for each in message.walk()
    ]


def content(part: EmailMessage) -> object:
    held = part.get_content()
    return held.replace("\r\n", "\n").removesuffix("\n") if isinstance(held, str) else held


def without_dots(wire: bytes) -> bytes:
    """What a server keeps of what came over the line (RFC 5321, 4.5.2)."""
    return b"".join(line[1:] if line.startswith(b".") else line for line in wire.splitlines(keepends=True))


CASES = st.fixed_dictionaries(
    {
        "to": st.lists(st.builds(Addressee, ADDRESSES, NAMES, st.booleans()), min_size=1, max_size=5).map(tuple),
        "subject": st.lists(WORDS, min_size=1, max_size=14).map(
            lambda words: " ".join(words)[:LONGEST_SUBJECT].strip()
        ),
        "text": TEXTS,
        "html": TEXTS,
        "files": st.lists(FILES, max_size=2),
    }
)


@settings(deadline=None)
@given(letter=st.sampled_from(LETTERS), case=CASES)
def test_both_messages_say_the_same(letter: Letter, case: dict[str, Any]) -> None:
    named = [(name or "a.pdf", held, hashlib.sha256(held).hexdigest()) for name, held in case["files"]]
    kept = {sha256: held for _, held, sha256 in named}
    enclosures = tuple(Enclosure(name, "application/pdf", len(held), sha256) for name, held, sha256 in named)
    letter = replace(letter, addressees=case["to"], enclosures=enclosures)
    rendered = Rendered(case["subject"], case["text"], case["html"])
    ours, theirs = whole(letter, rendered, kept), read(of_the_library(letter, rendered, kept))
    said, said_there = fields(read(bytes(ours))), fields(theirs)
    for field, people in written_to(letter).items():
        assert said[field] == [(without_gaps(one.name), one.address) for one in people]
        if loses(people):
            del said[field]
    assert read(bytes(ours))["Subject"] == case["subject"]
    if not case["subject"].isascii() and len(case["subject"]) > SHORT:
        del said["subject"], said_there["subject"]
    assert said == said_there
    assert parts(read(bytes(ours))) == parts(theirs)
    assert without_dots(b"".join(blocks(ours))) == bytes(ours)
    assert hashlib.sha256(bytes(ours)).hexdigest() == ours.sha256
    assert len(bytes(ours)) == len(ours)
