"""The secretariat types and presses in Slack, over Socket Mode: once, privately, and as who they are."""

import asyncio
import re

import pytest

from bot.local_slack import acts
from bot.local_slack.faults import Cut, Fault, How
from bot.local_slack.into_channels import event_payload, message_object
from bot.local_slack.messages import Message
from committee.submissions import SubmissionState
from tests.bot.slack.conftest import CHANNEL, InChat, served
from tests.chat.persons import Person


async def test_a_typed_command_is_answered_to_whoever_typed_it_alone(
    chat: InChat, officer: Person, second: Person
) -> None:
    seen = await officer.types("/1540 state Malawi")
    assert "Malawi" in seen.words
    assert seen.message.ephemeral_to == officer.id
    assert seen.message.text.startswith("Malawi.")
    assert second.sees() == []


async def test_an_empty_command_is_help_and_a_slip_is_answered_with_what_was_meant(
    chat: InChat, officer: Person
) -> None:
    assert " commands. With examples: help NOUN" in (await officer.types("/1540")).words
    assert "Did you mean: states?" in (await officer.types("/1540 sttes")).words


async def test_a_preview_is_sent_by_a_press_and_the_answer_takes_its_place(chat: InChat, officer: Person) -> None:
    card = await officer.types("/1540 remind first-report --to MWI")
    assert "has the honour" in card.words
    done = await officer.press(card, "Send 1 letter")
    assert done.message.ts == card.message.ts
    assert "1 letter queued by Alex Inkwell" in done.words
    assert "Send 1 letter" not in done.labels
    assert len(await chat.desk.outbox()) == 1


async def test_a_second_press_says_who_pressed_and_changes_nothing(
    chat: InChat, officer: Person, second: Person
) -> None:
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    cards = await officer.types("/1540 cards")
    others = await second.types("/1540 cards")
    await officer.press(cards, "Accept as first report")
    late = await second.press(others, "Accept as first report")
    assert "pressed already by officer-1" in late.words
    assert late.message.ts != others.message.ts
    [submission] = await chat.desk.submissions()
    assert [decision.by for decision in submission.decisions] == ["Alex Inkwell"]


async def test_two_press_at_the_same_moment_and_one_of_them_does_it(
    chat: InChat, officer: Person, second: Person
) -> None:
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    cards, others = await officer.types("/1540 cards"), await second.types("/1540 cards")
    both = await asyncio.gather(
        officer.press(cards, "Accept as first report"), second.press(others, "Accept as first report")
    )
    said = sorted("Accepted as first report by" in sight.words for sight in both)
    assert said == [False, True]
    [submission] = await chat.desk.submissions()
    assert len(submission.decisions) == 1


async def test_a_stale_press_is_answered_with_the_new_preview_and_not_obeyed(
    chat: InChat, officer: Person, second: Person
) -> None:
    card = await officer.types("/1540 remind first-report --to MWI,ZMB")
    await second.types('/1540 state MWI note "Deputy says March" --until 2013-03-31')
    stale = await officer.press(card, "Send 2 letters")
    assert "What you were shown has changed, so nothing was sent" in stale.words
    assert await chat.desk.outbox() == []
    sent = await officer.press(stale, "Send 1 letter")
    assert "1 letter queued" in sent.words


@pytest.mark.parametrize("who", ["U06SAM", "guest", "U07KIM"])
async def test_strangers_guests_and_people_of_other_workspaces_read_nothing_and_are_told_whom_to_ask(
    chat: InChat, officer: Person, who: str
) -> None:
    other = chat.person(who)
    for seen in (await other.types("/1540 states"), await other.says(CHANNEL, "@verbale states"), await other.home()):
        assert "This desk does not know you" in seen.words
        assert "Malawi" not in seen.words
        assert "can give you a code" in seen.words


async def test_a_stranger_joins_with_a_code_and_is_known_from_then_on(chat: InChat) -> None:
    sam = chat.person("U06SAM")
    made = await chat.desk.types("staff officer-2 code", by="administrator-1")
    code = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", str(made))
    assert code
    assert "This is no code" in (await sam.types("/1540 join AAAA-BBBB")).words
    assert "You are Sam Ledger" in (await sam.types(f"/1540 join {code[0]}")).words
    assert "Malawi" in (await sam.types("/1540 state Malawi")).words


@pytest.mark.parametrize("who", ["guest", "U07KIM"])
async def test_a_code_does_not_let_a_guest_or_another_workspace_in(chat: InChat, who: str) -> None:
    made = await chat.desk.types("staff administrator-1 code", by="administrator-1")
    code = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", str(made))
    assert code
    other = chat.person(who)
    assert "This desk does not know you" in (await other.types(f"/1540 join {code[0]}")).words
    assert "This desk does not know you" in (await other.types("/1540 states")).words


