"""/1540 contacts export: the address book as a table, for a spreadsheet or for an import."""

from bot.new_files import write_new
from bot.registry import command
from committee.cards import Card
from committee.counting import counted
from committee.errors import Refused
from committee.staff import Person, Role
from mailflows import exports
from mailflows.desk import Desk
from mailflows.presses import Act


@command(
    "contacts export [--csv CSV=FILE] [--xlsx XLSX=FILE]", role=Role.OFFICER, example="contacts export --xlsx book.xlsx"
)
async def export(desk: Desk, person: Person, *, csv: str = "", xlsx: str = "") -> Card:
    """Write all contacts to a new file, CSV or XLSX, which import takes in again."""
    if not (csv or xlsx):
        raise Refused("Say where to: contacts export --csv FILE, or --xlsx FILE. Nothing was written.")
    made = await exports.contacts(Act(person, desk))
    files = [(name, data) for name, data in ((csv, made.csv), (xlsx, made.xlsx)) if name]
    written = [str(await write_new(name, data)) for name, data in files]
    text = f"{counted(made.count, 'contact')} in {' and '.join(written)}. They are personal data: keep them as the desk is kept."
    return Card("Contacts exported", text, fields={"contacts": made.count, "files": written})
