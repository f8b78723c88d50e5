"""An e-mail arrives from a State or an organization: number it, acknowledge it, tell the secretariat; then decide about it."""

from dataclasses import replace
from datetime import date, timedelta

from committee import kinds, promises
from committee.calendar import new_york, written
from committee.cards import Offer
from committee.counting import counted
from committee.handling import Handling, asks_restriction
from committee.letters import Draft, LetterKind
from committee.mail import Mail, MailState
from committee.names import fold
from committee.nothing_new import says_nothing_new
from committee.parts import part_of
from committee.questions import question_of
from committee.states import Note, ReportStatus
from committee.submissions import Kind, Submission, SubmissionState
from mailflows import answers, cards, cases, confirming, conversations, correspondents, letters, status
from mailflows.arrivals import Arrival
from mailflows.desk import Desk
from storage.port import Transaction

REPEAT_WITHIN = timedelta(days=30)
PARTS_WITHIN = timedelta(days=7)
LOOKED_AT = 4000
"""Characters of a mail's words, and of its files' names, by which its kind is judged."""
MOST_NAMES = 200
CARDS_A_DAY = 20
"""Of one party and kind, and of one submission: what floods, an automatic writer perhaps, must not hide what matters."""


async def receive(arrival: Arrival, tx: Transaction, desk: Desk) -> Mail:
    """Give the mail its place: a question to the desk itself, an answer, a repeat, or a new number; with receipt and card.

    What asks something of us has its case in the same commit.
    """
    placed = await _placed(arrival, tx, desk)
    await cases.opened(placed, _said(arrival), tx, desk)
    return placed


def _said(arrival: Arrival) -> str:
    """Its subject and its own words, without what it quotes."""
    return f"{arrival.reading.subject or ''}\n{arrival.reading.reply or arrival.reading.text}"


async def _placed(arrival: Arrival, tx: Transaction, desk: Desk) -> Mail:
    own = arrival.reading.reply or arrival.reading.text
    asked = question_of(arrival.reading.subject or "", own, encloses=bool(arrival.files))
    if asked and status.may_ask(arrival.writer):
        return await status.tell(arrival, asked, tx, desk)
    if confirmed := await confirming.by_reply(arrival, tx, desk):
        return confirmed
    if asks_restriction(fold(arrival.reading.subject or ""), fold(own[:LOOKED_AT])):
        arrival = replace(arrival, mail=replace(arrival.mail, handling=Handling.RESTRICTED))
    if letter := await conversations.letter_answered(arrival.reading, arrival.party, tx, desk):
        arrival = replace(arrival, mail=replace(arrival.mail, answers=letter.key))
    kind = await _kind(arrival, tx)
    about = await conversations.submission_of(arrival.reading, arrival.party, tx, desk)
    if about and _continues(about, kind):
        return await _answer(about, arrival, tx, desk)
    if again := await _again(arrival, kind, tx, desk):
        return await _repeat(again, arrival, tx, desk)
    return await _number(arrival, kind, tx, desk)


def _continues(about: Submission, kind: Kind) -> bool:
    """Whether a reply belongs to what it answers: not where that is decided, nor where a first report answers something else."""
    is_open = about.state in {SubmissionState.WAITING, SubmissionState.CLARIFYING}
    return is_open and (kind is not Kind.FIRST_REPORT or about.kind is Kind.FIRST_REPORT)


async def _number(arrival: Arrival, kind: Kind, tx: Transaction, desk: Desk) -> Mail:
    mail, reading = arrival.mail, arrival.reading
    submission = Submission(
        key=await tx.number("S", new_york(desk.now).year),
        kind=kind,
        party=arrival.party,
        state=SubmissionState.WAITING,
        received=mail.came_at or mail.kept_at,
        mails=(mail.key,),
        files=arrival.files,
        enclosures=tuple(dict.fromkeys(file.sha256 for file in arrival.files)),
        sender=arrival.writer.address,
        message_id=reading.message_id or "",
        subject=reading.subject or "",
        handling=mail.handling,
    )
    await tx.submissions.add(submission)
    promise, offers, until = await _promise(arrival, submission, tx, desk)
    entry, entry_offers = await confirming.proposed(arrival, tx, desk)
    asked, keeps = await _network(arrival, tx)
    promise, offers = " ".join(filter(None, (promise, entry))), (*keeps, *offers, *entry_offers)
    if whole := await _other_part(submission, tx, desk):
        offers = (
            Offer(f"Join to {whole.key}", f"submission {submission.key} join {whole.key}", digest=shown(submission)),
            *offers,
        )
    to = await correspondents.answering(tx, arrival.party, arrival.writer, desk)
    draft = letters.receipt(submission, to, desk=desk, noted=until)
    unanswered = await _acknowledge(draft, arrival, tx, desk)
    await _tell(submission, arrival, tx, desk, notes=(asked, promise, unanswered), offers=offers)
    return replace(mail, state=MailState.TAKEN_IN, kind=kind, submission=submission.key, reason=unanswered)


