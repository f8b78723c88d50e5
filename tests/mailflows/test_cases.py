"""Whose an incoming mail is, and by when it should be answered: opened by itself, taken, given, and ended by what ends it."""

from datetime import date, timedelta

import pytest

from committee.cases import Ending
from committee.mail import Mail
from committee.staff import Person, Role
from mailflows import cases
from tests.conftest import PracticeDesk


async def asked(desk: PracticeDesk, subject: str = "A question", text: str = "May we?") -> Mail:
    [mail] = await desk.takes_in((await desk.capital_of("MWI")).writes(subject, text))
    return mail


async def row(desk: PracticeDesk, key: str = "M-2012-0001", typed: str = "inbox") -> dict[str, object]:
    [found] = [row for row in (await desk.types(typed)).rows if row["key"] == key]
    return found


async def test_what_asks_something_is_to_be_answered_within_the_working_days_of_the_policy(desk: PracticeDesk) -> None:
    await desk.types("policy answers.within set 3 from 2012-09-04")
    await asked(desk)
    shown = await row(desk)
    assert (shown["officer"], shown["by"], shown["case"]) == (None, date(2012, 9, 7), "open")
    assert [one.case.key for one in await cases.still_open(desk.desk)] == ["M-2012-0001"]


async def test_what_asks_nothing_has_no_case(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", "Enclosed.", attach="report.pdf"))
    shown = await row(desk)
    assert (shown["officer"], shown["by"], shown["case"]) == (None, None, None)
    assert await cases.still_open(desk.desk) == []


async def test_a_request_for_assistance_asks_for_an_answer_whatever_its_words(desk: PracticeDesk) -> None:
    mail = await asked(desk, "Request for assistance", "We request assistance with a law.")
    assert [one.case.key for one in await cases.still_open(desk.desk)] == [mail.key]


async def test_to_a_question_that_the_desk_answers_itself_nobody_else_has_to(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.mission_of("MWI")).writes("status?", "status"))
    assert await cases.still_open(desk.desk) == []


async def test_a_closure_moves_the_day(desk: PracticeDesk) -> None:
    await asked(desk)
    await desk.types('closure add 2012-09-10..2012-09-11 "a hurricane"')
    assert (await row(desk))["by"] == date(2012, 9, 13)


async def test_the_day_passes_and_it_stands_as_overdue_in_inbox_and_desk(desk: PracticeDesk) -> None:
    await asked(desk)
    await desk.types("mail M-2012-0001 take")
    for days, late in ((7, []), (8, ["M-2012-0001"])):
        later = PracticeDesk(desk.folder, desk.desk.at(desk.desk.now + timedelta(days=days)))
        assert [one.case.key for one in await cases.overdue(later.desk)] == late
        assert [row["key"] for row in (await later.types("inbox overdue")).rows] == late
        [waits] = [row for row in (await later.types("desk")).rows if row["see"] == "inbox overdue"]
        assert waits["count"] == len(late)
    assert (await row(later))["case"] == "overdue"


async def test_the_most_urgent_of_a_persons_cases_comes_first(desk: PracticeDesk) -> None:
    for n in range(3):
        await asked(desk, f"Question {n}")
    await desk.types("mail M-2012-0002 by 2012-09-05")
    for n in (1, 2):
        await desk.types(f"mail M-2012-000{n} take")
    mine = await cases.of(await desk.person("officer-1"), desk.desk)
    assert [(one.case.key, one.by) for one in mine] == [
        ("M-2012-0002", date(2012, 9, 5)),
        ("M-2012-0001", date(2012, 9, 11)),
    ]
    assert [row["key"] for row in (await desk.types("inbox mine")).rows] == ["M-2012-0002", "M-2012-0001"]
    assert await cases.of(await desk.person("officer-2"), desk.desk) == []


async def test_what_another_has_is_asked_for_and_taken_over_by_the_button_alone(desk: PracticeDesk) -> None:
    await asked(desk)
    await desk.types("mail M-2012-0001 take", by="officer-2")
    card = await desk.types("mail M-2012-0001 take", by="officer-1")
    assert (card.title, card.actions[0].label) == ("M-2012-0001 is Sam Ledger's", "Take it over from Sam Ledger")
    assert (await row(desk))["officer"] == "officer-2"
    assert (await desk.presses(card.actions[0].key, by="officer-1"))[1] == 0
    assert (await row(desk))["officer"] == "officer-1"
    said = [row["said"] for row in (await desk.types("log M-2012-0001")).rows]
    assert "M-2012-0001 was taken by Sam Ledger." in said
    assert "M-2012-0001 was taken by Alex Inkwell, in the place of Sam Ledger." in said


