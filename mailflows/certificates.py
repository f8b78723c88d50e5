"""The certificate of a letter or a release: who accepted it, when and in whose words; what it does not say, it says too."""

from collections.abc import Iterable
from typing import Any

from committee.approvals import said as said_of
from committee.contacts import Contact, Office
from committee.counting import counted
from committee.letters import Copy
from committee.proofs import SAID, accepted_by, address_is_dead, at_the_address, in_both_zones, in_utc, line_of, why_not
from mailflows.desk import Desk
from mailflows.drawing import Drawn, drawn
from mailflows.proof import Proof, Proven

WHAT_IT_SAYS = (
    "A mail server that accepts a message has taken over the responsibility for passing it on (RFC 5321, section 6.1). "
    "This certificate says which server accepted which copy, and when. It does not say, and nobody can know from it, "
    "that a person has received or opened it."
)
_WHOSE = {
    Office.PERMANENT_MISSION: "the mission",
    Office.PERMANENT_REPRESENTATIVE: "the mission",
    Office.DEPUTY: "the mission",
    Office.DELEGATION: "the delegation",
    Office.OFFICE: "the organization",
    Office.POINT_OF_CONTACT: "the organization",
    Office.NATIONAL_CONTACT_POINT: "the national contact point",
    Office.MINISTRY: "the ministry",
    Office.SECRETARIAT: "the other Committee",
}


async def certificate(shown: Proof, desk: Desk) -> Drawn:
    """The proof as a PDF."""
    offices = await whose(shown.copies, desk)
    count, last = await desk.store.trail.end()
    named = {one.letter.key: one.letter.reference for one in shown.copies}
    of = f"letter {named[shown.key]}" if shown.key in named else f"release {shown.key}"
    trail = (
        f"As of {in_both_zones(shown.as_of)}. The desk’s audit trail had {counted(count, 'entry', 'entries')} then, the last "
        f"with the SHA-256 {last or 'none'}."
    )
    data = {
        "title": f"Certificate of acceptance: {of}",
        "desk": desk.address or "Verbale",
        "footer": f"{shown.key} · {desk.address} · as of {in_both_zones(shown.as_of)}",
        "practice": desk.facts.practice,
        "sentences": [*_summary(shown), *_dead(shown), *await on_whose_word(shown, desk), WHAT_IT_SAYS, trail],
        "open": [{"name": one.name, "state": str(one.state), "why": one.why} for one in shown.open],
        "copies": [_copy(number, one, offices[one.delivery.key]) for number, one in enumerate(shown.copies, 1)],
    }
    return await drawn("proof", data, shown.as_of)


async def on_whose_word(shown: Proof, desk: Desk) -> list[str]:
    """Who prepared and who released what took two people, a sentence for each two; what was released in an emergency says so."""
    approvals = dict.fromkeys(one.letter.approval for one in shown.copies if one.letter.approval)
    names = {person.key: person.name for person in await desk.store.staff.all()} if approvals else {}
    return [said_of(approval, lambda key: names.get(key, key)) for approval in approvals]


async def whose(copies: Iterable[Proven], desk: Desk) -> dict[str, str]:
    """For whom each delivery's address takes mail, by the address book of today: the mission, the organization, the party."""
    addresses = tuple({one.delivery.address for one in copies})
    book: dict[str, Contact] = {}
    for contact in await desk.store.contacts.find(address=addresses) if addresses else ():
        book[contact.address] = contact
    return {
        one.delivery.key: _WHOSE.get(book[one.delivery.address].office, "the recipient")
        if one.delivery.address in book
        else "the recipient"
        for one in copies
    }


def said(one: Proven, whom: str) -> list[str]:
    """What is on record of one copy, a sentence for each acceptance; why nobody has it, where nobody has."""
    sentences = [f"{accepted_by(copy, one.delivery.address, whom)}." for copy in one.acceptances]
    if len(sentences) > 1:
        sentences.append(
            f"So {len(sentences)} servers’ answers are on record: after a crash it went again, with the same Message-ID."
        )
    if not one.has_it:
        sentences.append(f"{why_not(one.delivery, one.standing.stopped).rstrip('.')}.")
        if dead := at_the_address(one.delivery, one.standing.deliveries):
            sentences.append(f"{dead}.")
    return [f"{sentence[:1].upper()}{sentence[1:]}" for sentence in sentences]


def _dead(shown: Proof) -> list[str]:
    """How many of its addresses take no mail, and that their copies serve nobody."""
    count = len({one.delivery.address for one in shown.copies if address_is_dead(one.delivery)})
    if not count:
        return []
    takes = "takes" if count == 1 else "take"
    until = "a party with such an address is not served until another one of its own has accepted the letter"
    return [f"{counted(count, 'address', 'addresses')} {takes} no mail: {until}."]


def _summary(shown: Proof) -> list[str]:
    letters = {one.letter.key: one.letter for one in shown.copies}
    kinds = ", ".join(dict.fromkeys(SAID[letter.kind] for letter in letters.values()))
    total, moments = len(shown.standings), shown.moments
    served = (
        f"{counted(len(letters), 'letter')} ({kinds}) in {counted(len(shown.copies), 'copy', 'copies')} to "
        f"{counted(total, 'party', 'parties')}. {shown.served} of {total} {'is' if shown.served == 1 else 'are'} served: "
        "a party is served when one of its addresses has accepted."
    )
    if not moments:
        return [served, "Nothing of it has been accepted as yet."]
    return [served, f"First acceptance: {in_both_zones(moments[0])}. Last acceptance: {in_both_zones(moments[-1])}."]


def _copy(number: int, one: Proven, whom: str) -> dict[str, Any]:
    letter, delivery = one.letter, one.delivery
    first = next((other for other in one.standing.letters if other.key == letter.second_copy_of), None)
    repeats = f", second copy of {first.reference}" if first else ""
    return {
        "number": str(number),
        "name": one.standing.name,
        "kind": f"{letter.reference}: {SAID[letter.kind]}{repeats}",
        "address": delivery.address,
        "said": said(one, whom),
        "replies": [copy.reply for copy in one.acceptances if copy.reply],
        "facts": [
            ["Delivery", delivery.key],
            ["Message-ID", letter.message_id],
            *(fact for copy in one.acceptances for fact in _facts(copy)),
        ],
    }


def _facts(copy: Copy) -> list[list[str]]:
    version, cipher = line_of(copy.tls)
    line = f"{version}, cipher {cipher}" if version else "not encrypted"
    facts = [
        ["Accepted", in_utc(copy.at)],
        ["Relay", copy.server],
        ["Line", line],
        ["SHA-256 of what was sent", copy.sha256],
    ]
    return [[label, value] for label, value in facts if value]
