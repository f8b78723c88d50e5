"""Mail comes in: keep the bytes, commit, move the message on its server, and only then understand."""

from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace

from committee.calendar import new_york
from committee.errors import Refused, Unavailable
from committee.mail import Mail, MailState
from mailflows import cards, oversized
from mailflows import mail as mails
from mailflows.desk import Desk
from mailflows.logs import log
from mailflows.mailboxes import Mailbox, Mailboxes, TooLarge


async def take_in(raw: bytes, desk: Desk, *, source: str | None = None) -> Mail:
    """Keep one message and give it its place; the same source or the same bytes again change nothing.

    Raises `Unavailable` when the bytes could not be kept: whoever brought them keeps them and tries again.
    """
    mail = await keep(raw, desk, source=source)
    return await place(mail, desk) if mail.state is MailState.KEPT else mail


async def keep(raw: bytes, desk: Desk, *, source: str | None = None) -> Mail:
    """The raw bytes on disk, then a row that names them, in that order."""
    sha256 = await desk.store.keep(raw)
    if known := await _known(desk, source):
        return known
    async with desk.store.transaction(by="rule: mail in", doing="mail kept", about=source or sha256, at=desk.now) as tx:
        if source and (known := next(iter(await tx.mail.find(source=source)), None)):
            return known
        twin = next(iter(await tx.mail.find(sha256=sha256)), None)
        mail = Mail(await tx.number("M", new_york(desk.now).year), source, sha256, len(raw), desk.now)
        if twin:
            mail = replace(mail, state=MailState.TAKEN_IN, kind="identical", party=twin.party, sender=twin.sender, reason=f"the same bytes as {twin.key}", submission=twin.submission)  # fmt: skip  # noqa: E501 - one change
        await tx.mail.add(mail)
    return mail


async def place(mail: Mail, desk: Desk) -> Mail:
    """Understand a kept message; whatever goes wrong in understanding it, it is set aside and shown, and the next is handled."""
    try:
        return await mails.place(await mails.understand(mail, await desk.store.kept(mail.sha256), desk), desk)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one mail that nobody foresaw must not stop the others
        log.error("mail not understood", key=mail.key, error=type(error).__name__)
        async with desk.store.transaction(
            by="rule: mail in", doing="mail set aside", about=mail.key, at=desk.now
        ) as tx:
            aside = await mails.set_aside(mail, f"it could not be understood ({type(error).__name__})", tx, desk)
            await tx.mail.put(aside)
        return aside


@dataclass(frozen=True, slots=True)
class Round:
    """What one look into the mailbox brought."""

    taken: tuple[Mail, ...] = ()
    trouble: tuple[str, ...] = ()  # empty: the mailbox was read to its end
    left: tuple[str, ...] = ()  # what could not be taken in, by its name in the mailbox


async def watch(inbox: Mailbox | None, desk: Desk) -> Round:
    """Take in what waits in the mailbox, and what was kept but never understood because a process ended in between.

    One message that cannot be read, or kept, stays where it is and does not stop the next.
    """
    looked = Round()
    for mail in await desk.store.mail.find(state=MailState.KEPT):
        looked = await _after(looked, mail.key, place(mail, desk))
    if inbox is None:
        return looked
    try:
        waiting = await inbox.waiting()
    except (Refused, Unavailable) as error:
        looked = replace(looked, trouble=(*looked.trouble, str(error)))
        await _say(looked, desk)
        return looked
    for name in waiting:
        looked = await _after(looked, name, _from_mailbox(inbox, name, desk))
    await _say(looked, desk)
    return looked


def read_to_end(inbox: Mailbox | None, looked: Round) -> list[bool]:
    """Of each mailbox, in the order of the setting, whether everything in it was taken in."""
    if isinstance(inbox, Mailboxes):
        return inbox.read_to_end(looked.left)
    return [] if inbox is None else [not looked.trouble]


async def _say(looked: Round, desk: Desk) -> None:
    """What could not be taken in holds back what goes by itself, so a person must hear of it: once a day for each reason.

    When the mailbox can be read again, the card says so.
    """
    earlier = await desk.store.cards.find(about=f"mailbox/{desk.today}")
    waiting = [card for card in earlier if not card.decided]
    if not looked.trouble:
        if waiting:
            async with desk.store.transaction(
                by="rule: mail in", doing="alarm over", about="mailbox", at=desk.now
            ) as tx:
                await cards.decide(tx, f"mailbox/{desk.today}", "the mailbox is read to its end again")
        return
    if any(card.text.startswith(looked.trouble[0]) for card in waiting):
        return
    with suppress(Unavailable):  # the disk itself: the next tick says so
        async with desk.store.transaction(by="rule: mail in", doing="alarm", about="mailbox", at=desk.now) as tx:
            text = f"{looked.trouble[0]}. Until it is read, nothing goes by itself."
            title = "The mailbox was not read to its end"
            nth = len(earlier) + 1
            await cards.post(tx, "alarm", f"mailbox/{desk.today}", title, text, now=desk.now, nth=nth)


async def _after(looked: Round, name: str, taking: Coroutine[None, None, Mail | None]) -> Round:
    try:
        mail = await taking
    except (Refused, Unavailable) as error:
        return _without(looked, name, str(error))
    except Exception as error:  # noqa: BLE001 - one mail that nobody foresaw must not stop the others
        log.error("mail not taken in", error=type(error).__name__)
        return _without(looked, name, f"it could not be taken in ({type(error).__name__})")
    return replace(looked, taken=(*looked.taken, mail)) if mail else looked


def _without(looked: Round, name: str, why: str) -> Round:
    return replace(looked, trouble=(*looked.trouble, f"{name}: {why}"), left=(*looked.left, name))


async def _from_mailbox(inbox: Mailbox, name: str, desk: Desk) -> Mail | None:
    source = inbox.source(name)
    if await _known(desk, source):
        await inbox.taken(name)
        return None
    raw = await inbox.read(name)
    if raw is None:  # it vanished while we looked: somebody else has it, or it comes again under another name
        return None
    if isinstance(raw, TooLarge):
        mail = await oversized.keep(raw, desk, source)
    else:
        mail = await keep(raw, desk, source=source)
    await inbox.taken(name)
    return await place(mail, desk) if mail.state is MailState.KEPT else mail


async def _known(desk: Desk, source: str | None) -> Mail | None:
    return next(iter(await desk.store.mail.find(source=source)), None) if source else None
