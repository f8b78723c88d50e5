"""The day itself, step by step: each step does what an officer or a mission would do, and is checked by a fact in the store."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot import dispatch, ticking
from bot.demo.mails import Letterbox, pdf, written
from bot.demo.post_office import PostOffice
from bot.settings import Settings
from committee.cards import Card
from committee.contacts import Office
from committee.letters import DeliveryState, LetterKind
from committee.staff import Person
from committee.states import ReportStatus
from mailflows.desk import Desk

COMES_FROM_NOWHERE = "The Ministry of Foreign Affairs of the Gambia <desk.officer@mofa-gambia.test>"
MORNING = timedelta(minutes=20)


class NotAsTold(Exception):
    """A step whose fact is not in the store: the demo fails and says which."""


@dataclass(slots=True)
class Day:
    """The desk while the day goes by; `told` collects what happened and the fact that shows it."""

    folder: Path
    settings: Settings
    desk: Desk
    letterbox: Letterbox
    office: PostOffice
    officer: Person
    told: list[tuple[datetime, str, str]] = field(default_factory=list)

    def steps(self) -> tuple[tuple[str, Callable[[], Awaitable[str]]], ...]:
        return (
            ("Five mails arrive: reports, an answer, a designation", self.mail_arrives),
            ("Malawi's report is accepted", self.report_is_accepted),
            ("The unknown address is the Gambia's: keep it", self.address_is_kept),
            ("Malawi's report comes again", self.report_comes_again),
            ("Ghana's annex is missing: clarification is asked for, and answered", self.clarification),
            ("The reminder is previewed", self.reminder_is_previewed),
            ("It is pressed, and the letters go", self.reminder_goes),
            ("A server that was busy is tried again", self.busy_server_accepts),
        )

    async def mail_arrives(self) -> str:
        malawi, lesotho = await self._address("MWI", Office.NATIONAL_CONTACT_POINT), await self._address("LSO")
        ghana, opcw = await self._address("GHA"), await self._address("OPCW", Office.OFFICE)
        await self._brings(
            malawi,
            "First report of the Republic of Malawi under resolution 1540 (2004)",
            "Please find enclosed the first report of Malawi.",
            {"report-of-malawi.pdf": pdf("Report of Malawi (illustrative)")},
        )
        await self._brings(
            COMES_FROM_NOWHERE,
            "First national report of the Gambia",
            "We have the honour to submit the first report of the Gambia.",
            {"gambia-1540.pdf": pdf("Report of the Gambia (illustrative)")},
        )
        await self._brings(
            ghana,
            "Additional information on the implementation of resolution 1540 (2004)",
            "Enclosed is additional information; the laws are in annex 2.",
            {"additional-information.pdf": pdf("Additional information (illustrative)")},
        )
        await self._brings(
            lesotho, "Our report under resolution 1540 (2004)", "The report is in preparation until 15 December 2012."
        )
        await self._brings(
            opcw,
            "Designation of a point of contact",
            "The Organisation designates Ms. A. Example as its point of contact for resolution 1540 (2004).",
        )
        await self._tick()
        submissions = await self.desk.store.submissions.find()
        _fact(len(submissions) == 4, "four numbered submissions and one mail set aside")  # noqa: PLR2004 - as told
        aside = await self.desk.store.mail.find(state="set-aside")
        _fact(len(aside) == 1 and aside[0].proposed == "GMB", "the unknown address is proposed as the Gambia's")
        receipts = await self.desk.store.letters.find(kind=LetterKind.RECEIPT)
        _fact(len(receipts) == 4, "a receipt for each submission")  # noqa: PLR2004 - as told
        lesotho_state = await self.desk.store.states.get("LSO")
        _fact(bool(lesotho_state and lesotho_state.promise), "Lesotho's promise is on record")
        return "4 submissions, 4 receipts, 1 mail set aside without receipt"

    async def report_is_accepted(self) -> str:
        submission = (await self.desk.store.submissions.find(party="MWI"))[0]
        await self._does(f"submission {submission.key} accept")
        state = await self.desk.store.states.get("MWI")
        _fact(bool(state and state.status is ReportStatus.REPORTED), "Malawi counts as having reported")
        return f"{submission.key} accepted; Malawi has reported"

    async def address_is_kept(self) -> str:
        card = (await self.desk.store.cards.find(kind="mail-set-aside"))[0]
        actions = [await self.desk.store.actions.get(key) for key in card.actions]
        keep = next(action for action in actions if action and "keep the address" in action.label)
        await self._presses(keep.key)
        contacts = await self.desk.store.contacts.find(address="desk.officer@mofa-gambia.test")
        _fact([contact.party for contact in contacts] == ["GMB"], "the address stands in the Gambia's address book")
        submission = (await self.desk.store.submissions.find(party="GMB"))[0]
        await self._does(f"submission {submission.key} accept")
        await self._tick()
        return f"{submission.key} numbered, acknowledged and accepted; the Gambia has reported"

    async def report_comes_again(self) -> str:
        malawi = await self._address("MWI", Office.NATIONAL_CONTACT_POINT)
        await self._brings(
            malawi,
            "First report of the Republic of Malawi (sent again)",
            "We send our report once more, to be sure.",
            {"report-of-malawi.pdf": pdf("Report of Malawi (illustrative)")},
        )
        await self._tick()
        submissions = await self.desk.store.submissions.find(party="MWI")
        repeats = await self.desk.store.letters.find(kind=LetterKind.RECEIPT_REPEAT, party="MWI")
        _fact(len(submissions) == 1 and len(repeats) == 1, "one number, and one receipt of the repeat")
        return f"again {submissions[0].key}: one receipt of a repeat, no new number"

    async def clarification(self) -> str:
        submission = (await self.desk.store.submissions.find(party="GHA"))[0]
        await self._does(
            f'submission {submission.key} clarify "The covering note mentions annex 2, which was not enclosed."'
        )
        await self._tick()
        letter = (await self.desk.store.letters.find(kind=LetterKind.CLARIFICATION))[0]
        ghana = await self._address("GHA")
        await self._brings(
            ghana,
            "Re: clarification",
            "Annex 2 is enclosed.",
            {"annex-2.pdf": pdf("Annex 2 (illustrative)")},
            answers=letter.message_id,
        )
        await self._tick()
        answered = await self.desk.store.submissions.get(submission.key)
        _fact(
            bool(answered and len(answered.mails) > 1 and answered.state == "waiting"),
            "the answer stands under the same number",
        )
        return f"{submission.key}: asked, answered, and waiting for an officer again"

    async def reminder_is_previewed(self) -> str:
        card = await self._does("remind first-report")
        self.send = next(action.key for action in card.actions if action.style == "primary")
        going = sum(bool(row["goes"]) for row in card.rows)
        _fact(going == 21 and len(card.rows) - going == 1, "21 letters would go, and Lesotho is left out")  # noqa: PLR2004 - as told
        return "21 States would be written to; Lesotho is left out until its date is over"

    async def reminder_goes(self) -> str:
        await self._presses(self.send)
        await self._tick(until=timedelta(0))
        letters = await self.desk.store.letters.find(kind=LetterKind.FIRST_REPORT_REMINDER)
        _fact(len(letters) == 21, "21 letters")  # noqa: PLR2004 - as told
        refused = await self.desk.store.deliveries.find(state=DeliveryState.REFUSED)
        _fact([d.address for d in refused] == [self.office.gone], "the one mission's server has refused")
        return f"21 letters sent; one mission's server refused ({refused[0].reply}), its contact point has the letter"

    async def busy_server_accepts(self) -> str:
        later = await self.desk.store.deliveries.find(state=DeliveryState.LATER)
        _fact([d.address for d in later] == [self.office.full], "one delivery was put off")
        await self._tick(until=MORNING)
        _fact(
            await self.desk.store.deliveries.count(state=(DeliveryState.LATER, DeliveryState.QUEUED)) == 0,
            "nothing waits any more",
        )
        tried = await self.desk.store.deliveries.get(later[0].key)
        _fact(bool(tried and tried.state is DeliveryState.SENT), "the busy server has accepted")
        return f"{self.office.full}: accepted at the second try"

    send: str = ""

    async def _address(self, party: str, office: Office = Office.PERMANENT_MISSION) -> str:
        contacts = await self.desk.store.contacts.find(party=party)
        return next(contact.address for contact in contacts if contact.office is office)

    async def _brings(
        self, sender: str, subject: str, text: str, files: dict[str, bytes] | None = None, answers: str = ""
    ) -> None:
        at = self.desk.now
        self.letterbox.brings(
            written(sender, self.desk.address, subject, text, at=at, files=files, answers=answers), at
        )

    async def _tick(self, until: timedelta = timedelta(minutes=5)) -> None:
        """The clock goes on a little, and the desk does what is due by then."""
        for card in await ticking.tick_until(self.folder, self.desk, self.settings, self.desk.now + until):
            _fact(not card.notes, "; ".join(card.notes))
        facts = await self.desk.store.desk.get("desk")
        _fact(bool(facts and facts.clock), "the practice desk has its clock")
        self.desk = self.desk.at(facts.clock) if facts and facts.clock else self.desk

    async def _does(self, typed: str) -> Card:
        card, status = await dispatch.run(self.desk, self.officer, typed)
        _fact(status == dispatch.DONE, f"{typed}: {card.text}")
        return card

    async def _presses(self, key: str) -> Card:
        card, status = await dispatch.press(self.desk, self.officer, key)
        _fact(status == dispatch.DONE, f"press {key}: {card.text}")
        return card


def _fact(holds: bool, what: str) -> None:  # noqa: FBT001 - a fact is its only argument
    if not holds:
        raise NotAsTold(what)