async def test_a_button_to_take_over_from_one_does_not_take_over_from_another(desk: PracticeDesk) -> None:
    await asked(desk)
    await desk.types("mail M-2012-0001 take", by="officer-2")
    card = await desk.types("mail M-2012-0001 take", by="officer-1")
    await desk.types("mail M-2012-0001 give approver-1", by="officer-2")
    asks, _ = await desk.presses(card.actions[0].key, by="officer-1")
    assert asks.title == "M-2012-0001 is Robin Seal's"
    assert (await row(desk))["officer"] == "approver-1"


async def test_the_take_button_of_a_card_asks_too_where_somebody_was_quicker(desk: PracticeDesk) -> None:
    await asked(desk)
    card = await desk.types("mail M-2012-0001")
    [button] = [action for action in card.actions if action.label == "Take it"]
    await desk.types("mail M-2012-0001 take", by="officer-2")
    asks, _ = await desk.presses(button.key)
    assert asks.title == "M-2012-0001 is Sam Ledger's"


async def test_what_belongs_to_somebody_who_has_left_is_taken_at_once(desk: PracticeDesk) -> None:
    await asked(desk)
    await desk.types("mail M-2012-0001 take", by="officer-2")
    async with desk.desk.store.transaction(by="test", doing="leave", about="officer-2", at=desk.desk.now) as tx:
        await tx.staff.remove("officer-2")
    assert (await desk.types("mail M-2012-0001 take")).fields["officer"] == "officer-1"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("mail M-2012-0001 give reader-1", "Jo Margin has reader, and mail is answered by officers"),
        ("mail M-2012-0001 give nobody", "There is no person “nobody”"),
        ("mail M-2012-0099 take", "There is no mail M-2012-0099"),
        ("mail M-2012-0001 by 2012-09-01", "1 September 2012 is over"),
        ("mail M-2012-0001 take", "is yours already"),
        ("mail M-2012-0001 give officer-1", "is Alex Inkwell's already"),
    ],
)
async def test_what_cannot_be_is_a_sentence_and_changes_nothing(desk: PracticeDesk, typed: str, why: str) -> None:
    await asked(desk)
    await desk.types("mail M-2012-0001 take")
    before = await desk.desk.store.cases.all()
    card, status = await desk.answers(typed)
    assert (status, why in card.text) == (1, True), card.text
    assert await desk.desk.store.cases.all() == before


async def test_a_person_without_the_role_of_an_officer_is_given_nothing_by_the_flow_itself(desk: PracticeDesk) -> None:
    await asked(desk)
    async with desk.desk.store.transaction(by="test", doing="add", about="x", at=desk.desk.now) as tx:
        await tx.staff.put(Person("intern", "An Intern", (Role.READER,)))
    card, status = await desk.answers("mail M-2012-0001 give intern")
    assert (status, (await row(desk))["officer"]) == (1, None), card.text


async def test_it_ends_when_it_is_answered(desk: PracticeDesk) -> None:
    await asked(desk)
    shown = await desk.types('mail M-2012-0001 reply "Yes."')
    await desk.presses(shown.actions[0].key)
    assert await cases.still_open(desk.desk) == []
    assert (await row(desk))["case"] == "answered"
    card, status = await desk.answers("mail M-2012-0001 by 2012-09-20")
    assert (status, "is answered by answer/M-2012-0001/1" in card.text) == (1, True)


async def test_an_officer_says_that_nothing_more_is_to_be_done_and_may_take_it_up_again(desk: PracticeDesk) -> None:
    await asked(desk)
    await desk.types('mail M-2012-0001 done "answered by telephone"')
    assert (await row(desk))["case"] == "done"
    said = [row["said"] for row in (await desk.types("log M-2012-0001")).rows]
    assert "Nothing more is to be done about M-2012-0001: “answered by telephone”." in said
    assert (await desk.answers("mail M-2012-0001 done"))[1] == 1
    taken = await desk.types("mail M-2012-0001 take")
    assert (taken.fields["case"], taken.fields["by"]) == ("open", None)


