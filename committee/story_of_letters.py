"""What a story says of letters: announced, queued, and how far each copy has come, with the server's own words."""

from collections.abc import Iterable, Iterator, Mapping

from committee import approvals
from committee.announcements import AnnouncementState
from committee.audit import Entry
from committee.calendar import written, written_moment
from committee.letters import Delivery, DeliveryState, Letter, Stop
from committee.story import Known, Line, Trace, changed_in

OUTBOX = "delivery "
D = DeliveryState
BY_HAND: Mapping[str, str] = {
    "letter hold": "is held",
    "letter release": "was let go",
    "letter withdraw": "was withdrawn",
    "letter again": "goes again, with the same Message-ID",
}


def of_letters(entry: Entry, known: Known, trace: Trace) -> Iterator[str]:
    """The sentences of one entry about announcements, letters and their copies, and about the addresses behind them."""
    yield from _announced(entry, known, trace)
    for key in changed_in(entry, "letters"):
        letter = known.letters.get(key)
        if letter and queued_in(entry, letter, trace):
            yield from queued(letter, known)
        elif letter and entry.about in letter.automatic_replies:
            yield f"A machine answered {letter.reference}: {entry.about} is its automatic reply."
    copies = [known.deliveries[key] for key in changed_in(entry, "deliveries") if key in known.deliveries]
    if entry.doing in BY_HAND:
        yield from _by_hand(entry, copies, known)
    else:
        for copy in copies:
            yield from _moved(copy, entry, known, trace)
    yield from _stopped(entry)
    yield from _mended(entry)


def queued_in(entry: Entry, letter: Letter, trace: Trace) -> bool:
    """Whether this entry is the commit that queued the letter; its deliveries change it later."""
    made = trace.made("letters", letter.key, entry)
    return made and entry.at == letter.queued_at and not entry.doing.startswith(OUTBOX)


def queued(letter: Letter, known: Known) -> Iterator[str]:
    to = ", ".join(one.address for one in letter.addressees if not one.copy)
    copies = ", ".join(one.address for one in letter.addressees if one.copy)
    rule = letter.by.removeprefix("rule: ")
    by = f"by the rule “{rule}”" if rule != letter.by else f"by {known.named(letter.by)}"
    copied = f", in copy {copies}" if copies else ""
    yield f"{letter.reference}, {letter.kind}, was queued {by} to {to}{copied}."
    if letter.approval:
        yield approvals.said(letter.approval, known.named)
    if letter.second_copy_of:
        yield f"{letter.reference} is a second copy of {known.reference(letter.second_copy_of)}, sent on purpose."
    if letter.key in known.answered:
        yield f"{letter.reference} answers {known.answered[letter.key]}."
    if letter.conversation:
        yield f"A reply to {letter.reference} comes back to {letter.conversation}."


def untold(known: Known, trace: Trace) -> Iterator[Line]:
    """What stands on record of letters, and no gathered entry tells: queued elsewhere, or moved in another commit."""
    for letter in known.letters.values():
        if not any(queued_in(entry, letter, trace) for entry in trace.of("letters", letter.key)):
            for said in queued(letter, known):
                yield Line(letter.queued_at, letter.by, "letter queued", letter.key, said)
    for copy in known.deliveries.values():
        told = any(entry.at == copy.since for entry in trace.of("deliveries", copy.key))
        if not told and copy.letter in known.letters:
            for said in _stands(copy, known.letters[copy.letter]):
                yield Line(copy.since, "", f"{OUTBOX}{copy.state}", copy.key, said)


def _announced(entry: Entry, known: Known, trace: Trace) -> Iterator[str]:
    for key in changed_in(entry, "announcements"):
        one = known.announcements.get(key)
        if one is None:
            continue
        stands = trace.left("announcements", key, entry)
        match entry.doing:
            case "reminders announced":
                day = f" on {written(one.due)}, or on the first day after it that the rules allow"
                yield f"{key} was announced: it goes by itself{day if one.announced_at == entry.at else ''}."
            case "announcement hold":
                yield f"{key}, which was announced, is held{_because(entry, one.why if stands else '')}."
            case "announcement release":
                yield f"{key}, which was held, was let go."
            case "post posted":
                yield f"{key} counts as announced from this moment."
            case _ if any(
                letter.rungs[:1] == (key,) and letter.queued_at == entry.at for letter in known.letters.values()
            ):
                pass  # the letter itself says so
            case _ if stands and one.state is AnnouncementState.DROPPED:
                yield f"{key} was dropped: {one.why}."
            case _ if stands and one.state is AnnouncementState.HELD:
                yield f"{key}, which was announced, is held: {one.why}."
            case _:
                yield f"{key}, which was announced, has changed ({entry.doing})."


def _because(entry: Entry, otherwise: str) -> str:
    why = (entry.words or {}).get("why") or otherwise
    return f": {why}" if why else ""


