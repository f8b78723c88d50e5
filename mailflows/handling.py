"""An officer says who may see what came: open, for the members, or restricted; it counts from then on."""

from dataclasses import dataclass, replace

from committee.calendar import new_york
from committee.errors import Refused
from committee.handling import Handling
from committee.letters import DeliveryState, Letter, mail_answered
from committee.mail import Mail
from committee.staff import Person, Role
from committee.submissions import Decision, Submission
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act, use
from storage.port import Transaction
from storage.tables import Tables

UNSENT = (DeliveryState.QUEUED, DeliveryState.CLAIMED, DeliveryState.LATER, DeliveryState.HELD)


@dataclass(frozen=True, slots=True)
class Handled:
    """What is handled otherwise now, and the letters about it that have not left: they carry the marking of before."""

    key: str
    before: Handling
    now: Handling
    waiting: tuple[Letter, ...] = ()


async def handle(key: str, handling: Handling, who: Act) -> Handled:
    """Set the handling of a submission, or of a mail: where that is a submission's, the submission's.

    Nothing that was released changes: what has left has left, and what waits carries the words that it was given.
    """
    require(who.person, Role.OFFICER, "set a handling")
    about = await _meant(key, who.desk.store)
    subject = "submission" if isinstance(about, Submission) else "mail"
    words = {"before": about.handling, "now": handling}  # a mail keeps no decisions of its own
    async with who.desk.store.transaction(
        by=who.person.key, doing=f"{subject} handling", about=about.key, at=who.desk.now, words=words
    ) as tx:
        await use(tx, who.press, who.person, who.desk.now)
        current = await _meant(key, tx)
        if (current.key, current.handling) != (about.key, about.handling):
            raise Refused(f"{key} has changed just now; nothing was changed. Look at it again: {subject} {current.key}")
        if current.handling is handling:
            raise Refused(f"The handling of {current.key} is {handling} already; nothing was changed.")
        await _put(tx, current, handling, who)
        return Handled(current.key, current.handling, handling, await _waiting(tx, current.key))


def reads_closed(person: Person, desk: Desk) -> bool:
    """Whether the person is shown what is not open: officers are, but not in chat, which is somebody's cloud."""
    return person.may(Role.OFFICER) and not desk.in_chat


async def of_mail(mail: Mail, tables: Tables) -> Handling:
    """Its submission's, where it has become one."""
    submission = await tables.submissions.get(mail.submission) if mail.submission else None
    restricted = mail.handling is Handling.RESTRICTED
    return submission.handling if submission and not restricted else mail.handling


async def is_open(submission: Submission, tables: Tables) -> bool:
    """Whether everyone may read what it says: a part as the whole to which it was joined, too."""
    whole = await tables.submissions.get(submission.joined_to) if submission.joined_to else None
    joined = submission.joined_to is None or (whole is not None and await is_open(whole, tables))
    return submission.handling is Handling.OPEN and joined


async def letter_is_open(letter: Letter, tables: Tables) -> bool:
    """Whether what it says may be read by anybody: by its own handling, and by what it is about as that is handled today.

    An answer has the subject of the mail that it answers, so it is open as long as that mail is too.
    """
    about = await tables.submissions.get(letter.conversation) if letter.conversation else None
    answered = await tables.mail.get(mail_answered(letter)) if mail_answered(letter) else None
    of_about = about is None or await is_open(about, tables)
    return letter.handling is Handling.OPEN and of_about and (answered is None or await _mail_is_open(answered, tables))


async def _mail_is_open(mail: Mail, tables: Tables) -> bool:
    """As its submission is; the words of one that only repeats a submission, or that is itself restricted, are not."""
    if not mail.submission:
        return mail.handling is Handling.OPEN
    submission = await tables.submissions.get(mail.submission)
    own = not mail.restricted and mail.kind != AGAIN
    return own and submission is not None and await is_open(submission, tables)


AGAIN = "again"
"""A mail that has the enclosures of an earlier one; its words are its own."""


async def _meant(key: str, tables: Tables) -> Submission | Mail:
    mail = await tables.mail.get(key)
    submission = await tables.submissions.get(mail.submission if mail and mail.submission else key)
    if found := submission or mail:
        return found
    raise Refused(f"There is no submission and no mail {key}. To see them: submissions, inbox. Nothing was changed.")


async def _put(tx: Transaction, current: Submission | Mail, handling: Handling, who: Act) -> None:
    if isinstance(current, Mail):
        await tx.mail.put(replace(current, handling=handling))
        return
    words = f"{current.handling} to {handling}"
    decision = Decision(who.person.name, new_york(who.desk.now), "handling", words)
    await tx.submissions.put(current.handled(decision, handling))
    mails = [mail for mail in await tx.mail.find(submission=current.key) if mail.restricted]
    await tx.mail.put(*(replace(mail, handling=handling) for mail in mails))  # an officer's word is the last


async def _waiting(tx: Transaction, submission: str) -> tuple[Letter, ...]:
    letters = await tx.letters.find(conversation=submission)
    if not letters:
        return ()
    waiting = {one.letter for one in await tx.deliveries.find(letter=tuple(one.key for one in letters), state=UNSENT)}
    return tuple(letter for letter in letters if letter.key in waiting)
