"""Every letter by its name: which words it needs, to whom it goes, and what it becomes when it is released."""

import hashlib
import hmac
import json
import mimetypes
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from committee.calendar import new_york
from committee.chairs import COMMITTEE, in_the_chair
from committee.confirmations import Rung
from committee.contacts import Contact, Office
from committee.correspondents import ENGLISH, Correspondent, title_of
from committee.council import Term
from committee.errors import Refused
from committee.first_reports import Reminder
from committee.handling import Handling
from committee.letters import NOTES_VERBALES, Addressee, Draft, Enclosure, Letter, LetterKind
from committee.list_posts import ListPost
from committee.mail import Mail
from committee.programme import programme_on
from committee.reply_subjects import about
from committee.staff import Person
from committee.states import State
from committee.submissions import Submission, SubmissionState
from committee.working_groups import Chairing
from mailflows import entries
from mailflows.composing import Letterhead
from mailflows.desk import Desk
from mailflows.headers import ascii_address
from mailflows.markdown import one_line
from mailflows.rendering import freeze, shipped_languages
from mailflows.wording import day_in, kind_in, moment_in, office_in, size_in, span_in
from storage.port import Store
from storage.tables import Tables

NO_ADDRESS = (
    "This desk has no address to write from: set VERBALE_ADDRESS, for example VERBALE_ADDRESS=desk@1540.example."
)
SYMBOLS = {11: "S/2012/663"}
"""Under which symbol each programme of work was issued; a programme without one is named by its period alone."""


def receipt(  # noqa: PLR0913 - what a receipt says, each by its name
    submission: Submission,
    to: Correspondent,
    *,
    desk: Desk,
    mail: Mail | None = None,
    files: Sequence[Enclosure] | None = None,
    noted: date | None = None,
) -> Draft:
    """What came has a number, and these are its enclosures; with `mail`, a further message that was added to it."""
    came = (mail.came_at or mail.kept_at) if mail else submission.received
    words = {
        "number": submission.key,
        "kind": kind_in(to.language, submission.kind),
        "received": moment_in(to.language, came),
        "added": mail is not None,
        "noted": day_in(to.language, noted) if noted else "",
        "files": _files(submission, submission.files if files is None else files, to.language),
    }
    key, answers = f"receipt/{submission.key}", submission.message_id
    if mail:
        key, answers = f"{key}/{mail.key}", mail.message_id
    return _draft(
        key, LetterKind.RECEIPT, to, words, desk,
        answers=answers, conversation=submission.key, handling=submission.handling,
    )  # fmt: skip


def receipt_repeat(submission: Submission, mail_key: str, to: Correspondent, *, answers: str, desk: Desk) -> Draft:
    """The same again: it has its number already, and nothing more is needed."""
    words = {"number": submission.key, "received": moment_in(to.language, submission.received)}
    return _draft(
        f"receipt-repeat/{mail_key}", LetterKind.RECEIPT_REPEAT, to, words, desk,
        answers=answers, conversation=submission.key, handling=submission.handling,
    )  # fmt: skip


def clarification(submission: Submission, to: Correspondent, text: str, *, nth: int, desk: Desk) -> Draft:
    """An officer asks, in words of their own, which the letter quotes."""
    words = {
        "number": submission.key,
        "kind": kind_in(to.language, submission.kind),
        "received": moment_in(to.language, submission.received),
        "text": text,
    }
    return _draft(
        f"clarification/{submission.key}/{nth}", LetterKind.CLARIFICATION, to, words, desk,
        answers=submission.message_id, conversation=submission.key, handling=submission.handling,
    )  # fmt: skip


def answer(  # noqa: PLR0913 - what it says, each by its name
    mail: Mail,
    submission: Submission | None,
    to: Correspondent,
    *,
    subject: str,
    text: str,
    nth: int,
    handling: Handling,
    desk: Desk,
) -> Draft:
    """An officer answers one mail; its subject stands in ours, but for what is restricted, and none of its words do."""
    words = {
        "number": submission.key if submission else "",
        "received": day_in(to.language, new_york(mail.came_at or mail.kept_at).date()),
        "subject": "" if handling is Handling.RESTRICTED else about(one_line(subject)),
        "text": text,
    }
    return _draft(
        f"answer/{mail.key}/{nth}", LetterKind.ANSWER, to, words, desk,
        answers=mail.message_id, conversation=submission.key if submission else mail.key, handling=handling,
    )  # fmt: skip


