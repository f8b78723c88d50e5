"""What goes to many parties is prepared by one person and released by a second; nobody releases what they prepared."""

from dataclasses import dataclass, replace

from committee.approvals import Approval, Preparer, Staff, has_the_right, may_release, released, why_not
from committee.calendar import written_moment
from committee.cards import EventCard, Offer
from committee.counting import counted
from committee.errors import Refused
from committee.letters import LetterKind
from committee.staff import STRANGER, Person, Role
from mailflows import cards, delegations, posts
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act, Press, use
from storage.port import Transaction
from storage.tables import Tables

KIND = "letters-to-release"
EMERGENCY = "emergency-release"
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Prepared:
    """What waits for a second person: about which key, in which words, and how much of it there is."""

    about: str
    title: str
    kind: LetterKind
    letters: int
    parties: int


@dataclass(frozen=True, slots=True)
class Given:
    """A second person has pressed: on which card, and on whose word the letters leave."""

    card: EventCard
    approval: Approval


@dataclass(frozen=True, slots=True)
class Released:
    """What leaves in this commit: about which key the commit is, under which release, and how many letters."""

    about: str
    release: str
    letters: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits, with the command that shows it and who may release it today."""

    number: str  # A-2012-0001
    card: EventCard
    offer: Offer  # what releases it: its line shows it
    preparer: Preparer
    may_release: tuple[Person, ...]


async def ask(tx: Transaction, what: Prepared, offer: Offer, who: Act) -> None:
    """Put it on a card for whoever approves; the same words, asked for again, stay as they are, others replace them."""
    desk = who.desk
    earlier = await tx.cards.find(about=what.about, kind=KIND)
    for card in earlier:
        actions = [await tx.actions.get(key) for key in card.actions]
        if not card.decided and any(action and action.digest == offer.digest for action in actions):
            return
    await withdraw(tx, what.about, f"prepared anew by {who.person.name}, {written_moment(desk.now)}")
    number = await tx.number("A", desk.today.year)
    text = (
        f"Prepared by {who.person.name}. A second person, an approver, releases them. "
        f"To read the letter and to see who gets it: {_line(number)}"
    )
    fields = {
        "number": number, "kind": what.kind, "letters": what.letters, "parties": what.parties,
        "prepared_by": who.person.key, "prepared_as": sorted(who.person.identities),
    }  # fmt: skip
    offers = (offer, Offer("Read it first", _line(number)), _emergency(number, offer.digest))
    await cards.post(
        tx, KIND, what.about, what.title, text, now=desk.now, fields=fields, offers=offers, nth=len(earlier) + 1
    )


async def withdraw(tx: Transaction, about: str, why: str) -> None:
    """What waits for a second person about this, or about all of a series ("closure/"), is not to be released any more."""
    for card in await tx.cards.find(kind=KIND):
        same = card.about == about or (about.endswith("/") and card.about.startswith(about))
        if same and not card.decided:
            await cards.put(tx, replace(card, decided=why))


async def given(tx: Transaction, who: Act) -> Given | None:
    """The second person's word, where the button that was pressed asks for it; None where it only prepares.

    `Refused` unless the person is an approver, stands for one today, or is an administrator with a reason; unless somebody
    else prepared it; and unless it still waits.
    """
    card = await _card_of(tx, who.press) if who.press else None
    if card is None or who.press is None:
        return None
    reason, staff = who.press.emergency, await _staff(tx, who.desk)
    person = staff.people.get(
        who.person.key, STRANGER
    )  # as in this commit: a role may have been taken since they came in
    if reason:
        require(person, Role.ADMINISTRATOR, "release letters in an emergency")
    elif not has_the_right(person, staff):
        _refuse(person, card)
    if card.decided:
        raise Refused(f"{card.title}: {card.decided}. Nothing was sent.")
    preparer = _preparer(card, staff)
    if why := why_not(person, preparer, staff):
        raise Refused(why)
    return Given(card, released(person, preparer, staff, reason))


async def settle(tx: Transaction, by: Given | None, what: Released, who: Act) -> Approval | None:
    """The card says who released it; what left in an emergency is told to all staff, in the same commit."""
    if by is None:
        return None
    approval, name = by.approval, who.person.name
    approver = await tx.staff.get(approval.delegate_of) if approval.delegate_of else None
    stood = f" for {approver.name}, whose delegate they are" if approver else ""
    how = f" in an emergency: {approval.emergency}" if approval.emergency else stood
    await cards.put(tx, replace(by.card, decided=f"released by {name}{how}, {written_moment(who.desk.now)}"))
    await posts.continues(tx, by.card.about, what.release)
    if approval.emergency:
        tx.occasion(doing="emergency release", about=what.about, words={"why": approval.emergency})
        await _tell_all(tx, by, what, who)
    return approval


async def waiting(tables: Tables) -> int:
    """How many letters are prepared and wait for a second person."""
    return sum(int(card.fields["letters"]) for card in await tables.cards.find(kind=KIND) if not card.decided)


async def all_waiting(tables: Tables, desk: Desk) -> list[Waiting]:
    """Everything that waits for a second person, the oldest first."""
    staff = await _staff(tables, desk)
    return [await _waiting(card, tables, staff) for card in await tables.cards.find(kind=KIND) if not card.decided]


async def one_waiting(key: str, who: Act) -> Waiting:
    """What waits under this number, for those who may read its letter; `Refused` where nothing does, with what became of it."""
    require(who.person, Role.OFFICER, "read what waits for a second person")
    store = who.desk.store
    card = await _numbered(store, key)
    return await _waiting(card, store, await _staff(store, who.desk))


async def buttons(one: Waiting, who: Act) -> tuple[Offer, ...]:
    """What this person may do about it: release it, release it in an emergency, take it back."""
    person, staff = who.person, await _staff(who.desk.store, who.desk)
    offers = [Offer("Withdraw it", f"{_line(one.number)} withdraw")]
    if why_not(person, one.preparer, staff):
        return tuple(offers)
    if person.may(Role.ADMINISTRATOR):
        offers.insert(0, replace(_emergency(one.number, one.offer.digest), releases=one.card.key))
    if has_the_right(person, staff):
        offers.insert(0, replace(one.offer, releases=one.card.key))
    return tuple(offers)


async def in_an_emergency(key: str, why: str, who: Act) -> tuple[Waiting, Offer]:
    """What an administrator would release with this reason, and the button that does; nothing is released by this."""
    require(who.person, Role.ADMINISTRATOR, "release letters in an emergency")
    reason = _reason(why)
    one = await one_waiting(key, who)
    if against := why_not(who.person, one.preparer, await _staff(who.desk.store, who.desk)):
        raise Refused(against)
    shown = replace(_emergency(one.number, one.offer.digest), asks="", texts=(("why", reason),), releases=one.card.key)
    return one, replace(shown, line=f"{shown.line} “…”")


def as_emergency(press: Press, why: str) -> Press:
    """The press that releases with a reason in the place of an approver."""
    return replace(press, emergency=_reason(why))


async def take_back(key: str, who: Act) -> EventCard:
    """What waits is not to be released any more; to have it after all, it is prepared anew."""
    require(who.person, Role.OFFICER, "withdraw what waits for a second person")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="approval withdraw", about=key, at=desk.now) as tx:
        await use(tx, who.press, who.person, desk.now)
        card = await _numbered(tx, key)
        taken = replace(card, decided=f"withdrawn by {who.person.name}, {written_moment(desk.now)}")
        await cards.put(tx, taken)
    return taken


def number_of(card: EventCard) -> str:
    """A-2012-0001; of a card from before they were numbered its key."""
    return str(card.fields.get("number", card.key))


async def _card_of(tx: Transaction, press: Press) -> EventCard | None:
    """The card that asks for a second person, where the button stands on it, or was shown to somebody who read it."""
    action = await tx.actions.get(press.action)
    key = (action.card or action.releases) if action else ""
    card = await tx.cards.get(key) if key else None
    return card if card and card.kind == KIND else None


async def _staff(tables: Tables, desk: Desk) -> Staff:
    people, running = await delegations.today(tables, desk.today)
    return Staff(people, desk.now, running)


def _preparer(card: EventCard, staff: Staff) -> Preparer:
    """Known by what they were known by when they prepared it, and by what they are known by now."""
    key = str(card.fields["prepared_by"])
    person = staff.people.get(key)
    then = frozenset(card.fields.get("prepared_as", [f"entry {key}"]))
    return Preparer(key, person.name if person else key, then | (person.identities if person else frozenset()))


async def _waiting(card: EventCard, tables: Tables, staff: Staff) -> Waiting:
    action = await tables.actions.get(card.actions[0])
    if action is None:
        raise Refused(f"{card.title}: its button is not on record; prepare it anew. Nothing was changed.")
    offer = Offer(action.label, action.line, action.style, action.digest, texts=action.texts)
    preparer = _preparer(card, staff)
    return Waiting(number_of(card), card, offer, preparer, tuple(may_release(preparer, staff)))


async def _numbered(tables: Tables, key: str) -> EventCard:
    card = next((one for one in await tables.cards.find(kind=KIND) if number_of(one) == key), None)
    if card is None:
        raise Refused(f"There is no {key} that waits for a second person. To see what does: approvals.")
    if card.decided:
        raise Refused(f"{key} does not wait any more: {card.decided}. Nothing was changed.")
    return card


def _refuse(person: Person, card: EventCard) -> None:
    """Whoever is no approver, with the way that an administrator has."""
    try:
        require(person, Role.APPROVER, "release what somebody else has prepared")
    except Refused as refusal:
        if not person.may(Role.ADMINISTRATOR):
            raise
        raise Refused(f"{refusal} In an emergency: {_line(number_of(card))} emergency-release WHY") from refusal


def _line(number: str) -> str:
    return f"approval {number}"


def _emergency(number: str, digest: str) -> Offer:
    return Offer("Release in an emergency", f"{_line(number)} emergency-release", "danger", digest, asks="text")


def _reason(why: str) -> str:
    reason = " ".join(why.split())
    if not reason:
        raise Refused("An emergency release has a reason, which all staff read. Nothing was sent.")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"A reason has at most {LONGEST_REASON} characters; this has {len(reason)}. Nothing was sent.")
    return reason


async def _tell_all(tx: Transaction, by: Given, what: Released, who: Act) -> None:
    """Everybody reads what was done without an approver, by whom, and why."""
    release, letters = what.release, what.letters
    prepared = await tx.staff.get(by.approval.prepared_by)
    title = f"{counted(letters, 'letter')} released in an emergency: {release}"
    text = (
        f"{who.person.name} released them in the place of an approver, and gave the reason: “{by.approval.emergency.rstrip('.')}”. "
        f"They were prepared by {prepared.name if prepared else by.approval.prepared_by}. What leaves: proof {release}; "
        f"anybody of the staff may halt them: stop {release}"
    )
    fields = {"approval": number_of(by.card), "release": release, "letters": letters, "by": who.person.key}
    await cards.post(tx, EMERGENCY, release, title, text, now=who.desk.now, fields=fields)
