"""All that belongs to one thing is gathered, so that its story can be told: rows, letters, mails, and the trail's entries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from committee.announcements import Announcement
from committee.audit import Entry
from committee.cards import EventCard
from committee.contacts import delegation, state_of
from committee.errors import Refused
from committee.letters import Delivery, Letter, mail_answered
from committee.mail import Mail
from committee.posts import PostState
from committee.staff import Person
from committee.states import Note, State
from committee.story import Known, Line, changed_in
from committee.story_of_arrivals import ARRIVED
from committee.story_of_decisions import NOTING, names, notes_made
from committee.submissions import Submission
from committee.telling import tell
from mailflows import correspondents, handling
from mailflows.announcements import KIND as ANNOUNCED
from mailflows.desk import Desk
from mailflows.story_trail import answered_in, by_commit, entries_about
from storage.documents import T
from storage.port import Store


async def story(key: str, person: Person, desk: Desk) -> tuple[Line, ...]:
    """The story of a submission, a mail, a letter or a State, the oldest first; of anything else what the trail says of it.

    Readers are shown no words about what is not open. `Refused` where nothing is known by that key.
    """
    gathered = await _gathered(key, desk.store)
    known = await _with_names(gathered, desk)
    of_others = {entry.seq for entry in gathered.entries if entry.doing in NOTING and entry.about != key}
    of_others -= {seq for seq, note in known.noted.items() if note in {one for _, one in known.notes}}
    entries = [entry for entry in gathered.entries if entry.seq not in of_others]
    lines = tell(entries, replace(known, reads_all=handling.reads_closed(person, desk)), gathered.beside)
    if gathered.known == Known() and not lines:
        raise Refused(
            f"Nothing is on record under {key}. To see what has happened: log; what there is: submissions, inbox."
        )
    return lines


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is on record about a thing and its parts, and the entries about them, in the order of their commits."""

    known: Known
    entries: Sequence[Entry] = ()
    beside: Sequence[Entry] = ()  # what happened to its parts and is told elsewhere
    mails: Mapping[str, str] = field(default_factory=dict)  # of which submission each mail is that may have made a note


async def _gathered(key: str, store: Store) -> Gathered:
    if submission := await store.submissions.get(key):
        return await _of_submission(submission, store)
    if mail := await store.mail.get(key):
        return await _of_mail(mail, store)
    letter, announcement = await store.letters.get(key), await store.announcements.get(key)
    if letter or announcement:
        return await _of_letter(letter, announcement, store)
    if state := await store.states.get(key):
        return await _of_state(state, store)
    if letters := await store.letters.find(release=key):
        known = Known(letters=_by_key(letters), deliveries=_by_key(await _deliveries(letters, store)))
        return Gathered(known, await entries_about(known, store))
    return Gathered(Known(), await store.trail.find(about=key))


async def _of_submission(submission: Submission, store: Store) -> Gathered:
    """With the parts that were joined to it, every mail of its conversation, and each letter that answers one of them."""
    of_party = await store.submissions.find(party=submission.party)
    parts = [submission, *(one for one in of_party if one.joined_to == submission.key)]
    keys = tuple(part.key for part in parts)
    mails = await store.mail.find(submission=keys)
    letters = await store.letters.find(conversation=keys)
    state = await store.states.get(submission.party)
    named = [note for note in (state.notes if state else ()) if any(names(note.text, part) for part in keys)]
    known = Known(
        submissions={part.key: part for part in parts},
        mails=_by_key([*mails, *await _come_back(letters, store)]),
        letters=_by_key(letters),
        deliveries=_by_key(await _deliveries(letters, store)),
        cards={card.key: card for card in await store.cards.find(about=keys, kind=ARRIVED)},
        told=await _told((*keys, *(mail.key for mail in mails)), (), store),
        states={state.key: state} if state else {},
        notes=tuple((submission.party, note) for note in named),
    )
    return Gathered(known, await entries_about(known, store, parties=(submission.party,)))


async def _of_mail(mail: Mail, store: Store) -> Gathered:
    """With what it became; what happened to that afterwards is its own story."""
    submission = await store.submissions.get(mail.submission) if mail.submission else None
    sent = await store.mail.find(party=mail.party, since=mail.kept_at) if mail.party else []
    about = Known(
        mails={one.key: one for one in (mail, *(one for one in sent if one.answers == mail.key))},
        told=await _told((mail.key,), (), store),
    )
    entries = await entries_about(about, store)
    moved = {key for entry in entries for key in changed_in(entry, "deliveries")}
    deliveries = await store.deliveries.find(key=tuple(moved)) if moved else []
    made = {copy.letter for copy in deliveries} | {key for entry in entries for key in changed_in(entry, "letters")}
    letters = await store.letters.find(key=tuple(made)) if made else []
    state = await store.states.get(mail.party or "")
    known = replace(
        about,
        submissions={submission.key: submission} if submission else {},
        cards={card.key: card for card in await store.cards.find(about=mail.submission, kind=ARRIVED)}
        if submission
        else {},
        letters=_by_key(letters),
        deliveries=_by_key(deliveries),
        to_the_end=False,
        states={state.key: state} if state else {},
    )
    return Gathered(known, entries, await entries_about(known, store, elsewhere=await answered_in(letters, store)))