def letter(to: Correspondent, *, subject: str, text: str, nth: int, desk: Desk) -> Draft:
    """An officer writes to one party, in answer to nothing: the letter begins a conversation."""
    key = f"letter/{to.party}/{nth}"
    words = {"subject": one_line(subject), "text": text}
    return _draft(key, LetterKind.LETTER, to, words, desk, conversation=key)


def address_question(contact: Contact, to: Correspondent, *, since: date, nth: int, desk: Desk) -> Draft:
    """An address of this party takes no mail since that day: which one is right?"""
    words = {
        "office": office_in(to.language, contact.office),
        "name": _named(contact, to),
        "dead": contact.address,
        "since": day_in(to.language, since),
    }
    key = f"{LetterKind.ADDRESS_QUESTION}/{contact.key}/{nth}"
    return _draft(key, LetterKind.ADDRESS_QUESTION, to, words, desk, conversation=key)


def list_letter(  # noqa: PLR0913 - what it says, each by its name
    post: ListPost,
    to: Correspondent,
    *,
    key: str,
    unsubscribes: bool,
    corrects: Letter | None,
    desk: Desk,
) -> Draft:
    """One party's own letter of a post to a list; `corrects` is the letter of an earlier post that this party has."""
    words = {
        "subject": one_line(post.subject),
        "text": post.text,
        "corrects": corrects.reference if corrects else "",
        "corrected": day_in(to.language, new_york(corrects.queued_at).date()) if corrects else "",
    }
    return _draft(
        key, LetterKind.LIST_LETTER, to, words, desk, conversation=key,
        enclosures=(*post.enclosures, *post.own_of(to.party)), list=post.list, unsubscribes=unsubscribes,
    )  # fmt: skip


def status_answer(  # noqa: PLR0913 - what it says, each by its name
    mail_key: str,
    to: Correspondent,
    *,
    contacts: Sequence[Contact],
    waiting: Sequence[Submission],
    state: State | None,
    answers: str,
    desk: Desk,
) -> Draft:
    """To "help" and "status": the entry that we hold of the party, what is open with it, and how to send.

    Of what is open it names number, kind and day alone, whatever its handling: mailboxes are read by many.
    """
    language = to.language
    promise = state.promise.until if state and state.promise else None
    words = {
        "party": to.formal,
        "is_state": to.is_state,
        "entry": [
            {"office": office_in(language, one.office), "name": _named(one, to), "address": one.address}
            for one in contacts
        ],
        "open": [
            {
                "number": one.key,
                "kind": kind_in(language, one.kind),
                "received": day_in(language, new_york(one.received).date()),
                "asked": one.state is SubmissionState.CLARIFYING,
            }
            for one in waiting
        ],
        "first_report": state.status.value if state and state.is_member else "",
        "noted": day_in(language, promise) if promise and promise >= desk.today else "",
    }
    return _draft(f"status-answer/{mail_key}", LetterKind.STATUS_ANSWER, to, words, desk, answers=answers)


def _named(contact: Contact, to: Correspondent) -> str:
    """A mission by its title in the letter's language; anybody else by the name on record."""
    is_mission = contact.office is Office.PERMANENT_MISSION and to.is_state
    return title_of(to.mission) if is_mission else contact.called


def too_large(mail: Mail, to: Correspondent, *, desk: Desk) -> Draft:
    """What was larger than is fetched was not read: how to send it in parts."""
    words = {
        "size": size_in(to.language, mail.size),
        "received": moment_in(to.language, mail.came_at or mail.kept_at),
        "most": size_in(to.language, desk.max_mail),
    }
    return _draft(f"too-large/{mail.key}", LetterKind.TOO_LARGE, to, words, desk, answers=mail.message_id)


