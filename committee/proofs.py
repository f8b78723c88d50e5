"""What can be shown of a letter's way: who accepted which copy when, which party was served, and why one was not."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from committee.calendar import new_york, written
from committee.letters import Copy, Delivery, DeliveryState, LetterKind
from committee.repairs import is_dead

D = DeliveryState
SAID: Mapping[LetterKind, str] = {
    LetterKind.RECEIPT: "receipt of a communication",
    LetterKind.RECEIPT_REPEAT: "receipt of a communication that had come before",
    LetterKind.CLARIFICATION: "question about a communication",
    LetterKind.ANSWER: "answer to a communication",
    LetterKind.LETTER: "letter of the secretariat",
    LetterKind.LIST_LETTER: "letter of the secretariat to a distribution list",
    LetterKind.FIRST_REPORT_REMINDER: "reminder of the first report",
    LetterKind.CONFIRMATION: "question whether the entry on record is right",
    LetterKind.STATUS_ANSWER: "answer about what is on record and what is open",
    LetterKind.TOO_LARGE: "notice that a message was too large",
    LetterKind.CLOSURE_NOTICE: "notice about a closure of Headquarters",
    LetterKind.ADDRESS_QUESTION: "question about an address that takes no mail",
    LetterKind.MEMBER_WELCOME: "welcome to a new member of the Council",
    LetterKind.MEMBER_NETWORK: "question whether former members may stay in touch",
    LetterKind.STAFF_ALARM: "alarm to the desk's own staff",
}
"""Each kind of letter in plain words, which quote nothing that anybody wrote."""

_STANDS: Mapping[DeliveryState, str] = {
    D.QUEUED: "it waits to go",
    D.CLAIMED: "it is about to go",
    D.SENDING: "it is on its way, and no answer has come yet",
    D.LATER: "it was put off",
    D.HELD: "it is held",
    D.REFUSED: "it was refused",
    D.BOUNCED: "it was accepted and came back",
    D.UNCERTAIN: "it is uncertain whether it was accepted",
    D.EXPIRED: "it was given up",
    D.WITHDRAWN: "it was withdrawn",
    D.SENT: "it was accepted",
}


def acceptances(delivery: Delivery) -> tuple[Copy, ...]:
    """Every acceptance of it, the first one first; of a delivery from before they were kept, the one that its row tells."""
    if delivery.copies:
        return tuple(sorted(delivery.copies, key=lambda copy: copy.at))
    if delivery.state is not D.SENT:
        return ()
    return (Copy(delivery.since, delivery.reply, delivery.server, delivery.tls, delivery.sha256),)


def has_it(delivery: Delivery) -> bool:
    """Whether a server has taken this copy, and it has not come back."""
    return delivery.state is D.SENT or bool(delivery.copies and delivery.state is not D.BOUNCED)


def served(deliveries: Iterable[Delivery]) -> bool:
    """A party is served when one of its addresses has accepted."""
    return any(map(has_it, deliveries))


def why_not(delivery: Delivery, stopped: str = "") -> str:
    """Why nobody has this copy, with the server's or the person's own words; `stopped` says that it is, and by whom."""
    stands = stopped if stopped and delivery.state in {D.QUEUED, D.LATER} else _STANDS[delivery.state]
    words = delivery.held if delivery.state is D.HELD else "" if delivery.state is D.QUEUED else delivery.reply
    return f"{stands}: {words}" if words else stands


def address_is_dead(delivery: Delivery) -> bool:
    """Whether its server has said that there is no such mailbox; what it had accepted before counts for nothing then."""
    return delivery.state in {D.REFUSED, D.BOUNCED} and is_dead(delivery.reply)


def at_the_address(delivery: Delivery, others: Iterable[Delivery]) -> str:
    """A dead address in a sentence: not served there, and where the party has the letter instead; empty of any other."""
    if not address_is_dead(delivery):
        return ""
    instead = [other.address for other in others if has_it(other)]
    where = (
        f"its party has the letter at {' and '.join(instead)}" if instead else "nobody else of its party has the letter"
    )
    return f"not served at {delivery.address}, which takes no mail; {where}"


def line_of(tls: str) -> tuple[str, str]:
    """The TLS version and the cipher of a line; both empty where it was not protected."""
    version, _, cipher = tls.partition(" ")
    return version, cipher


def accepted_by(copy: Copy, address: str, whose: str) -> str:
    """One acceptance in a sentence: that a mail server took it, and when; never that anybody has it or has read it.

    `whose` is "the mission", say. That the server is its own is said only where it stands in the domain of the address.
    """
    host = copy.server.rpartition(":")[0] or copy.server
    domain = address.rpartition("@")[2].casefold()
    its_own = f".{host.casefold().rstrip('.')}".endswith(f".{domain}")
    if copy.reply.startswith(KEPT_IN_A_FOLDER):
        said = f"accepted for {whose} by the folder that stands for a mail server here"
    elif its_own:
        said = f"accepted by {whose}’s mail server {host}"
    else:
        said = f"accepted for {whose} by the mail server {host or 'of this desk'}"
    return f"{said} at {new_york(copy.at):%H:%M:%S} on {written(new_york(copy.at).date())}, New York time"


KEPT_IN_A_FOLDER = "250 2.0.0 kept as "
"""How a Maildir answers, which is no mail server: a practice desk's letters go to one."""


def in_both_zones(at: datetime) -> str:
    """4 September 2012, 10:02:07 New York (UTC-04:00), which is 2012-09-04 14:02:07 UTC."""
    local, offset = new_york(at), new_york(at).strftime("%z")
    return f"{written(local.date())}, {local:%H:%M:%S} New York (UTC{offset[:3]}:{offset[3:5]}), which is {in_utc(at)}"


def in_utc(at: datetime) -> str:
    """2012-09-04 14:02:07 UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
