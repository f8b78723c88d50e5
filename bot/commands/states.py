"""/1540 states, state …: the register of the States, and what an officer confirms or notes about one."""

from datetime import date

from bot.registry import command
from committee.calendar import written, written_moment
from committee.cards import Card
from committee.contacts import Contact
from committee.correspondents import ENGLISH, language_for
from committee.counting import counted
from committee.desk import Language
from committee.errors import Refused
from committee.first_reports import listed_on
from committee.names import fold
from committee.staff import Person, Role
from committee.states import Note, ReportStatus, State
from mailflows import correspondents
from mailflows import states as flows
from mailflows.desk import Desk
from mailflows.handling import reads_closed
from mailflows.listed import names_a_mail
from mailflows.presses import Act, Press

TITLES = {
    None: "Member States",
    "non-reporting": "States yet to report",
    "reported": "States that have reported",
    "unconfirmed": "States whose status is unconfirmed",
    "observers": "Observers",
}


@command(
    "states [non-reporting|reported|unconfirmed|observers=WHICH] [GROUP]", reads=True, example="states non-reporting"
)
async def states(desk: Desk, _person: Person, *, which: str | None = None, group: str | None = None) -> Card:
    """The Member States, or those of one status or regional group, in alphabetical order."""
    known, today = await desk.store.states.all(), desk.today
    chosen = [state for state in known if _chosen(state, which) and group in {None, state.group}]
    chosen.sort(key=listed_on(today))
    rows = tuple(
        {"key": s.key, "name": s.named_on(today).listed, "status": s.status, "since": s.since, "group": s.group}
        for s in chosen
    )
    said = counted(len(rows), "State")
    notes = (
        ("Statuses on this practice desk are illustrative, not the Committee's record.",) if desk.facts.practice else ()
    )
    return Card(
        TITLES[which], f"{said}{f' of the {group}' if group else ''}, in alphabetical order.", rows, notes=notes
    )


def _chosen(state: State, which: str | None) -> bool:
    if which == "observers":
        return not state.is_member
    return state.is_member and which in {None, state.status}


@command("state STATE", reads=True, example="state MWI")
async def state(desk: Desk, person: Person, *, state: str) -> Card:
    """One State whole: its status, what it has said, its contacts, letters and submissions."""
    found = await desk.store.states.get(state)
    if found is None:
        raise Refused(f"There is no State {state} in the register.")
    names = found.named_on(desk.today)
    known = [one for one in await desk.store.contacts.find(party=state) if not one.erased]
    contacts = sorted(known, key=lambda contact: contact.key)
    letters = await desk.store.letters.find(party=state, newest_first=True, limit=20)
    submissions = await desk.store.submissions.find(party=state, newest_first=True, limit=20)
    fields = {
        "key": found.key, "formal_name": names.words["en"].formal, "regional_group": found.group,
        "member_since": found.member_since, "status": found.status, "since": found.since,
        "language": found.language or "en (nothing else is on record)",
        "in_preparation_until": found.promise.until if found.promise else None,
        "submissions": [f"{s.key} {s.kind} {s.state}" for s in submissions],
        "letters": [letter.key for letter in letters],
        "said": [f"{written_moment(note.at)}, {note.by}: {_said(note, reads_closed(person, desk))}" for note in found.notes],
    }  # fmt: skip
    notes = ("Status and contacts are illustrative.",) if found.illustrative else ()
    return Card(names.listed, _sentence(found), tuple(_contact(contact) for contact in contacts), fields, notes=notes)


def _said(note: Note, closed_too: bool) -> str:  # noqa: FBT001 - whether what is not open is shown too
    """A note that names what came in may repeat what stands there."""
    return note.text if closed_too or not names_a_mail(note.text) else "about a submission, for officers"


def _sentence(state: State) -> str:
    since = f" since {written(state.since)}" if state.since else ""
    return f"First report: {state.status}{since}."


def _contact(contact: Contact) -> dict[str, object]:
    state = contact.held or ("confirmed" if contact.confirmed else "unconfirmed")
    return {
        "key": contact.key, "name": contact.name, "address": contact.address,
        "telephone": contact.telephone, "state": state, "automatic_reply": contact.automatic_reply or None,
        "trouble": contact.trouble.said if contact.trouble else None,
    }  # fmt: skip


@command("state STATE confirm STATUS", role=Role.OFFICER, example="state MWI confirm non-reporting")
async def confirm(desk: Desk, person: Person, *, state: str, status: ReportStatus, press: Press | None = None) -> Card:
    """Confirm where a State stands with its first report."""
    confirmed = await flows.confirm(state, status, Act(person, desk, press))
    return Card(
        f"{confirmed.named_on(desk.today).listed}: {confirmed.status}",
        f"Confirmed by {person.name}.",
        fields={"key": confirmed.key},
    )


@command(
    "state STATE note TEXT [--until DATE]",
    role=Role.OFFICER,
    example='state MWI note "Deputy says March" --until 2013-03-31',
)
async def note(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk, person: Person, *, state: str, text: str, until: date | None = None, press: Press | None = None
) -> Card:
    """Note what a State has said; with a date it is a promise that stops the reminders until that day is over."""
    noted = await flows.note(state, text, until, Act(person, desk, press))
    stops = f" No reminder goes to it before {written(until)} is over." if until else ""
    return Card(
        f"{noted.named_on(desk.today).listed}: noted",
        f"Noted by {person.name}.{stops}",
        fields={"key": noted.key, "until": until},
    )


@command(
    "state STATE language LANGUAGE=WORD [WHERE=TEXT]",
    role=Role.OFFICER,
    example='state CAF language fr "its note verbale of 3 September"',
)
async def language(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk, person: Person, *, state: str, language: str, where: str = "", press: Press | None = None
) -> Card:
    """Record in which language a mission has indicated that it wants letters, never a guess; none takes it back."""
    code = await _code(language, desk)
    indicated = await flows.indicate_language(state, code, where, Act(person, desk, press))
    signed = await desk.store.languages.get(code) if code else None
    return Card(
        f"{indicated.named_on(desk.today).listed}: letters in {code or ENGLISH}",
        f"Noted by {person.name}. {_from_now_on(code, signed)}",
        fields={
            "key": indicated.key, "language": code, "signed_by": (signed and signed.signed_by) or None,
            "written_in": language_for(indicated, await correspondents.signed_languages(desk.store)),
        },
    )  # fmt: skip


async def _code(typed: str, desk: Desk) -> str | None:
    """The language's code; people also say its name. What is none of ours is refused by the flow, in the words typed."""
    said = fold(typed)
    known = {fold(one.name): one.key for one in await desk.store.languages.all()}
    return None if said == "none" else known.get(said, said)


def _from_now_on(code: str | None, signed: Language | None) -> str:
    if code is None:
        return "Nothing is on record now: letters go in English."
    if signed and signed.signed_by:
        return f"Letters to it are in {signed.name} from now on; {signed.signed_by} has signed that language."
    if code == ENGLISH:
        return "Letters to it are in English, which needs no signature."
    return f"Nobody has signed that language yet, so letters go in English until somebody does: language {code} sign"
