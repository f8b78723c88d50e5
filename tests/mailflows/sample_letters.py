"""One desk, its correspondents and one letter of each kind, in both languages, for the tests of letters."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

from committee.contacts import Contact, Office
from committee.correspondents import Correspondent
from committee.council import Term
from committee.desk import DeskFacts
from committee.first_reports import Reminder
from committee.handling import Handling
from committee.letters import Addressee, Draft, Enclosure, Letter
from committee.list_posts import ListPost, PostState
from committee.mail import Mail
from committee.submissions import Kind, Submission, SubmissionState
from committee.working_groups import Chairing
from mailflows import letters
from mailflows.desk import Desk

if TYPE_CHECKING:
    from storage.store import Store

NOW = datetime(2012, 9, 4, 13, 5, tzinfo=UTC)  # 9.05 a.m. in New York
TERM_TO_COME = Term("MWI/2013", "MWI", "elected", date(2013, 1, 1), date(2014, 12, 31))
CHAIR = Chairing("committee/2012", "committee", "A. Person", "ZAF", NOW.date())
REPORT = Enclosure("report.pdf", "application/pdf", 1_240_000, "ab" * 32)
SUBMISSION = Submission(
    key="S-2012-0017",
    kind=Kind.FIRST_REPORT,
    party="MWI",
    state=SubmissionState.WAITING,
    received=NOW,
    files=(REPORT, Enclosure("annex *1*.docx", "application/msword", 980, "cd" * 32)),
    sender="mission@malawi.example",
    message_id="<first@malawi.example>",
    handling=Handling.MEMBERS,
)
CONTACTS = [
    Contact("MWI/permanent-mission/1", "MWI", Office.PERMANENT_MISSION, "Permanent Mission", "mission@malawi.example")
]
LARGE = Mail("M-2012-0033", None, "ef" * 32, 61_000_000, NOW, message_id="<large@malawi.example>")
MAIL = Mail("M-2012-0034", None, "ab" * 32, 2_000, NOW, message_id="<question@malawi.example>", party="MWI")
POST = ListPost("P-2012-0001", "organizations", PostState.PREPARED, "A visit", "", "officer", NOW)
CLOSED = ["2012-10-29", "2012-10-30", "2012-10-31"]
DAYS = date(2012, 10, 29), date(2012, 10, 31)
PEOPLE = (
    Addressee("mission@malawi.example", "Permanent Mission of Malawi"),
    Addressee("contact@capital.malawi.example", "National Contact Point of Malawi", copy=True),
)
MALAWI = Correspondent(
    "MWI", "en", "Malawi", "the Republic of Malawi", "the Permanent Mission of Malawi to the United Nations", PEOPLE
)
CHAD = Correspondent(
    "TCD", "fr", "le Tchad", "la République du Tchad",
    "la Mission permanente du Tchad auprès de l’Organisation des Nations Unies",
    (Addressee("mission@tchad.example", "Mission permanente du Tchad"),),
)  # fmt: skip
AGENCY = Correspondent("IAEA", "en", "an agency", "an agency", "", (Addressee("office@agency.example", "An agency"),))
OFFICE = Correspondent(
    "OIF",
    "fr",
    "une organisation",
    "une organisation",
    "",
    (Addressee("bureau@organisation.example", "Une organisation"),),
)


@dataclass(frozen=True, slots=True)
class SecretOnly:
    """All of a store that writing a letter needs."""

    secret: bytes = b"the desk's own secret"


def desk(*, practice: bool = True, address: str = "secretariat@1540.example") -> Desk:
    return Desk(cast("Store", SecretOnly()), DeskFacts("desk", NOW, practice), NOW, address)


def every_letter(to: Correspondent, text: str = "Which ministry\nanswers?\n\nThank you.") -> list[Draft]:
    """One of each kind to one correspondent; organizations have no first report to be reminded of."""
    at = desk()
    drafts = [
        letters.receipt(SUBMISSION, to, desk=at),
        letters.receipt_repeat(SUBMISSION, "M-2012-0031", to, answers="<again@malawi.example>", desk=at),
        letters.clarification(SUBMISSION, to, text, nth=1, desk=at),
    ]
    drafts += [
        letters.status_answer(
            "M-2012-0032",
            to,
            contacts=CONTACTS,
            waiting=[SUBMISSION],
            state=None,
            answers="<ask@malawi.example>",
            desk=at,
        ),
        letters.too_large(LARGE, to, desk=at),
        letters.closure_notice(
            f"closure-notice/{CLOSED[0]}/{to.party}",
            CLOSED,
            [(DAYS[0], date(2012, 11, 2)), (DAYS[1], None)],
            to,
            replaces=None,
            desk=at,
        ),
        letters.address_question(CONTACTS[0], to, since=DAYS[0], nth=1, desk=at),
        letters.answer(
            MAIL, SUBMISSION, to, subject="RE: Premier rapport", text=text, nth=1, handling=Handling.MEMBERS, desk=at
        ),
        letters.letter(to, subject="Mission, 2012", text=text, nth=3, desk=at),
        letters.list_letter(
            replace(POST, text=text),
            to,
            key=f"list-letter/{POST.key}/{to.party}",
            unsubscribes=False,
            corrects=None,
            desk=at,
        ),
    ]
    if not to.is_state:
        return drafts
    comes, leaves = TERM_TO_COME, replace(TERM_TO_COME, start=date(2011, 1, 1), end=date(2012, 12, 31))
    turn: dict[str, Any] = {"chair": CHAIR, "not_after": datetime(2013, 1, 31, tzinfo=UTC), "desk": at}
    return [
        *drafts,
        letters.member_welcome(
            f"member-welcome/{to.party}/2013", comes, to, observes=date(2012, 11, 15), enclosures=(REPORT,), **turn
        ),
        letters.member_network(f"member-network/{to.party}/2011", leaves, to, **turn),
        letters.first_report_reminder(Reminder(to.party, 11, 2), to, chair=CHAIR, desk=at),
    ]


def released(draft: Draft, **facts: Any) -> Letter:
    return letters.release(draft, reference="L-2012-0003", release="R-2012-0001", by="officer", desk=desk(**facts))