def _by_hand(entry: Entry, copies: Iterable[Delivery], known: Known) -> Iterator[str]:
    """A person's act is about a letter: one sentence, with the addresses of all its copies that it moved."""
    of: dict[str, list[Delivery]] = {}
    for copy in copies:
        of.setdefault(copy.letter, []).append(copy)
    for key, moved in of.items():
        held = next((copy.held for copy in moved if copy.since == entry.at), "")
        why = _because(entry, held) if entry.doing == "letter hold" else ""
        addresses = ", ".join(copy.address for copy in moved)
        yield f"{known.reference(key)} to {addresses} {BY_HAND[entry.doing]}{why}."


def _moved(copy: Delivery, entry: Entry, known: Known, trace: Trace) -> Iterator[str]:
    reference = known.reference(copy.letter)
    letter = known.letters.get(copy.letter)
    if trace.made("deliveries", copy.key, entry) and not entry.doing.startswith(OUTBOX):
        if letter is None or not queued_in(entry, letter, trace):
            yield f"One more copy of {reference} was queued, to {copy.address}."
        return
    if letter and copy.since == entry.at and _says(copy, entry, trace):
        yield from _stands(copy, letter)
        return
    said = (entry.words or {}).get("reply", "")
    match entry.doing.removeprefix(OUTBOX):
        case D.SENDING:
            yield f"The mail server is ready for the text of {reference} for {copy.address}."
        case D.CLAIMED:
            tries = [
                one for one in trace.of("deliveries", copy.key) if one.doing == entry.doing and one.seq <= entry.seq
            ]
            yield _handed_over(reference, copy, len(tries))
        case D.SENT:
            yield from _accepted(reference, copy, said)
        case D.QUEUED:
            yield f"{reference} to {copy.address} waits to go again, with the same Message-ID."
        case D.LATER | D.UNCERTAIN | D.REFUSED | D.EXPIRED as state:
            yield f"{reference} to {copy.address} {_BECAME[D(state)]}{_words(said)}."
        case _:
            yield f"{reference} to {copy.address} has changed ({entry.doing})."


def _says(copy: Delivery, entry: Entry, trace: Trace) -> bool:
    """Whether the copy as it stands is as this entry left it; a bounce may be quicker than the mark that says sent."""
    if copy.state is D.BOUNCED:
        return not entry.doing.startswith(OUTBOX)
    return trace.left("deliveries", copy.key, entry)


def _stands(copy: Delivery, letter: Letter) -> Iterator[str]:
    """Where a copy stands now, with all that is on record of it."""
    if copy.state is D.SENT:
        yield from _accepted(letter.reference, copy, copy.reply)
    elif copy.state in {D.CLAIMED, D.SENDING}:
        yield _handed_over(letter.reference, copy, copy.tries)
    else:
        words = copy.held if copy.state is D.HELD else copy.reply if copy.state is not D.QUEUED else ""
        yield f"{letter.reference} to {copy.address} {_BECAME[copy.state]}{_words(words)}."
        if copy.state is D.LATER and copy.next_try:
            yield f"The next try of {letter.reference} to {copy.address} is on {written_moment(copy.next_try)}."


_BECAME = {
    D.QUEUED: "waits to go", D.LATER: "was put off", D.HELD: "is held", D.REFUSED: "was refused", D.BOUNCED: "bounced",
    D.UNCERTAIN: "is uncertain", D.EXPIRED: "expired", D.WITHDRAWN: "was withdrawn",
}  # fmt: skip


def _handed_over(reference: str, copy: Delivery, nth: int) -> str:
    return f"{reference} was taken up, to be handed to the mail server for {copy.address}{f', try {nth}' if nth > 1 else ''}."


def _accepted(reference: str, copy: Delivery, reply: str) -> Iterator[str]:
    line = f", over a line protected by {copy.tls}" if copy.tls else ""
    yield f"{copy.server or 'The mail server'} accepted {reference} for {copy.address}{line}{_words(reply)}."
    if copy.sha256:
        yield f"The SHA-256 of what left for {copy.address}: {copy.sha256}"


def _words(said: str) -> str:
    return f": {said.rstrip('.')}" if said else ""


def _stopped(entry: Entry) -> Iterator[str]:
    if entry.doing in {"letter stop", "letter resume"}:
        what = "Everything that was queued" if entry.about == Stop.ALL else entry.about
        yield f"{what} was stopped." if entry.doing == "letter stop" else f"{what} goes on."


_HELD = "is held: its address is to be mended"
_MENDED = {
    "repair done": "is seen to, and stays held",
    "repair address": "has a new address",
    "contact erase": "is no longer to be mended: its data were erased",
}
"""How a repair ends, where not by a letter that got through or by a person who frees the address."""


def _mended(entry: Entry) -> Iterator[str]:
    for change in entry.changes:
        if change.table == "repairs":
            yield f"The contact {change.key} {_MENDED.get(entry.doing, 'takes mail again') if change.digest is None else _HELD}."