async def test_the_button_of_a_card_from_before_it_ended_asks_before_it_opens_it_again(desk: PracticeDesk) -> None:
    await asked(desk)
    [button] = [one for one in (await desk.types("mail M-2012-0001")).actions if one.label == "Take it"]
    await desk.types("mail M-2012-0001 done", by="officer-2")
    asks, status = await desk.presses(button.key)
    assert (status, asks.title, asks.actions[0].label) == (0, "M-2012-0001: done", "Open it again")
    assert "is done by officer-2" in asks.text
    assert (await row(desk))["case"] == "done"
    await desk.presses(asks.actions[0].key)
    assert ((await row(desk))["case"], (await row(desk))["officer"]) == ("open", "officer-1")


async def test_why_it_is_done_is_read_by_officers_where_the_mail_is_not_open(desk: PracticeDesk) -> None:
    await asked(desk)
    await desk.types('mail M-2012-0001 done "the Khondowe reactor"')
    for by, shown in (("officer-1", True), ("reader-1", False)):
        said = " ".join(str(row["said"]) for row in (await desk.types("log M-2012-0001", by=by)).rows)
        assert ("Khondowe" in said) == shown


async def test_it_ends_when_its_submission_is_set_aside_or_the_mail_is_nobodys(desk: PracticeDesk) -> None:
    await asked(desk)
    await desk.types("submission S-2012-0001 set-aside")
    [case] = await desk.desk.store.cases.all()
    assert (case.ending, case.ended_by) == (Ending.SET_ASIDE, "officer-1")
    await desk.takes_in(desk.stranger().writes("Who am I?"))
    await desk.types("mail M-2012-0002 take")
    await desk.types("mail M-2012-0002 refuse")
    assert await cases.still_open(desk.desk) == []
    assert (await desk.answers("mail M-2012-0002 take"))[1] == 1


async def test_whoever_took_a_mail_that_was_set_aside_has_it_once_it_is_assigned(desk: PracticeDesk) -> None:
    await desk.takes_in(desk.stranger().writes("Who am I?", "May we write?"))
    await desk.types("mail M-2012-0001 take")
    assert (await row(desk))["by"] is None
    await desk.types("mail M-2012-0001 assign MWI")
    shown = await row(desk)
    assert (shown["officer"], shown["by"]) == ("officer-1", date(2012, 9, 11))


async def test_every_change_of_a_case_is_in_the_trail_and_the_trail_fits(desk: PracticeDesk) -> None:
    await asked(desk)
    for verb in ("take", "give officer-2", "by 2012-09-20", "done"):
        await desk.types(f"mail M-2012-0001 {verb}")
    changed = [e.doing for e in await desk.desk.store.trail.find(about="M-2012-0001") if e.doing.startswith("mail ")]
    assert changed == ["mail received", "mail take", "mail give", "mail by", "mail done"]
    assert [finding for finding in await desk.desk.store.verify() if not finding.note] == []


async def test_the_card_of_what_asks_something_has_the_presses_to_answer_and_to_take_it(desk: PracticeDesk) -> None:
    await asked(desk)
    await desk.takes_in((await desk.capital_of("ZMB")).writes("First report", "Enclosed.", attach="report.pdf"))
    plain, asking = (await desk.types("cards")).rows
    assert {"Answer", "Take it"} <= {action["label"] for action in asking["actions"]}
    assert not {"Answer", "Take it"} & {action["label"] for action in plain["actions"]}


@pytest.mark.parametrize("typed", ["staff officer-2 end", "staff officer-2 role reader"])
async def test_what_somebody_had_who_answers_no_mail_any_more_is_nobodys(desk: PracticeDesk, typed: str) -> None:
    mail = await asked(desk)
    ended = await asked(desk, "Another question")
    for key in (mail.key, ended.key):
        await desk.types(f"mail {key} give officer-2")
    await desk.types(f"mail {ended.key} done", "officer-2")
    await desk.types(typed, "administrator-1")
    assert (await row(desk))["officer"] is None
    assert (await row(desk, ended.key))["officer"] == "officer-2"
    assert [action.label for action in (await desk.types(f"mail {mail.key}")).actions] == ["Answer", "Take it"]
    said = [line["said"] for line in (await desk.types(f"log {mail.key}")).rows]
    assert "M-2012-0001 is nobody's any more: Sam Ledger answers no mail now." in said
    taken, status = await desk.answers(f"mail {mail.key} take")
    assert (status, taken.fields["officer"]) == (0, "officer-1")


async def test_an_approver_too_answers_what_they_have(desk: PracticeDesk) -> None:
    mail = await asked(desk)
    await desk.types(f"mail {mail.key} give officer-2")
    await desk.types("staff officer-2 role approver", "administrator-1")
    assert (await row(desk))["officer"] == "officer-2"
