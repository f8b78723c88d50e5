"""/1540 proof KEY: who accepted which copy, when and in whose words; as table, as certificate, and as what was really sent."""

from datetime import UTC, datetime
from pathlib import Path

from bot.commands.call_list import not_drawn
from bot.new_files import write_new
from bot.registry import command
from committee.calendar import new_york
from committee.cards import Card
from committee.counting import counted
from committee.errors import Refused
from committee.letters import Copy
from committee.proofs import address_is_dead, has_it, in_both_zones, line_of, why_not
from committee.staff import Person
from mailflows import certificates, handling, sent_messages
from mailflows import proof as flows
from mailflows.desk import Desk
from mailflows.proof import Proof, Proven


@command("proof KEY [--pdf FILE] [--message FILE]", reads=True, example="proof R-2012-0001 --pdf certificate.pdf")
async def proof(desk: Desk, person: Person, *, key: str, pdf: str = "", message: str = "") -> Card:
    """Who accepted each copy of a letter or a release, and when; --pdf as a certificate, --message the bytes that were sent."""
    shown = await flows.proof(key, desk)
    whose = await certificates.whose(shown.copies, desk)
    rows = tuple(_row(one, certificates.said(one, whose[one.delivery.key])) for one in shown.copies)
    fields = _fields(shown)
    text, notes = _summary(shown), await certificates.on_whose_word(shown, desk)
    if message:
        sent = await _message(shown, message, person, desk)
        text, fields = f"{text} {sent}", fields | {"message": sent}
    if pdf:
        drawn = await certificates.certificate(shown, desk)
        text = f"{text} Written: {await write_new(pdf, drawn.pdf)}"
        notes += not_drawn(drawn.not_drawn)
    open_ones = "; ".join(f"{one.name} ({one.why})" for one in shown.open)
    notes += [f"Open: {open_ones}."] if open_ones else []
    return Card(f"Proof: {key}", text, rows, fields, notes=tuple(notes), columns=("name", "address", "said"), facts=())


async def _message(shown: Proof, file: str, person: Person, desk: Desk) -> str:
    """The bytes hold the letter's words: they are written where whoever asks may read it."""
    letter = flows.letter_of(shown)
    if not handling.reads_closed(person, desk) and not await handling.letter_is_open(letter, desk.store):
        raise Refused(
            f"The words of {letter.key} are shown to officers; its message was not written for {person.name}."
        )
    said = []
    for nth, sent in enumerate(messages := await sent_messages.sent(shown, desk), 1):
        said.append(f"Written: {await write_new(file if nth == 1 else _numbered(file, nth), sent.raw)}. {sent.says}")
    if len(messages) > 1:
        said.insert(0, f"It left as {len(messages)} different messages, for a setting changed between its copies.")
    return " ".join(said)


def _numbered(file: str, nth: int) -> str:
    """sent.eml, sent-2.eml"""
    path = Path(file)
    return str(path.with_name(f"{path.stem}-{nth}{path.suffix}"))


def _summary(shown: Proof) -> str:
    total, moments = len(shown.standings), shown.moments
    still_open = counted(len(shown.open), "is", "are") if shown.open else "nobody is"
    served = f"{shown.served} of {counted(total, 'party', 'parties')} served, {still_open} open."
    if not moments:
        return f"{served} Nothing of it has been accepted as yet."
    return f"{served} First acceptance: {in_both_zones(moments[0])}. Last acceptance: {in_both_zones(moments[-1])}."


def _fields(shown: Proof) -> dict[str, object]:
    first, last = (shown.moments[0], shown.moments[-1]) if shown.moments else (None, None)
    return {
        "key": shown.key, "as_of": new_york(shown.as_of), "letters": len({one.letter.key for one in shown.copies}),
        "deliveries": len(shown.copies), "parties": len(shown.standings), "served": shown.served,
        "first_acceptance": _local(first), "first_acceptance_utc": _utc(first),
        "last_acceptance": _local(last), "last_acceptance_utc": _utc(last),
        "open": [{"party": one.party, "name": one.name, "state": one.state, "why": one.why} for one in shown.open],
    }  # fmt: skip


def _row(one: Proven, said: list[str]) -> dict[str, object]:
    letter, delivery = one.letter, one.delivery
    first = one.acceptances[0] if one.acceptances else None
    return {
        "key": delivery.key, "letter": letter.key, "reference": letter.reference, "release": letter.release,
        "kind": letter.kind, "party": letter.party, "name": one.standing.name, "address": delivery.address,
        "state": delivery.state, "said": " ".join(said), "message_id": letter.message_id,
        **_accepted(first), "copies": [_accepted(copy) for copy in one.acceptances],
        "second_copy_of": letter.second_copy_of or None,
        "why": None if one.has_it else why_not(delivery, one.standing.stopped),
        "address_is_dead": address_is_dead(delivery),
        "served_at": [copy.address for copy in one.standing.deliveries if has_it(copy)],
    }  # fmt: skip


def _accepted(copy: Copy | None) -> dict[str, object]:
    """One acceptance; every value is null where there is none."""
    if copy is None:
        return dict.fromkeys(("at", "at_utc", "relay", "reply", "tls_version", "cipher", "sha256"))
    version, cipher = line_of(copy.tls)
    return {
        "at": _local(copy.at), "at_utc": _utc(copy.at), "relay": copy.server, "reply": copy.reply,
        "tls_version": version or None, "cipher": cipher or None, "sha256": copy.sha256,
    }  # fmt: skip


def _local(at: datetime | None) -> datetime | None:
    return new_york(at) if at else None


def _utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at else None
