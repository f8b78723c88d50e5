"""A mail larger than is fetched: its headers are kept, the secretariat is told, and a registered sender how to send it."""

from dataclasses import replace

from committee.calendar import new_york
from committee.cards import Offer
from committee.mail import Mail
from mailflows import answers, correspondents, indexing, letters
from mailflows import mail as mails
from mailflows.desk import Desk
from mailflows.mailboxes import TooLarge
from mailflows.reading import Reading
from mailflows.senders import who_wrote
from storage.port import Transaction


async def keep(large: TooLarge, desk: Desk, source: str) -> Mail:
    """Keep what was fetched of it, and set it aside in the same commit: it is never half a submission."""
    sha256 = await desk.store.keep(large.headers)
    reading = await desk.reader.read(large.headers)
    async with desk.store.transaction(by="rule: mail in", doing="mail kept", about=source, at=desk.now) as tx:
        if known := next(iter(await tx.mail.find(source=source)), None):
            return known
        mail = Mail(
            await tx.number("M", new_york(desk.now).year), source, sha256, large.size, desk.now,
            sender=reading.from_.address if reading.from_ else "", message_id=reading.message_id or "",
        )  # fmt: skip
        mail, told = await _tell_sender(mail, reading, tx, desk)
        reason = ". ".join(filter(None, (f"it has {large.size} bytes, more than are fetched", told.rstrip("."))))
        kept = (
            "Its headers are kept here, the rest is in the mailbox: save its files from there, and number it by "
            "submission add --by-hand PARTY KIND --file FILE"
        )
        refuse = (Offer("Not theirs", f"mail {mail.key} refuse", "danger"),)
        mail = await mails.set_aside(mail, reason, tx, desk, kept=kept, presses=refuse)
        await tx.mail.add(mail)
        await indexing.index_mail(tx, mail, reading)
    return mail


async def _tell_sender(mail: Mail, reading: Reading, tx: Transaction, desk: Desk) -> tuple[Mail, str]:
    """A polite word to a registered address, under the cap, and never to a machine; and what was done, for the card."""
    if mails.why_never_answered(reading, desk):
        return mail, ""
    sender = await who_wrote(reading, tx, desk)
    mail = replace(mail, authenticated=sender.authenticated, proposed=sender.proposed)
    if sender.contact is None:
        return mail, ""
    party = sender.contact.state
    to = await correspondents.answering(tx, party, sender.contact, desk)
    draft = letters.too_large(mail, to, desk=desk)
    rule = "a registered sender hears that a mail was too large"
    unanswered = await answers.answer(draft, mail, sender.contact.address, rule, tx, desk)
    return replace(mail, proposed=party), unanswered or "Its sender was told how to send it in parts"
