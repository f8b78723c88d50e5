"""The tour in seven steps: what to do in each, and the fact in the store that checks it off."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.demo import facts, reading
from bot.demo.missions import UNKNOWN, Missions, Written
from committee.contacts import Office
from committee.letters import LetterKind
from mailflows.desk import Desk

HOLD: Final = "/1540 letter first-report/LSO/programme-11/2 hold Its report is on its way"
CLOSE: Final = "/1540 closure add 2012-09-04 A water main has burst at Headquarters"
TELL: Final = "/1540 closure tell 2012-09-04"
UNSERVED: Final = "/1540 unserved"
IN_PREPARATION: Final = "In preparation until 15 December 2012"


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    say: str
    """What to do, a paragraph each line."""
    fact: Callable[[Desk], Awaitable[str]]
    """What shows that it was done; empty while it was not."""
    room: str = "chat"
    """Where it begins: chat, mail or clock."""
    lines: tuple[str, ...] = ()
    """What is typed in chat for it."""
    mail: Callable[[Desk, Missions], Awaitable[Written | None]] | None = None
    """What a mission writes for it; None where it has nothing to answer yet."""


async def _address(desk: Desk, party: str, office: Office) -> str:
    return next(one.address for one in await desk.store.contacts.find(party=party) if one.office is office)


async def malawi_reports(desk: Desk, _missions: Missions) -> Written:
    text = "Please find enclosed the first report of Malawi."
    subject = "First report of the Republic of Malawi under resolution 1540 (2004)"
    return Written(await _address(desk, "MWI", Office.NATIONAL_CONTACT_POINT), subject, text, report=True)


async def gambia_reports(_desk: Desk, _missions: Missions) -> Written:
    text = "We have the honour to submit the first report of the Gambia."
    return Written(UNKNOWN[0], "First national report of the Gambia", text, report=True)


async def mali_answers(desk: Desk, missions: Missions) -> Written | None:
    """Once the reminder stands in its mission's mailbox."""
    address = await _address(desk, facts.MALI, Office.PERMANENT_MISSION)
    sent = await desk.store.letters.find(kind=LetterKind.FIRST_REPORT_REMINDER, party=facts.MALI)
    ids = {one.message_id for one in sent}
    for one in reversed(missions.office.arrived):
        if one.address == address and reading.field(one, "Message-ID") in ids:
            return Written(address, f"Re: {reading.field(one, 'Subject')}", IN_PREPARATION, one.number)
    return None


STEPS: Final = (
    Step(
        "The day begins at nine",
        "It is twenty to nine. Let time go on to the next due moment: the 9 a.m. card comes into the channel and says what "
        "the day brings, and the reminders that leave on Tuesday are announced.",
        facts.morning_card, "clock",
    ),
    Step(
        "A report arrives",
        "Malawi’s contact point sends its first report. Fill in its mail, look at it, and send it. It gets a number, a receipt "
        "goes back to its mailbox, and a card stands in the channel.",
        facts.report_arrived, "mail", mail=malawi_reports,
    ),
    Step(
        "An officer accepts it",
        "On the card of Malawi’s report, press Accept. From then on Malawi has reported, and no reminder goes to it.",
        facts.report_accepted,
    ),
    Step(
        "A mail from an address that nobody knows",
        "A ministry writes from an address that stands in no address book: the mail is set aside, without a receipt. "
        "On its card, press that it is the Gambia’s and that the address is to be kept.",
        facts.address_kept, "mail", mail=gambia_reports,
    ),
    Step(
        "A reminder is held",
        "See what Tuesday’s reminders look like, then hold the one to Lesotho; anybody may, until the moment it goes.",
        facts.reminder_held, lines=("/1540 remind first-report", HOLD),
    ),
    Step(
        "What takes two people",
        "Headquarters is closed on Tuesday. Write to everybody whose date moves: read the letter and prepare it as Alex Inkwell. "
        "Then be Robin Seal, at the top, and press Send on its card: nobody releases what they prepared.",
        facts.two_people, lines=(CLOSE, TELL),
    ),
    Step(
        "Time goes on",
        "Go on, moment by moment, until the reminders have left on Wednesday. Mali’s mission answers its own. Then see who was "
        "not served: one State’s mail server refuses everything.",
        facts.time_went_on, "clock", lines=(UNSERVED,), mail=mali_answers,
    ),
)  # fmt: skip
