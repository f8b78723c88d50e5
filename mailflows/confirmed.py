"""A party answers whether its entry is right: "unchanged" counts at once, once a year; a change waits for an officer."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from committee.cards import Offer
from committee.confirmations import Answer, AnswerState, Asking, Change, What
from committee.contacts import Contact
from committee.counting import counted
from committee.errors import Refused
from committee.provenance import Door, Source
from committee.staff import Role
from mailflows import cards, confirmations, contacts, correspondents, entries
from mailflows.address_book import by_officer, known_contact, set_facts
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act, use
from storage.port import Transaction

PROPOSED = "confirmation-proposed"
DAY = timedelta(days=1)


class Used(Refused):
    """This asking has its answer; nothing was changed."""


async def unchanged(tx: Transaction, asking: Asking, shown: Mapping[str, str], source: Source, desk: Desk) -> Answer:
    """All that was `shown` is right, each contact by its key with the digest of what was shown; what is another now stays.

    `Used` where the asking has its answer.
    """
    answer = await _answered(tx, Answer(asking.key, asking.party, AnswerState.UNCHANGED, source))
    for contact in await entries.of_party(tx, asking.party, desk):
        if shown.get(contact.key) == entries.digest(contact):
            await set_facts(tx, contact, source, confirmed=True, confirmed_on=desk.today)
    await cards.decide(tx, asking.key, "it has answered: nothing has changed")
    return answer


async def propose(  # noqa: PLR0913, PLR0917 - what is proposed, and by which door
    tx: Transaction, asking: Asking, changes: Sequence[Change], words: str, source: Source, desk: Desk
) -> Answer:
    """Changes wait for an officer; a card says how many there are, and none of them. `Used` where it has its answer."""
    proposed = Answer(asking.key, asking.party, AnswerState.PROPOSED, source, tuple(changes), words)
    answer = await _answered(tx, proposed)
    name = await correspondents.party_name(tx, asking.party, desk)
    beside = f" and {counted(len(words), 'character')} of its own" if words else ""
    text = (
        f"{counted(len(changes), 'change')}{beside}; nothing was changed. The difference: confirmation {asking.party}"
    )
    await cards.decide(tx, asking.key, "it has answered: it proposes changes")
    offers = (Offer("Show the difference", f"confirmation {asking.party}"),)
    title = f"{name} corrects its entry in the address book"
    await cards.post(tx, PROPOSED, asking.key, title, text, now=desk.now, offers=offers)
    return answer


async def _answered(tx: Transaction, answer: Answer) -> Answer:
    """In the commit of what it does: of two answers at once the second finds the first."""
    if await tx.confirmations.get(answer.key):
        raise Used(f"{answer.key} has its answer already. Nothing was changed.")
    await tx.confirmations.put(answer)
    return answer


async def confirm(party: str, who: Act) -> Answer:
    """An officer has heard, by telephone perhaps, that all of a party's entry is right."""
    require(who.person, Role.OFFICER, "confirm an entry")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="confirmation by hand", about=party, at=desk.now) as tx:
        await use(tx, who.press, who.person, desk.now)
        asking = await confirmations.asking_meant(tx, party, desk)
        entry = await entries.of_party(tx, party, desk)
        if not entry:
            raise Refused(f"{party} has nobody in the address book; there is nothing to confirm.")
        shown = {one.key: entries.digest(one) for one in entry}
        return await unchanged(tx, asking, shown, by_officer(who), desk)


async def make(party: str, who: Act) -> Answer:
    """The changes that a party has proposed are made, in one commit; `Refused`, and none is, where one of them cannot be."""
    require(who.person, Role.OFFICER, "change a contact")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="confirmation made", about=party, at=desk.now) as tx:
        answer = await _open(tx, party)
        _is_still(answer, who)
        await use(tx, who.press, who.person, desk.now)
        for key in dict.fromkeys(one.contact for one in answer.changes):
            contact = await known_contact(tx, key)
            await _make(tx, contact, [one for one in answer.changes if one.contact == key], answer.source, desk)
        changed = {one.contact for one in answer.changes}
        await _rest_is_right(tx, answer, changed, desk)
        return await _decided(tx, answer, AnswerState.MADE, who)