async def _other_part(submission: Submission, tx: Transaction, desk: Desk) -> Submission | None:
    """The first part of the same submission: of the same party, in a mail that says "1/3" where this one says "2/3"."""
    part = part_of(submission.subject)
    if part is None:
        return None
    recent = await tx.submissions.find(
        party=submission.party, since=desk.now - PARTS_WITHIN, state=SubmissionState.WAITING
    )
    others = [(part_of(one.subject), one) for one in recent if one.key != submission.key]
    return next((one for other, one in others if other and other != part and other[1] == part[1]), None)


async def _kind(arrival: Arrival, tx: Transaction) -> Kind:
    state = await tx.states.get(arrival.party)
    reading = arrival.reading
    places = (
        reading.subject or "",
        " ; ".join(file.name for file in arrival.files[:MOST_NAMES])[:LOOKED_AT],
        (reading.reply or reading.text)[:LOOKED_AT],
    )
    return kinds.kind_of(
        tuple(fold(place) for place in places),
        has_reported=state is None or state.status is ReportStatus.REPORTED,
        encloses=bool(arrival.files),
    )


async def _promise(
    arrival: Arrival, submission: Submission, tx: Transaction, desk: Desk
) -> tuple[str, tuple[Offer, ...], date | None]:
    """What a State says beside sending something: a promise with a day stops the reminders at once, the rest is proposed.

    "In preparation until March" and "nothing new" become proposals that an officer confirms with one press.

    The note says who said it, and where it is written.
    """
    state = await tx.states.get(arrival.party)
    if state is None or submission.kind is Kind.FIRST_REPORT:
        return "", (), None
    plain = promises.own_lines(arrival.reading.reply or arrival.reading.text)
    if state.status is ReportStatus.NON_REPORTING:
        if until := promises.promised_until(plain, desk.today):
            said = f"in preparation until {written(until)} ({submission.key})"
            await tx.states.put(state.noting(Note(said, arrival.writer.name, desk.now, until)))
            return (
                f"Its report is in preparation until {written(until)}: no reminder before that day is over.",
                (),
                until,
            )
        if until := promises.perhaps_until(plain, desk.today):
            line = f'state {state.key} note "in preparation ({submission.key})" --until {until.isoformat()}'
            offer = Offer(f"Note: in preparation until {written(until)}", line)
            return "It speaks of a report in preparation.", (offer,), None
        if promises.speaks_of(plain):
            return "It speaks of a report to come, and no date could be read: somebody reads it.", (), None
    if says_nothing_new(plain) and not arrival.files:
        offer = Offer("Note: nothing new", f'state {state.key} note "nothing new ({submission.key})"')
        return "It says that there is nothing new.", (offer,), None
    return "", (), None


async def _network(arrival: Arrival, tx: Transaction) -> tuple[str, tuple[Offer, ...]]:
    """An answer to our question whether somebody may stay in the network of former members is proposed to an officer."""
    answered = await tx.letters.get(arrival.mail.answers) if arrival.mail.answers else None
    if answered is None or answered.kind is not LetterKind.MEMBER_NETWORK:
        return "", ()
    said = "It answers whether the delegation’s people may stay in the network of former members: read it first."
    return said, (Offer("Keep the writer in the network", f"mail {arrival.mail.key} keep"),)


async def _acknowledge(draft: Draft, arrival: Arrival, tx: Transaction, desk: Desk) -> str:
    """Queue the receipt, or return the reason why the address gets none."""
    rule = "every submission is acknowledged"
    return await answers.answer(draft, arrival.mail, arrival.writer.address, rule, tx, desk)


async def _tell(  # noqa: PLR0913 - a card's facts
    submission: Submission, arrival: Arrival, tx: Transaction, desk: Desk,
    *, notes: tuple[str, ...], offers: tuple[Offer, ...] = (),
) -> None:  # fmt: skip
    earlier = await _earlier_today(submission, tx, desk)
    if earlier >= CARDS_A_DAY:
        return
    name = await correspondents.party_name(tx, submission.party, desk)
    doubt = "" if arrival.mail.authenticated else "The sender is not authenticated."
    marked = (
        f"It is marked restricted; otherwise: handling {submission.key} members." if arrival.mail.restricted else ""
    )
    read = f"To read it: mail {arrival.mail.key} show"
    flood = FURTHER if earlier == CARDS_A_DAY - 1 else ""
    size = sum(file.size for file in arrival.files)
    letter = await tx.letters.get(arrival.mail.answers) if arrival.mail.answers else None
    notes = (f"It answers {letter.reference}." if letter else "", *notes)
    asks = cases.ask(submission.kind, _said(arrival))
    brought = f"{counted(len(arrival.files), 'enclosure')}, {counted(size, 'byte')}."
    await cards.post(
        tx, "submission-arrived", submission.key,
        f"{submission.key}: {submission.kind.words} from {name}",
        " ".join(filter(None, (brought, marked, *notes, doubt, read, flood))),
        now=desk.now,
        fields={"party": submission.party, "kind": submission.kind, "enclosures": len(arrival.files), "bytes": size},
        offers=(*offers_for(submission), *offers, *(cases.offers(arrival.mail.key) if asks else ())), nth=len(submission.mails),
    )  # fmt: skip


