"""Socket Mode without any library: tickets, envelopes, acknowledgements, retries of events alone, and connections that go."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot import local_slack
from bot.local_slack import acts
from bot.local_slack.faults import Cut
from bot.local_slack.link import GOODBYE_SECONDS, MOST, SECONDS, TICKET_SECONDS
from bot.local_slack.workspace import Workspace
from tests.bot.local_slack.conftest import CHANNEL, Caller
from tests.chat.clock import HandClock
from tests.chat.persons import Person


async def address(caller: Caller) -> str:
    opened = await caller.call("apps.connections.open", caller.workspace.app.app_token)
    return str(opened["url"])


async def refused(caller: Caller, url: str, **headers: str) -> int:
    with pytest.raises(aiohttp.WSServerHandshakeError) as said:
        await caller.session.ws_connect(url, headers=headers)
    return said.value.status


async def test_a_connection_is_greeted_with_how_many_there_are(caller: Caller, workspace: Workspace) -> None:
    first, second = await caller.connects(), await caller.connects()
    assert first.hello["type"] == "hello"
    assert first.hello["connection_info"]["app_id"] == workspace.app.id
    assert [first.hello["num_connections"], second.hello["num_connections"]] == [1, 2]


async def test_a_ticket_is_good_once_and_not_for_long(caller: Caller, clock: HandClock) -> None:
    url, late = await address(caller), await address(caller)
    await caller.session.ws_connect(url)
    assert await refused(caller, url) == 403
    assert await refused(caller, url.partition("?")[0]) == 403
    clock.moves(TICKET_SECONDS + 1)
    assert await refused(caller, late) == 403


async def test_a_page_elsewhere_is_not_let_in_and_uses_no_ticket_up(caller: Caller) -> None:
    url = await address(caller)
    assert await refused(caller, url, Origin="http://elsewhere.test") == 403
    assert await refused(caller, url, Host="elsewhere.test") == 421
    await caller.session.ws_connect(url)


async def test_the_eleventh_connection_is_sent_away(caller: Caller, workspace: Workspace) -> None:
    _held = [await caller.connects() for _ in range(MOST)]
    wire = await caller.connects()
    assert wire.hello == {"type": "disconnect", "reason": "too_many_websockets"}
    assert len(workspace.link.connections) == MOST


async def test_a_command_arrives_with_what_the_app_needs(caller: Caller, workspace: Workspace, ada: Person) -> None:
    wire = await caller.connects()
    async with wire.serving(lambda _: {"text": "24 States"}) as seen:
        answer = await ada.types("/1540 states  non-reporting")
    [envelope] = seen
    payload = envelope["payload"]
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert "retry_attempt" not in envelope
    assert (payload["command"], payload["text"]) == ("/1540", "states  non-reporting")
    assert (payload["user_id"], payload["channel_id"], payload["channel_name"]) == ("U01ADA", CHANNEL, "secretariat")
    assert payload["response_url"].startswith(workspace.url)
    assert payload["trigger_id"]
    assert (answer.message.text, answer.message.ephemeral_to) == ("24 States", "U01ADA")


async def test_in_a_direct_message_the_channel_is_not_named(caller: Caller, workspace: Workspace) -> None:
    wire = await caller.connects()
    async with wire.serving(lambda _: {"text": "yes"}) as seen:
        await Person(workspace, "U03EVE").types("/1540 help")
    assert seen[0]["payload"]["channel_name"] == "directmessage"


async def test_connections_take_turns_and_each_envelope_goes_to_one(caller: Caller, ada: Person) -> None:
    first, second = await caller.connects(), await caller.connects()
    async with first.serving(lambda _: {"text": "one"}) as left, second.serving(lambda _: {"text": "two"}) as right:
        said = {(await ada.types("/1540 help")).message.text for _ in range(4)}
    assert said == {"one", "two"}
    assert len(left) == len(right) == 2
    assert not {each["envelope_id"] for each in left} & {each["envelope_id"] for each in right}


async def test_a_command_that_is_not_acknowledged_fails_before_the_person_and_is_never_repeated(
    caller: Caller, clock: HandClock, ada: Person
) -> None:
    wire = await caller.connects()
    typing = asyncio.create_task(ada.types("/1540 states"))
    envelope = await wire.next()
    clock.moves(SECONDS)
    sight = await typing
    assert "failed with the error `operation_timeout`" in sight.words
    await wire.acknowledges(envelope, {"text": "too late"})
    clock.moves(3600)
    await _nothing_more(wire, caller, ada)
    assert [each.user for each in ada.sees()] == ["USLACKBOT"]


async def _nothing_more(wire: Any, caller: Caller, ada: Person) -> None:
    """The next that comes is what is typed now: nothing was on its way."""
    typing = asyncio.create_task(acts.commands(caller.workspace, ada.id, ada.here, "/1540 help"))
    envelope = await wire.next()
    assert envelope["payload"]["text"] == "help"
    await wire.acknowledges(envelope)
    await typing


async def test_a_command_to_an_app_that_is_not_connected_fails_at_once(ada: Person) -> None:
    assert "failed with the error `dispatch_failed`" in (await ada.types("/1540 states")).words


async def test_a_command_that_the_app_does_not_have_never_reaches_it(caller: Caller, ada: Person) -> None:
    wire = await caller.connects()
    async with wire.serving() as seen:
        assert "`/1541` is not a valid command" in (await ada.types("/1541 states")).words
    assert not seen


async def test_a_press_that_is_not_acknowledged_is_shown_beside_the_button_and_never_repeated(
    caller: Caller, clock: HandClock, ada: Person
) -> None:
    wire = await caller.connects()
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Release"}}
    blocks = [{"type": "actions", "elements": [button]}]
    await caller.call("chat.postMessage", channel=CHANNEL, text="card", blocks=blocks)
    [card] = ada.sees()
    pressing = asyncio.create_task(ada.press(card, "Release"))
    envelope = await wire.next()
    assert envelope["payload"]["message"]["ts"] == card.ts
    clock.moves(SECONDS)
    assert "did not respond" in (await pressing).words
    await _nothing_more(wire, caller, ada)
    again = asyncio.create_task(ada.press(card, "Release"))
    envelope = await wire.next()
    assert not ada.sees()[0].trouble
    await wire.acknowledges(envelope)
    await caller.call("chat.update", channel=CHANNEL, ts=card.ts, text="released by Ada")
    assert (await again).message.text == "released by Ada"


async def test_an_event_is_repeated_three_times_with_its_number_and_the_same_id(
    caller: Caller, clock: HandClock, ada: Person
) -> None:
    wire = await caller.connects()
    telling = asyncio.create_task(acts.says(caller.workspace, ada.id, CHANNEL, "<@U01VERBALE> states"))
    seen = [await wire.next()]
    for seconds in (0, 60, 300):
        clock.moves(SECONDS)
        await clock.plans(seconds)
        clock.moves(seconds)
        seen.append(await wire.next())
    clock.moves(SECONDS)
    assert not await telling
    assert [each["retry_attempt"] for each in seen] == [0, 1, 2, 3]
    assert [each["retry_reason"] for each in seen] == ["", "timeout", "timeout", "timeout"]
    assert len({each["payload"]["event_id"] for each in seen}) == 1
    assert len({each["envelope_id"] for each in seen}) == 4


async def test_an_event_that_is_acknowledged_is_not_repeated(caller: Caller, clock: HandClock, ada: Person) -> None:
    wire = await caller.connects()
    async with wire.serving() as seen:
        assert await acts.says(caller.workspace, ada.id, CHANNEL, "<@U01VERBALE> states")
        clock.moves(3600)
    [envelope] = seen
    event = envelope["payload"]["event"]
    assert (event["type"], event["channel"], event["user"]) == ("app_mention", CHANNEL, "U01ADA")
    assert envelope["payload"]["authorizations"][0]["user_id"] == "U01VERBALE"


async def test_an_event_waits_for_an_app_that_is_away(caller: Caller, clock: HandClock, ada: Person) -> None:
    telling = asyncio.create_task(acts.says(caller.workspace, ada.id, CHANNEL, "<@U01VERBALE> states"))
    await clock.plans(0)
    clock.moves(0)
    await clock.plans(60)
    wire = await caller.connects()
    clock.moves(60)
    envelope = await wire.next()
    assert envelope["retry_attempt"] == 2
    await wire.acknowledges(envelope)
    assert await telling


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_a_connection_that_is_told_to_go_gets_nothing_new_where_there_is_another_and_is_closed(
    caller: Caller, clock: HandClock, ada: Person, reason: str
) -> None:
    old = await caller.connects()
    await caller.workspace.link.disconnect(reason)
    told = await old.next()
    assert (told["type"], told["reason"]) == ("disconnect", reason)
    new = await caller.connects()
    async with new.serving(lambda _: {"text": "here"}) as seen:
        for _ in range(3):
            assert (await ada.types("/1540 help")).message.text == "here"
    assert len(seen) == 3
    clock.moves(GOODBYE_SECONDS)
    assert (await old.socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_an_acknowledgement_counts_though_it_comes_by_the_next_connection(caller: Caller, ada: Person) -> None:
    caller.workspace.faults.cut_socket("slash_commands", Cut.ARRIVED)
    first = await caller.connects()
    typing = asyncio.create_task(ada.types("/1540 help"))
    envelope = await first.next()
    assert (await first.socket.receive()).type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
    second = await caller.connects()
    await second.acknowledges(envelope, {"text": "by the other way"})
    assert (await typing).message.text == "by the other way"


async def test_the_socket_drops_in_the_middle_of_an_envelope_and_nothing_of_it_arrives(
    caller: Caller, clock: HandClock, ada: Person
) -> None:
    caller.workspace.faults.cut_socket("slash_commands", Cut.HALFWAY)
    wire = await caller.connects()
    typing = asyncio.create_task(ada.types("/1540 help"))
    message = await wire.socket.receive()
    assert message.type is not aiohttp.WSMsgType.TEXT
    await clock.plans(SECONDS)
    clock.moves(SECONDS)
    assert "operation_timeout" in (await typing).words
    again = await caller.connects()
    async with again.serving(lambda _: {"text": "well again"}):
        assert (await ada.types("/1540 help")).message.text == "well again"


async def test_what_is_no_acknowledgement_is_passed_over(caller: Caller, ada: Person) -> None:
    wire = await caller.connects()
    for noise in ("", "{", "[]", '{"envelope_id": 17}', '{"envelope_id": "nobody"}'):
        await wire.socket.send_str(noise)
    async with wire.serving(lambda _: {"text": "here"}):
        assert (await ada.types("/1540 help")).message.text == "here"


def test_under_uvloop_a_socket_is_let_in_too() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def greeted() -> str:
        made = Workspace(clock=HandClock())
        async with local_slack.served(made), aiohttp.ClientSession() as session:
            wire = await Caller(session, made).connects()
            await wire.socket.close()
            return str(wire.hello["type"])

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(greeted()) == "hello"