async def decline(party: str, who: Act) -> Answer:
    """The proposed changes are not made; what the party wrote stays on record."""
    require(who.person, Role.OFFICER, "decline a change")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="confirmation declined", about=party, at=desk.now) as tx:
        answer = await _open(tx, party)
        _is_still(answer, who)
        await use(tx, who.press, who.person, desk.now)
        return await _decided(tx, answer, AnswerState.DECLINED, who)


async def _decided(tx: Transaction, answer: Answer, state: AnswerState, who: Act) -> Answer:
    done = answer.decided(state, who.person.key)
    await tx.confirmations.put(done)
    await cards.decide(tx, answer.key, f"{state} by {who.person.name}")
    return done


async def _open(tx: Transaction, party: str) -> Answer:
    answers = [one for one in await tx.confirmations.find(party=party) if one.is_open]
    if not answers:
        raise Refused(f"{party} proposes no change. To see them: confirmations. Nothing was changed.")
    return max(answers, key=lambda one: one.key)


def _is_still(answer: Answer, who: Act) -> None:
    if who.press and who.press.digest and who.press.digest != shown(answer):
        raise Refused(f"What was shown has changed since: confirmation {answer.party}. Nothing was changed.")


def shown(answer: Answer) -> str:
    """What a button about an answer is bound to."""
    return f"{answer.key}/{answer.state}/{answer.source.at.isoformat()}"


async def _make(tx: Transaction, contact: Contact, changes: Sequence[Change], source: Source, desk: Desk) -> None:
    """Each fact on the word of whoever proposed it; over nobody's head: what is another than was shown is not overwritten."""
    now = entries.said_of(contact)
    clash = [one for one in changes if one.what is not What.LEFT and now[one.what] != one.was]
    if clash:
        raise Refused(
            f"{contact.key}: its {', '.join(one.what for one in clash)} was changed meanwhile; no proposed change was made. "
            f"Change it by hand (contact {contact.key}), then: confirmation {contact.party} decline"
        )
    facts = {str(one.what): one.now for one in changes if one.what not in {What.LEFT, What.ADDRESS}}
    right = await set_facts(tx, contact, source, **facts, confirmed=True, confirmed_on=desk.today)
    moved = [one.now for one in changes if one.what is What.ADDRESS]
    if moved:
        new = contacts.New(right.party, right.office, right.name, moved[0], desk.today, right.end)
        of_the_person = ("style", "title", "pronoun", "telephone", "languages")
        await _ended(tx, right, source, desk)
        await contacts.put_new(tx, new, source, desk, {name: getattr(right, name) for name in of_the_person})
    elif any(one.what is What.LEFT for one in changes):
        await _ended(tx, right, source, desk)


async def _ended(tx: Transaction, contact: Contact, source: Source, desk: Desk) -> None:
    """From today it speaks for nobody; one that began today never did."""
    last = desk.today - DAY
    start = min(contact.start, last) if contact.start else None
    await tx.contacts.put(contact.changed(source, start=start, end=last))


async def _rest_is_right(tx: Transaction, answer: Answer, but: Collection[str], desk: Desk) -> None:
    """Whoever corrects one line has read the others; where it wrote something beside, nobody knows of which."""
    if answer.words:
        return
    for contact in await entries.of_party(tx, answer.party, desk):
        if contact.key not in but and not any(one.source.at > answer.source.at for one in contact.history):
            await set_facts(tx, contact, answer.source, confirmed=True, confirmed_on=desk.today)


def by_mail(writer: Contact, mail: str, desk: Desk) -> Source:
    return Source(Door.MAIL, writer.key, desk.now, mail)


def by_page(asking: Asking, desk: Desk) -> Source:
    return Source(Door.PAGE, asking.party, desk.now, asking.key)