def closure_notice(  # noqa: PLR0913 - what it says, each by its name
    key: str,
    days: Sequence[str],
    dates: Sequence[tuple[date, date | None]],
    to: Correspondent,
    *,
    replaces: Letter | None,
    desk: Desk,
) -> Draft:
    """Headquarters is closed on `days` (none: not after all); dates of this party have moved, each as it was and as it is.

    None stands for a date that is not in this cycle. `replaces` is the notice that the party had last.
    """
    language = to.language
    closed = [date.fromisoformat(day) for day in days]
    words = {
        "days": list(days),
        "about": sorted({*days, *(replaces.words["about"] if replaces else ())}),
        "closed": span_in(language, closed[0], closed[-1]) if closed else "",
        "was_closed": replaces.words["closed"] if replaces else "",
        "replaces": replaces.reference if replaces else "",
        "dates": [{"was": day_in(language, was), "now": day_in(language, now) if now else ""} for was, now in dates],
    }
    return _draft(key, LetterKind.CLOSURE_NOTICE, to, words, desk, handling=Handling.OPEN)


def staff_alarm(release: str, person: Person, title: str, text: str, *, desk: Desk) -> Draft:
    """To one of the desk's own staff, in the words of the alarm's card, while chat cannot show it."""
    to = Correspondent(
        f"staff/{person.key}", ENGLISH, person.name, person.name, "", (Addressee(person.address, person.name),)
    )
    words = {"title": title, "text": text, "since": moment_in(ENGLISH, desk.now)}
    return _draft(f"{release}/{person.key}", LetterKind.STAFF_ALARM, to, words, desk, handling=Handling.OPEN)


def first_report_reminder(
    reminder: Reminder, to: Correspondent, *, chair: Chairing, desk: Desk, not_after: datetime | None = None
) -> Draft:
    """The Committee's encouragement to a State that has not reported (S/2012/663, part 1 (b)); it goes from the Chair.

    In whose term it went is on record and not in the letter: no name stands under what its owner has not seen.
    """
    programme = programme_on(date(reminder.programme + 2001, 6, 1))
    words = {
        "start": day_in(to.language, programme.start),
        "end": day_in(to.language, programme.end),
        "symbol": SYMBOLS.get(reminder.programme, ""),
        "chair": chair.key,
    }
    return _draft(
        reminder.key, LetterKind.FIRST_REPORT_REMINDER, to, words, desk,
        sender="chair", handling=Handling.OPEN, not_after=not_after,
    )  # fmt: skip


def confirmation(  # noqa: PLR0913 - what it says, each by its name
    rung: Rung,
    to: Correspondent,
    *,
    entry: Sequence[Contact],
    link: str,
    last_day: date,
    desk: Desk,
    not_after: datetime,
) -> Draft:
    """A party is asked to confirm or correct its own entry, which stands in the letter, and nobody else's does."""
    words = {
        "nth": rung.nth,
        "entry": [
            {
                "key": one.key,
                "shown": entries.digest(one),
                "office": office_in(to.language, one.office),
                "name": _named(one, to),
                "address": one.address,
                "telephone": one.telephone,
            }
            for one in entry
        ],
        "link": link,
        "last_day": day_in(to.language, last_day),
    }
    return _draft(rung.key, LetterKind.CONFIRMATION, to, words, desk, conversation=rung.asking.key, not_after=not_after)


def member_welcome(  # noqa: PLR0913 - what it says, each by its name
    key: str,
    term: Term,
    to: Correspondent,
    *,
    observes: date,
    chair: Chairing,
    enclosures: Sequence[Enclosure],
    not_after: datetime,
    desk: Desk,
) -> Draft:
    """To a member that comes: from when it observes and sits, the documents in force, a briefing (S/2012/663, 5 (e))."""
    words = _of_a_term(term, chair, to.language) | {"observes": day_in(to.language, observes)}
    return _draft(
        key, LetterKind.MEMBER_WELCOME, to, words, desk,
        sender="chair", conversation=key, enclosures=tuple(enclosures), not_after=not_after,
    )  # fmt: skip


def member_network(  # noqa: PLR0913 - what it says, each by its name
    key: str, term: Term, to: Correspondent, *, chair: Chairing, not_after: datetime, desk: Desk
) -> Draft:
    """To a member that leaves: may its people be kept in the network of former members; silence keeps nobody (5 (e))."""
    words = _of_a_term(term, chair, to.language)
    return _draft(
        key, LetterKind.MEMBER_NETWORK, to, words, desk, sender="chair", conversation=key, not_after=not_after
    )


def _of_a_term(term: Term, chair: Chairing, language: str) -> dict[str, str]:
    days = {"start": term.start, "end": term.end}
    return {name: day_in(language, day) if day else "" for name, day in days.items()} | {"chair": chair.key}