async def _of_letter(letter: Letter | None, announcement: Announcement | None, store: Store) -> Gathered:
    """With its announcement, its copies, and every mail that came back about it."""
    letters = [letter] if letter else []
    if letter and announcement is None:
        announcement = await store.announcements.get(letter.rungs[0]) if letter.rungs else None
    known = Known(
        mails=_by_key(await _come_back(letters, store)),
        letters=_by_key(letters),
        deliveries=_by_key(await _deliveries(letters, store)),
        announcements={announcement.key: announcement} if announcement else {},
        told=await _told((), (announcement.key,), store) if announcement else {},
    )
    return Gathered(known, await entries_about(known, store, elsewhere=await answered_in(letters, store)))


async def _of_state(state: State, store: Store) -> Gathered:
    """All that has passed with it: what it has said and sent, and what was written to it."""
    letters = await store.letters.find(party=(state.key, delegation(state.key)))
    mails = await store.mail.find(party=state.key)
    submissions = _by_key(await store.submissions.find(party=state.key))
    announcements = _by_key(await store.announcements.find(party=state.key))
    known = Known(
        submissions=submissions,
        mails=_by_key(mails),
        letters=_by_key(letters),
        deliveries=_by_key(await _deliveries(letters, store)),
        announcements=announcements,
        told=await _told((*submissions, *(mail.key for mail in mails)), announcements, store),
        states={state.key: state},
        notes=tuple((state.key, note) for note in state.notes),
    )
    of_mails = {mail.key: mail.submission or "" for mail in mails}
    own = await store.trail.find(about=state.key)
    return Gathered(known, by_commit([*await entries_about(known, store, parties=(state.key,)), *own]), mails=of_mails)


async def _told(about: Collection[str], announced: Collection[str], store: Store) -> dict[str, EventCard]:
    """What stands in chat about these mails and submissions, and the cards that announced these letters, by the post."""
    cards = await store.cards.find(about=tuple(about)) if about else []
    if announced:
        them = await store.cards.find(kind=ANNOUNCED)
        cards += [card for card in them if not {*announced}.isdisjoint(card.fields["letters"])]
    by_key = _by_key(cards)
    posted = await store.posts.find(card=tuple(by_key), state=PostState.POSTED) if by_key else []
    return {post.key: by_key[post.card] for post in posted if not post.updates}


async def _deliveries(letters: Collection[Letter], store: Store) -> list[Delivery]:
    return await store.deliveries.find(letter=tuple(letter.key for letter in letters)) if letters else []


async def _come_back(letters: Collection[Letter], store: Store) -> list[Mail]:
    """Bounces and automatic replies, each of which says in its reason which letter of ours it is about; and people's answers."""
    parties = tuple({state_of(letter.party) for letter in letters})
    first = min((letter.queued_at for letter in letters), default=None)
    about = tuple(f"about {letter.reference}, {letter.key}" for letter in letters)
    mails = await store.mail.find(party=parties, since=first) if letters else []
    keys = {letter.key for letter in letters}
    return [mail for mail in mails if mail.reason.endswith(about) or mail.answers in keys]


def _by_key(rows: Iterable[T]) -> dict[str, T]:
    return {row.key: row for row in rows}


async def _with_names(gathered: Gathered, desk: Desk) -> Known:
    """The parties and people as they are read, which mail each letter answers, and which entry made which note."""
    known, store = gathered.known, desk.store
    parties = {one.party for one in known.submissions.values()} | {one.party for one in known.letters.values()}
    parties |= {mail.party for mail in known.mails.values() if mail.party} | {*known.states}
    called = {party: await correspondents.party_name(store, party, desk) for party in parties}
    people = {person.key: person.name for person in await store.staff.all()}
    answered = {key: mail for key, letter in known.letters.items() if (mail := await _answered(letter, store))}
    joined = tuple({one.joined_to for one in known.submissions.values() if one.joined_to})
    wholes = _by_key(await store.submissions.find(key=joined) if joined else [])
    noted = _noted(gathered, people)
    cases = {key: case for key in known.mails if (case := await store.cases.get(key))}
    named = tuple({mail.answers for mail in known.mails.values()} | {case.answer for case in cases.values()})
    numbers = {letter.key: letter.reference for letter in await store.letters.find(key=named)} if named else {}
    return replace(known, names=people | called | numbers, answered=answered, noted=noted, wholes=wholes, cases=cases)


async def _answered(letter: Letter, store: Store) -> str:
    """The mail that a letter answers, by its conversation or its key: a Message-ID alone is a hint that anybody can write."""
    if mail := mail_answered(letter):
        return mail
    mails = await store.mail.find(message_id=letter.answers) if letter.answers else []
    conversation = letter.conversation or None
    ours = (mail.key for mail in mails if mail.submission == conversation and (conversation or mail.key in letter.key))
    return next(ours, "")


def _noted(gathered: Gathered, people: Mapping[str, str]) -> dict[int, Note]:
    known = gathered.known
    of = {mail.key: mail.submission or "" for mail in known.mails.values()} | {**gathered.mails}
    made = [notes_made(gathered.entries, state, of, people) for state in known.states.values()]
    return {seq: note for notes in made for seq, note in notes.items()}
