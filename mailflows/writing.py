"""An officer writes to one party, in answer to a mail or anew: shown whole first, then queued by the button and nothing else."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from committee.calendar import new_york, written, written_moment
from committee.cards import Offer
from committee.errors import Refused
from committee.handling import Handling
from committee.letters import RULES, Draft, Letter, LetterKind, Release
from committee.mail import Mail, MailState
from committee.staff import Role
from committee.submissions import Kind, Submission
from mailflows import approvals, cases, correspondents, handling, letters, outbox
from mailflows.approvals import Prepared, Released
from mailflows.desk import Desk
from mailflows.markdown import clean, one_line
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reminders import Stale
from storage.port import Transaction
from storage.tables import Tables

LONGEST_SUBJECT, LONGEST_TEXT = 150, 10_000
A_PERSONS = frozenset({*Kind, "answer", "again", "help", "status"})
"""What a mail is that somebody wrote for a party; whatever else is taken in, a machine did."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The letter as it would be queued, what it would be bound to, and what whoever writes it should know."""

    draft: Draft
    digest: str
    answers: str = ""  # the mail's key
    notes: tuple[str, ...] = ()

    @property
    def takes_a_second_person(self) -> bool:
        return RULES[self.draft.kind].release is Release.APPROVED


async def preview_answer(key: str, text: str, who: Act) -> Plan:
    """The answer to one mail, and to whom it would go; `Refused` with the reason where it cannot be answered.

    It shows the mail's subject, so it is shown to officers.
    """
    require(who.person, Role.OFFICER, "answer a mail")
    plan = await _answering(key, text, await _subject(key, who.desk), who.desk.store, who.desk)
    return replace(plan, notes=(*await _had_by_another(key, who), *plan.notes))


async def answer(key: str, text: str, who: Act) -> Letter | None:
    """Queue the answer that the press was bound to, in one commit; `Stale` if recipients or words have changed since.

    Were the kind one that needs approval, the first press would put it on a card for a second person: then None.
    """
    require(who.person, Role.OFFICER, "answer a mail")
    subject = await _subject(key, who.desk)
    return await _queue("mail reply", key, lambda tx: _answering(key, text, subject, tx, who.desk), who)


async def preview_letter(party: str, subject: str, text: str, who: Act) -> Plan:
    """A new letter to one party, a State, a delegation or an organization, and who would get it."""
    require(who.person, Role.OFFICER, "write a letter")
    return await _writing(party, subject, text, who.desk.store, who.desk)


async def write(party: str, subject: str, text: str, who: Act) -> Letter | None:
    """Queue the letter that the press was bound to, as `answer` does."""
    require(who.person, Role.OFFICER, "write a letter")
    return await _queue("letter written", party, lambda tx: _writing(party, subject, text, tx, who.desk), who)


async def _had_by_another(key: str, who: Act) -> tuple[str, ...]:
    """That somebody else has it to answer: two answers to one question are one too many."""
    case = await who.desk.store.cases.get(key)
    if case is None or not case.is_open or case.officer in {"", who.person.key}:
        return ()
    officer = await who.desk.store.staff.get(case.officer)
    since = f", since {written_moment(case.taken)}" if case.taken else ""
    return (f"{officer.name if officer else case.officer} has it to answer{since}.",)


async def _queue(doing: str, about: str, planned: Callable[[Transaction], Awaitable[Plan]], who: Act) -> Letter | None:
    desk, press = who.desk, who.press
    if press is None:
        raise Refused("A letter goes by its button alone, after a preview. Nothing was sent.")
    async with desk.store.transaction(by=who.person.key, doing=doing, about=about, at=desk.now) as tx:
        plan = await planned(tx)
        draft = plan.draft
        if plan.digest != press.digest:
            raise Stale
        second = await approvals.given(tx, who)
        await use(tx, press, who.person, desk.now)
        if plan.takes_a_second_person and second is None:
            name = await correspondents.party_name(tx, draft.party, desk)
            action = await tx.actions.get(press.action)
            offer = Offer(
                "Send it", action.line if action else "", "primary", plan.digest, texts=action.texts if action else ()
            )
            title = f"A letter to {name} waits for a second person"
            await approvals.ask(tx, Prepared(draft.key, title, draft.kind, 1, 1), offer, who)
            return None
        if draft.kind is LetterKind.LETTER:
            tx.occasion(doing=doing, about=draft.key)
        by = who.person.key
        approval = await approvals.settle(tx, second, Released(draft.key, draft.key, 1), who)
        [letter] = await outbox.queue(tx, [draft], release=draft.key, by=by, desk=desk, approval=approval)
        if plan.answers:
            await cases.answered(plan.answers, letter.key, who.person.key, tx, desk.now)
        return letter


