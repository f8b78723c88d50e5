"""A party's own entry in the address book: what it is asked to confirm, and what its answer is compared with."""

from committee import audit
from committee.confirmations import What
from committee.contacts import FOR_THEMSELVES, Contact
from mailflows import book
from mailflows.desk import Desk
from storage.tables import Tables


async def of_party(tables: Tables, party: str, desk: Desk) -> list[Contact]:
    """Everybody who speaks for the party today, and nobody who is written to for themselves."""
    return [one for one in await book.on(tables, party, desk.today) if one.office not in FOR_THEMSELVES]


def said_of(contact: Contact) -> dict[What, str]:
    """What is shown of a contact to its party, each as the party may write it anew."""
    return {
        What.NAME: contact.name,
        What.STYLE: contact.style,
        What.TITLE: contact.title,
        What.TELEPHONE: contact.telephone,
        What.ADDRESS: contact.address,
    }


def digest(contact: Contact) -> str:
    """Of what was shown, and of nothing else: whoever says that it is right has said it of exactly this."""
    shown = {str(what): said for what, said in said_of(contact).items()}
    return audit.sha256(audit.canonical([contact.key, contact.office, shown]))