async def test_a_stranger_who_presses_does_nothing(chat: InChat, officer: Person) -> None:
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    cards = await officer.types("/1540 cards")
    for label in ("Accept as first report", "Ask for clarification…"):
        seen = await chat.person("U06SAM").press(cards.message, label)
        assert "This desk does not know you" in seen.words
    [submission] = await chat.desk.submissions()
    assert submission.state is SubmissionState.WAITING


async def test_a_role_is_checked_in_chat_too_and_the_refusal_is_private(chat: InChat) -> None:
    reader = chat.person("reader-1")
    seen = await reader.types("/1540 remind first-report --to MWI")
    card = await reader.press(seen, "Send 1 letter") if "Send 1 letter" in seen.labels else seen
    assert "takes the role officer" in card.words
    assert card.message.ephemeral_to == reader.id
    assert await chat.desk.outbox() == []


async def test_a_mention_is_answered_privately_and_a_direct_message_where_it_was_written(
    chat: InChat, officer: Person
) -> None:
    mention = await officer.says(CHANNEL, "@verbale state Malawi")
    assert mention.message.ephemeral_to == officer.id
    assert "Malawi" in mention.words
    direct = await officer.dms("state “Malawi”")
    assert direct.message.channel == chat.workspace.direct(officer.id).id
    assert not direct.message.ephemeral_to
    assert "Malawi" in direct.words


async def test_the_same_event_three_times_does_it_once_and_answers_once(chat: InChat, officer: Person) -> None:
    workspace = chat.workspace
    note = Message(
        CHANNEL, officer.id, f'<@{workspace.app.bot_user}> state MWI note "by telephone"', ts="1346763600.000001"
    )
    about = message_object(workspace, note) | {"channel": CHANNEL, "event_ts": note.ts, "type": "app_mention"}
    payload = event_payload(workspace, about, officer.id)
    answers = [await workspace.link.ask("events_api", payload, retry=retry) for retry in (1, 0, 2)]
    assert answers == [{}, {}, {}]
    state = await chat.store.states.get("MWI")
    assert [one.text for one in state.notes] == ["by telephone"]
    assert len([one for one in officer.sees() if "noted" in one.text]) == 1


async def test_an_event_that_comes_again_after_a_restart_does_nothing_twice_and_says_so(
    chat: InChat, officer: Person
) -> None:
    workspace = chat.workspace
    note = Message(CHANNEL, officer.id, 'state MWI note "by telephone"', ts="1346763600.000001")
    about = message_object(workspace, note) | {"channel": CHANNEL, "event_ts": note.ts, "type": "app_mention"}
    payload = event_payload(workspace, about, officer.id)
    await workspace.link.ask("events_api", payload, retry=0)
    await chat.socket.close()
    async with served(chat.desk, workspace):
        await workspace.link.ask("events_api", payload, retry=1)
    state = await chat.store.states.get("MWI")
    assert len(state.notes) == 1
    assert "This was carried out" in officer.sees()[-1].text


async def test_killed_between_press_and_commit_nothing_has_happened_and_a_failure_is_shown(
    chat: InChat, officer: Person
) -> None:
    card = await officer.types("/1540 remind first-report --to MWI")
    chat.workspace.faults.cut_socket("interactive", Cut.HALFWAY)
    act = asyncio.create_task(
        acts.presses(chat.workspace, officer.id, card.message, _id_of(card.message, "Send 1 letter"))
    )
    await chat.workspace.clock.plans(3.0)  # type: ignore[attr-defined] # a HandClock
    chat.workspace.clock.moves(3.0)  # type: ignore[attr-defined]
    await act
    assert await chat.desk.outbox() == []
    assert "did not respond" in "".join(one.trouble for one in officer.sees())
    await chat.workspace.link.greeted.wait()
    await officer.press(card, "Send 1 letter")
    await officer.meets(lambda message: "1 letter queued" in str(message.blocks))
    assert len(await chat.desk.outbox()) == 1


async def test_killed_between_commit_and_acknowledgement_the_press_has_been_done_once(
    chat: InChat, officer: Person
) -> None:
    card = await officer.types("/1540 remind first-report --to MWI")
    chat.workspace.faults.cut_socket("interactive", Cut.ARRIVED)
    act = asyncio.create_task(
        acts.presses(chat.workspace, officer.id, card.message, _id_of(card.message, "Send 1 letter"))
    )
    done = await officer.meets(lambda message: "1 letter queued" in str(message.blocks))
    chat.workspace.clock.moves(3.0)  # type: ignore[attr-defined] # a HandClock
    await act
    assert done.ts == card.message.ts
    assert len(await chat.desk.outbox()) == 1


async def test_a_commands_answer_whose_acknowledgement_was_lost_comes_by_its_response_url(
    chat: InChat, officer: Person
) -> None:
    chat.workspace.faults.cut_socket("slash_commands", Cut.ARRIVED)
    act = asyncio.create_task(acts.types(chat.workspace, officer.id, CHANNEL, '/1540 state MWI note "by telephone"'))
    answer = await officer.meets(lambda message: "noted" in message.text)
    chat.workspace.clock.moves(3.0)  # type: ignore[attr-defined] # a HandClock
    await act
    assert answer.ephemeral_to == officer.id
    state = await chat.store.states.get("MWI")
    assert len(state.notes) == 1


