"""What shows that a step of the tour was done: a fact in the store, in words; empty while it is missing."""

from committee.announcements import AnnouncementState
from committee.contacts import Office
from committee.counting import counted
from committee.letters import DeliveryState, LetterKind
from committee.posts import PostState
from committee.states import ReportStatus
from committee.submissions import Kind, SubmissionState
from mailflows import correspondents, unserved
from mailflows.desk import Desk

MALAWI, GAMBIA, MALI = "MWI", "GMB", "MLI"


async def morning_card(desk: Desk) -> str:
    """It stands in chat, and so does the one that announces the reminders."""
    waiting = await desk.store.announcements.find(kind=LetterKind.FIRST_REPORT_REMINDER)
    for card in await desk.store.cards.find(kind="morning"):
        stands = await desk.store.posts.find(card=card.key, state=PostState.POSTED)
        if stands and waiting and all(one.told_at for one in waiting):
            return f"The card of {card.title} stands in chat; {counted(len(waiting), 'reminder')} announced"
    return ""


async def report_arrived(desk: Desk) -> str:
    """It has a number, and its receipt was accepted."""
    for one in await desk.store.submissions.find(party=MALAWI, kind=Kind.FIRST_REPORT):
        receipts = await desk.store.letters.find(kind=LetterKind.RECEIPT, conversation=one.key)
        for letter in receipts:
            if await desk.store.deliveries.find(letter=letter.key, state=DeliveryState.SENT):
                return f"{one.key} from Malawi; its receipt was accepted by the mission’s mail server"
    return ""


async def report_accepted(desk: Desk) -> str:
    state = await desk.store.states.get(MALAWI)
    accepted = await desk.store.submissions.find(party=MALAWI, state=SubmissionState.ACCEPTED)
    if accepted and state and state.status is ReportStatus.REPORTED:
        return f"{accepted[0].key} is accepted; Malawi has reported"
    return ""


async def address_kept(desk: Desk) -> str:
    """What was set aside is the Gambia's by now, and its address stands in the address book."""
    known = {one.address for one in await desk.store.contacts.find(party=GAMBIA) if one.office is Office.CORRESPONDENT}
    for mail in await desk.store.mail.find(party=GAMBIA):
        if mail.sender in known and mail.submission and mail.decided_by:
            return f"{mail.sender} stands in the Gambia’s address book; its report is {mail.submission}"
    return ""


async def reminder_held(desk: Desk) -> str:
    """A person holds one that was announced; one that was let go again has been held too."""
    for one in await desk.store.announcements.find(kind=LetterKind.FIRST_REPORT_REMINDER):
        if one.state is AnnouncementState.HELD or one.released_at:
            name = await correspondents.party_name(desk.store, one.party, desk)
            return f"The reminder to {name} is held: {one.why}" if one.why else f"The reminder to {name} was held"
    return ""


async def two_people(desk: Desk) -> str:
    """One person prepared the letters, another released them, and the first were accepted."""
    letters = await desk.store.letters.find(kind=LetterKind.CLOSURE_NOTICE)
    names = {one.key: one.name for one in await desk.store.staff.all()}
    for letter in letters:
        approval, sent = letter.approval, await desk.store.deliveries.find(letter=letter.key, state=DeliveryState.SENT)
        if approval and approval.prepared_by != approval.released_by and sent:
            by, released = names[approval.prepared_by], names[approval.released_by]
            return f"{counted(len(letters), 'letter')}, prepared by {by}, released by {released}"
    return ""


async def time_went_on(desk: Desk) -> str:
    """Reminders left by the clock, a mission has answered one, and somebody was not served."""
    letters = await desk.store.letters.find(kind=LetterKind.FIRST_REPORT_REMINDER)
    by_clock = {one.party for one in letters if one.by.startswith("rule:")}
    sent = {
        one.party
        for one in await desk.store.deliveries.find(kind=LetterKind.FIRST_REPORT_REMINDER, state=DeliveryState.SENT)
    }
    answered = [one for one in await desk.store.states.all() if one.key in by_clock & sent and one.promise]
    missing = await unserved.unserved(None, desk)
    if not answered or not missing:
        return ""
    named = ", ".join(sorted({one.name for one in missing}))
    mission = await correspondents.party_name(desk.store, answered[0].key, desk)
    return f"{counted(len(by_clock & sent), 'reminder')} left by the clock; {mission} answered; not served: {named}"