async def _answering(key: str, text: str, subject: str, tables: Tables, desk: Desk) -> Plan:
    words = said(text)
    mail = await _to_answer(key, tables)
    submission = await _whole(mail, tables)
    to = await correspondents.of_sender(tables, mail.party or "", mail.sender, desk)
    await _somebody(to.addressees, mail.party or "", tables, desk)
    earlier = await _answers(key, tables)
    draft = letters.answer(
        mail, submission, to, subject=subject, text=words, nth=len(earlier) + 1,
        handling=await _strictest(mail, submission, tables), desk=desk,
    )  # fmt: skip
    answered = (
        f"It was answered already: {one.reference} of {written(new_york(one.queued_at).date())} ({one.key})"
        for one in earlier
    )
    return Plan(draft, letters.digest([draft]), key, tuple(answered))


async def _writing(party: str, subject: str, text: str, tables: Tables, desk: Desk) -> Plan:
    about, words = titled(subject), said(text)
    to = await correspondents.of_party(tables, party, desk, LetterKind.LETTER)
    await _somebody(to.addressees, party, tables, desk)
    nth = await tables.letters.count(kind=LetterKind.LETTER, party=party) + 1
    draft = letters.letter(to, subject=about, text=words, nth=nth, desk=desk)
    return Plan(draft, letters.digest([draft]))


def titled(subject: str) -> str:
    """An officer's subject as it stands in the letter."""
    about = one_line(subject)
    if not about:
        raise Refused('The subject is empty; nothing was written. For example: letter to MWI "A question" "…"')
    if len(about) > LONGEST_SUBJECT:
        raise Refused(
            f"A subject has at most {LONGEST_SUBJECT} characters; this has {len(about):,}. Nothing was written."
        )
    return about


def said(text: str) -> str:
    """The officer's words as they stand in the letter: every line of theirs, without what no reader can show."""
    words = clean(text).strip()
    if not one_line(words):
        raise Refused("The text is empty; nothing was written. Say what the letter is to say, in quotes or without.")
    if len(words) > LONGEST_TEXT:
        raise Refused(
            f"The text of a letter has at most {LONGEST_TEXT:,} characters; this has {len(words):,}. More is a document. "
            "Nothing was written."
        )
    return words


async def _to_answer(key: str, tables: Tables) -> Mail:
    """The mail, if it is a party's word; `Refused`, with the way out, for what is nobody's, a machine's or our own."""
    mail = await tables.mail.get(key)
    if mail is None:
        raise Refused(f"There is no mail {key}. To see them: inbox.")
    if mail.state is MailState.SET_ASIDE:
        raise Refused(
            f"{key} is set aside: {mail.reason}. Say first whose it is: mail {key} assign PARTY, or mail {key} once PARTY. "
            "Nothing was written."
        )
    if mail.state is not MailState.TAKEN_IN or mail.party is None:
        raise Refused(
            f"{key} is nobody's word ({mail.reason or mail.state}), so nobody is answered. Nothing was written."
        )
    if mail.kind == "identical":
        first = mail.reason.removeprefix("the same bytes as ")
        raise Refused(f"{key} has the same bytes as {first}; answer that one: mail {first} reply TEXT")
    if mail.kind not in A_PERSONS:
        raise Refused(
            f"{key} is no message that somebody wrote to us ({mail.kind}), so it is not answered. To write all the same: "
            f'letter to {mail.party} "SUBJECT" "TEXT"'
        )
    return mail


async def _subject(key: str, desk: Desk) -> str:
    """The subject of the mail, read again from its bytes: an answer has it after Re:."""
    mail = await _to_answer(key, desk.store)
    reading = await desk.reader.read(await desk.store.kept(mail.sha256))
    return reading.subject or ""


async def _whole(mail: Mail, tables: Tables) -> Submission | None:
    """The submission that an answer speaks of: of a part, the whole to which it was joined."""
    submission = await tables.submissions.get(mail.submission) if mail.submission else None
    while submission and submission.joined_to and (whole := await tables.submissions.get(submission.joined_to)):
        submission = whole
    return submission


async def _strictest(mail: Mail, whole: Submission | None, tables: Tables) -> Handling:
    """The mail's own handling where it is restricted, its submission's, and the whole's: whichever shows least."""
    found = {await handling.of_mail(mail, tables), *([whole.handling] if whole else [])}
    return next(one for one in (Handling.RESTRICTED, Handling.MEMBERS, Handling.OPEN) if one in found)


async def _answers(key: str, tables: Tables) -> list[Letter]:
    found: list[Letter] = []
    while letter := await tables.letters.get(f"answer/{key}/{len(found) + 1}"):
        found.append(letter)
    return found


async def _somebody(addressees: object, party: str, tables: Tables, desk: Desk) -> None:
    if not addressees:
        name = await correspondents.party_name(tables, party, desk)
        raise Refused(
            f"Nobody to write to: no confirmed address of {name} is on record, or it is held. Nothing was written. "
            "What is held: repairs"
        )