async def test_what_goes_wrong_is_said_in_a_sentence_of_ours(
    chat: InChat, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("hunter2")

    monkeypatch.setattr("bot.dispatch._run", broken)
    for seen in (await officer.types("/1540 states"), await officer.dms("states")):
        assert "Something unforeseen went wrong in" in seen.words
        assert "ZeroDivisionError" in seen.words
        assert "hunter2" not in seen.words
        assert "Traceback" not in seen.words


async def test_what_takes_long_is_acknowledged_and_answered_when_it_is_done(chat: InChat, officer: Person) -> None:
    chat.under_way.at_once_seconds = 0.0
    working = await officer.types("/1540 state Malawi")
    assert "Working on it" in working.words
    assert "Status and contacts" in (await _blocks(officer, "Status and contacts"))


async def _blocks(person: Person, words: str) -> str:
    return str((await person.meets(lambda message: words in str(message.blocks))).blocks)


async def test_what_still_runs_when_the_desk_ends_is_awaited(chat: InChat, officer: Person) -> None:
    chat.under_way.at_once_seconds = 0.0
    await officer.types('/1540 state MWI note "by telephone"')
    await chat.socket.close()
    assert "noted" in officer.sees()[-1].text


async def test_a_response_url_that_is_no_longer_taken_gives_way_to_another_door(chat: InChat, officer: Person) -> None:
    card = await officer.types("/1540 remind first-report --to MWI")
    chat.hold.clear()
    act = asyncio.create_task(
        acts.presses(chat.workspace, officer.id, card.message, _id_of(card.message, "Send 1 letter"))
    )
    await chat.workspace.clock.plans(3.0)  # type: ignore[attr-defined] # a HandClock
    chat.workspace.clock.moves(1801.0)  # type: ignore[attr-defined]
    await act
    chat.hold.set()
    seen = await officer.meets(lambda message: "1 letter queued" in str(message.blocks))
    assert (seen.ts != card.message.ts, seen.ephemeral_to) == (True, officer.id)


@pytest.mark.parametrize("how", [How.NOT_JSON, How.BROKEN, How.CUT])
async def test_an_answer_that_slack_does_not_take_goes_by_the_next_door(
    chat: InChat, officer: Person, how: How, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.client.TRIES", 0)
    card = await officer.types("/1540 remind first-report --to MWI")
    chat.workspace.faults.of("hooks", Fault(how))
    seen = await officer.press(card, "Send 1 letter")
    assert "1 letter queued" in seen.words
    assert seen.message.ts != card.message.ts


async def test_long_answers_are_turned_and_the_whole_comes_as_a_file(chat: InChat, officer: Person) -> None:
    first = await officer.types("/1540 states")
    assert "page 1 of 13" in first.words
    second = await officer.press(first, "Next")
    assert second.message.ts == first.message.ts
    assert "page 2 of 13" in second.words
    assert "Previous" in second.labels
    await officer.press(second, "All of it as a file")
    shared = await officer.meets(lambda message: bool(message.files))
    [file] = [chat.workspace.shelf.get(one) for one in shared.files]
    assert file.name == "member-states.csv"
    assert len(file.data.decode("utf-8-sig").splitlines()) == 194
    other = await chat.person("officer-2").press(second.message, "Previous")
    assert "no longer kept" in other.words


def _id_of(message: Message, label: str) -> str:
    found = [
        str(one["action_id"]) for block in message.blocks for one in block.get("elements", ()) if one.get("text", {}).get("text") == label
    ]  # fmt: skip
    return found[0]


async def test_after_a_disconnect_with_refresh_everything_goes_on(chat: InChat, officer: Person) -> None:
    card = await officer.types("/1540 remind first-report --to MWI")
    chat.workspace.link.greeted.clear()
    await chat.workspace.link.disconnect("refresh_requested")
    await chat.workspace.link.greeted.wait()
    done = await officer.press(card, "Send 1 letter")
    assert "1 letter queued" in done.words
    assert len(await chat.desk.outbox()) == 1


async def test_a_response_url_that_was_used_five_times_gives_way_to_another_door(chat: InChat, officer: Person) -> None:
    card = await officer.types("/1540 remind first-report --to MWI")
    element = _id_of(card.message, "Send 1 letter")
    chat.hold.clear()
    chat.asked.clear()
    act = asyncio.create_task(acts.presses(chat.workspace, officer.id, card.message, element))
    await chat.asked.wait()
    for hook in chat.workspace.hooks.given.values():
        hook.uses = 5
    chat.hold.set()
    await act
    seen = await officer.meets(lambda message: "1 letter queued" in str(message.blocks))
    assert (seen.ts != card.message.ts, seen.ephemeral_to) == (True, officer.id)