def enclosure(name: str, content: bytes) -> Enclosure:
    """A file of ours as an enclosure: its own name without a path, its type by its ending."""
    bare = one_line(name.replace("\\", "/")).rpartition("/")[2] or "enclosure"
    kind = mimetypes.guess_type(bare)[0] or "application/octet-stream"
    return Enclosure(bare, kind, len(content), hashlib.sha256(content).hexdigest())


def digest(drafts: Iterable[Draft]) -> str:
    """What a press is bound to: recipients, words, the templates' text and enclosures of every letter."""
    shown = [_by_name(draft) | {"template": freeze(draft.kind, draft.language).sha256} for draft in drafts]
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=_shown).encode()).hexdigest()


def _shown(value: object) -> object:
    """What JSON does not know; not by `asdict`, which copies every word of every letter first and takes ten times as long."""
    return _by_name(value) if is_dataclass(value) else str(value)


def _by_name(value: Any) -> dict[str, Any]:
    return {one.name: getattr(value, one.name) for one in fields(value)}


def release(draft: Draft, *, reference: str, release: str, by: str, desk: Desk) -> Letter:
    """The letter as it is frozen, with its Message-ID and the hash of its templates, which `keep_templates` keeps."""
    if not desk.address:
        raise Refused(f"{NO_ADDRESS} Nothing was changed.")
    return Letter(
        key=draft.key,
        kind=draft.kind,
        party=draft.party,
        language=draft.language,
        reference=reference,
        release=release,
        rungs=draft.rungs,
        template=freeze(draft.kind, draft.language).sha256,
        words=draft.words,
        addressees=draft.addressees,
        message_id=message_id(draft.key, desk),
        queued_at=desk.now,
        by=by,
        sender=draft.sender,
        answers=draft.answers,
        conversation=draft.conversation,
        enclosures=draft.enclosures,
        handling=draft.handling,
        not_after=draft.not_after,
        list=draft.list,
        unsubscribes=draft.unsubscribes,
    )


def message_id(key: str, desk: Desk) -> str:
    """The same key, the same Message-ID: after a crash a letter goes again as itself.

    Made with the desk's secret: whoever never had the letter cannot name it, and so cannot write its bounce.
    """
    named = hmac.digest(desk.store.secret, b"message-id\0" + key.encode(), "sha256").hex()[:32]
    return f"<{named}@{ascii_address(f'desk@{desk.domain}').rpartition('@')[2]}>"


async def keep_templates(store: Store) -> None:
    """Keep the templates of every letter that may be released from now on; what is kept already costs nothing."""
    for kind in LetterKind:
        for language in sorted(shipped_languages()):
            await store.keep(freeze(kind, language).data)


async def chair(tables: Tables, desk: Desk) -> Chairing:
    """Who chairs the Committee today; `Refused` where nobody does: the Chair's letters wait for one."""
    chairings = await tables.chairings.find(body=COMMITTEE)
    serving = in_the_chair(COMMITTEE, desk.today, chairings, await tables.terms.all())
    if serving is None:
        raise Refused(
            "The Committee has no chair today; the Chair's letters wait for one: chair of committee is PERSON from DATE"
        )
    return serving


def letterhead(desk: Desk) -> Letterhead:
    return Letterhead(desk.address)


def _draft(key: str, kind: LetterKind, to: Correspondent, words: dict[str, Any], desk: Desk, **facts: Any) -> Draft:
    if kind in NOTES_VERBALES and not to.is_state:
        raise Refused(f"{to.short} is no State: it gets letters, never notes verbales. Nothing was written.")
    common = {
        "note_verbale": to.is_state,
        "mission": to.mission,
        "address": desk.address,
        "limit": size_in(to.language, desk.max_enclosures),
        "practice": desk.facts.practice,
    }
    return Draft(key, kind, to.party, to.language, common | words, to.addressees, rungs=(key,), **facts)


def _files(submission: Submission, files: Sequence[Enclosure], language: str) -> list[dict[str, str]]:
    """What a receipt lists: of a restricted submission the sizes alone, for mailboxes are read by many."""
    restricted = submission.handling is Handling.RESTRICTED
    return [{"name": "" if restricted else one_line(file.name), "size": size_in(language, file.size)} for file in files]