FURTHER = "Further ones of this kind from there today are only listed: submissions waiting."


async def _earlier_today(submission: Submission, tx: Transaction, desk: Desk) -> int:
    """How many of this party and kind, and how many mails of this submission, were there within a day."""
    since = desk.now - timedelta(days=1)
    numbered = await tx.submissions.count(party=submission.party, kind=submission.kind, since=since)
    return max(numbered - 1, 0) + await tx.mail.count(submission=submission.key, since=since)


def offers_for(submission: Submission) -> tuple[Offer, ...]:
    """What an officer may do with a submission that waits."""
    key, digest = submission.key, shown(submission)
    return (
        Offer(f"Accept as {submission.kind.words}", f"submission {key} accept", "primary", digest),
        Offer("Ask for clarification", f"submission {key} clarify", digest=digest, asks="text"),
        Offer("It is something else", f"submission {key} reclassify as", digest=digest, asks="kind"),
        Offer("Set aside", f"submission {key} set-aside", "danger", digest),
    )


def shown(submission: Submission) -> str:
    """What a button about a submission is bound to: what it is, and where it stands."""
    return f"{submission.kind}/{submission.state}"


async def _again(arrival: Arrival, kind: Kind, tx: Transaction, desk: Desk) -> Submission | None:
    """The submission of the last 30 days that this repeats: the same party, kind and attachments, at least one.

    What an officer has set aside is not repeated: it comes again as something new, for somebody to look at.
    """
    hashes = {file.sha256 for file in arrival.files}
    recent = await tx.submissions.find(party=arrival.party, since=desk.now - REPEAT_WITHIN, newest_first=True)
    stands = (s for s in recent if s.state is not SubmissionState.SET_ASIDE and _alike(kind, s.kind))
    return next((s for s in stands if hashes and hashes == {*s.enclosures}), None)


def _alike(one: Kind, other: Kind) -> bool:
    """Whether two kinds may be the same mail again: a first report, once it is accepted, reads as additional information."""
    return one is other or {one, other} == {Kind.FIRST_REPORT, Kind.ADDITIONAL_INFORMATION}


async def _repeat(submission: Submission, arrival: Arrival, tx: Transaction, desk: Desk) -> Mail:
    if arrival.mail.restricted:
        submission = replace(submission, handling=Handling.RESTRICTED)
        await tx.submissions.put(submission)
    to = await correspondents.answering(tx, arrival.party, arrival.writer, desk)
    draft = letters.receipt_repeat(
        submission, arrival.mail.key, to, answers=arrival.reading.message_id or "", desk=desk
    )
    earlier = await tx.letters.find(conversation=submission.key, kind=LetterKind.RECEIPT_REPEAT)
    enough = "One receipt of a repeat is enough." if earlier else ""
    unanswered = enough or await _acknowledge(draft, arrival, tx, desk)
    promise, offers, _ = await _promise(arrival, submission, tx, desk)
    name = await correspondents.party_name(tx, submission.party, desk)
    number = f"To give it a number of its own: submission add --by-hand {submission.party} KIND"
    reason = " ".join(filter(None, (f"again {submission.key}", unanswered)))
    placed = replace(arrival.mail, state=MailState.TAKEN_IN, kind="again", submission=submission.key, reason=reason)
    if await _earlier_today(submission, tx, desk) >= CARDS_A_DAY:
        return placed
    await cards.post(
        tx, "submission-repeated", arrival.mail.key, f"{arrival.mail.key}: again {submission.key}, from {name}",
        " ".join(filter(None, ("The same enclosures within 30 days.", promise, unanswered, number))),
        now=desk.now, fields={"party": submission.party, "submission": submission.key}, offers=offers,
    )  # fmt: skip
    return placed


async def _answer(submission: Submission, arrival: Arrival, tx: Transaction, desk: Desk) -> Mail:
    """A reply comes back to the submission that it is about; what it encloses is added."""
    answered = submission.with_mail(arrival.mail.key, arrival.files, restricted=arrival.mail.restricted)
    await tx.submissions.put(answered)
    to = await correspondents.answering(tx, arrival.party, arrival.writer, desk)
    promise, offers, until = await _promise(arrival, answered, tx, desk)
    asked, keeps = await _network(arrival, tx)
    draft = letters.receipt(answered, to, desk=desk, mail=arrival.mail, files=arrival.files, noted=until)
    unanswered = await _acknowledge(draft, arrival, tx, desk)
    await cards.decide(tx, submission.key, f"answered: {arrival.mail.key}", kind="clarification-unanswered")
    said = f"An answer to what we wrote about {submission.key}."
    await _tell(answered, arrival, tx, desk, notes=(said, asked, promise, unanswered), offers=(*keeps, *offers))
    return replace(arrival.mail, state=MailState.TAKEN_IN, kind="answer", submission=submission.key, reason=unanswered)
