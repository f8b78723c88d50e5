"""What no page of Slack's would send: forged, cut short, too long, of other versions, of others; each is answered, none obeyed."""

import asyncio
from itertools import product
from typing import Any

import pytest

from bot.local_slack import payloads
from bot.slack import limits
from tests.bot.slack.conftest import CHANNEL, TEAM, InChat
from tests.bot.slack.test_forms import until_filled
from tests.chat.persons import Person

ADA: dict[str, Any] = {"id": "U01ADA", "team_id": TEAM}


def pressed(action_id: str, value: Any = "x", **other: Any) -> dict[str, Any]:
    """As block_actions come, with a button that we may never have drawn."""
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.1"}
    return {
        "type": "block_actions", "team": {"id": TEAM}, "user": ADA, "api_app_id": "A01", "token": "x",
        "container": {"type": "message", "message_ts": "1.1", "channel_id": CHANNEL, "is_ephemeral": True},
        "channel": {"id": CHANNEL}, "actions": [action], "trigger_id": "1.2.abc", "response_url": "",
    } | other  # fmt: skip


async def sends(chat: InChat, kind: str, payload: dict[str, Any]) -> Any:
    """It is acknowledged, whatever it is; the answer, if there is one in it."""
    async with asyncio.timeout(10):  # Slack's own three seconds stand still here
        return await chat.workspace.link.ask(kind, payload, accepts=True)


async def changed(chat: InChat) -> list[str]:
    """What was done since the desk was staffed, but that cards were shown."""
    return [one.doing for one in await chat.store.trail.find() if one.doing not in {"staff", "card shown"}]


NEVER_DRAWN = (
    "press:", "press:ffffffffff", "ask:", "ask:ffffffffff", "sheet:", "sheet:x", "sheet:-1", "sheet:99999999", "sheet:²",
    "whole:", "show:", "form:", "form:nothing", "of another app", "x" * 255, "PRESS:ffffffffff", "press:\u202egnp.exe",
)  # fmt: skip


@pytest.mark.parametrize("value", ["remind first-report", "x" * 3001, "\u0000", None])
async def test_a_button_that_was_never_drawn_is_answered_and_does_nothing(
    chat: InChat, officer: Person, value: Any
) -> None:
    before = await changed(chat)
    for action_id in NEVER_DRAWN:
        count = len(officer.sees())
        assert await sends(chat, "interactive", pressed(action_id, value)) is not None
        await chat.under_way.ended(10)
        said = str(officer.sees()[count:])
        assert said != "[]", action_id
        assert "unforeseen" not in said, action_id
    assert await sends(chat, "interactive", pressed("field:party", value)) is not None
    assert await changed(chat) == before
    assert await chat.desk.outbox() == []


OTHERS = (
    {"id": "U01ADA", "team_id": "T02OTHER"}, {"id": "U07KIM", "team_id": TEAM}, {"id": "", "team_id": TEAM},
    {"id": "U01ADA", "team_id": f"{TEAM}/U01ADA"}, {"id": "U06SAM", "team_id": TEAM}, {"id": "B01", "team_id": TEAM},
    {"id": ["U01ADA"], "team_id": TEAM}, {"id": "U01ADA", "team_id": {"id": TEAM}},
)  # fmt: skip


async def test_a_real_button_pressed_by_anybody_else_does_nothing(chat: InChat, officer: Person) -> None:
    card = await officer.types("/1540 remind first-report --to MWI")
    [button] = [one for block in card.message.blocks for one in block.get("elements", ()) if "Send 1" in str(one)]
    view = {
        "id": "V1",
        "hash": "1.a",
        "type": "modal",
        "callback_id": f"words:{button['value']}",
        "private_metadata": "",
        "blocks": [],
    }
    for user in OTHERS:
        await sends(chat, "interactive", pressed(button["action_id"], button["value"], user=user))
        submitted = {"type": "view_submission", "team": {"id": TEAM}, "user": user, "view": view}
        answer = await sends(chat, "interactive", submitted)
        assert "letter" not in str(answer)
    await chat.under_way.ended(10)
    assert await chat.desk.outbox() == []


METADATA = ("", "{", "[]", "null", '"x"', '{"about": 1}', '{"about": "ffffffffff", "more": 1}', '{"channel": ["C"]}')
CALLBACKS = ("form:contact add", "form:nothing", "words:", "words:ffffffffff", "of 2011", "")
VALUES = ({}, {"field:name": {"x": {"value": "n" * 3001}}}, {"other": {"y": {"value": None}}}, {"field:a": {}})


@pytest.mark.parametrize("callback_id", CALLBACKS)
async def test_a_form_that_was_never_opened_is_answered_and_does_nothing(
    chat: InChat, officer: Person, callback_id: str
) -> None:
    before = await changed(chat)
    for metadata, values in product(METADATA, VALUES):
        view = {
            "id": "V1", "hash": "1.a", "type": "modal", "callback_id": callback_id, "private_metadata": metadata,
            "blocks": [{"type": "input", "block_id": "field:party", "element": {}}], "state": {"values": values},
        }  # fmt: skip
        about = {"team": {"id": TEAM}, "user": ADA, "view": view, "trigger_id": "1.2.abc"}
        answer = await sends(chat, "interactive", {"type": "view_submission"} | about)
        assert answer["response_action"] in {"errors", "update"}
        assert "unforeseen" not in str(answer), (metadata, values)
        assert await sends(chat, "interactive", {"type": "view_closed"} | about) is not None
    assert [one for one in await changed(chat) if one != "form closed"] == before


async def test_events_without_an_id_are_each_done(chat: InChat, officer: Person) -> None:
    for nth in range(2):
        event = {
            "type": "message", "channel_type": "im", "channel": chat.workspace.direct(officer.id).id, "user": "U01ADA",
            "text": f'state MWI note "by telephone {nth}"', "ts": f"1346763600.00000{nth}", "team": TEAM,
        }  # fmt: skip
        await sends(chat, "events_api", {"type": "event_callback", "team_id": TEAM, "event": event})
    state = await chat.store.states.get("MWI")
    assert len(state.notes) == 2


async def test_a_text_of_more_than_a_command_takes_is_refused_in_a_sentence(chat: InChat, officer: Person) -> None:
    seen = await officer.types(f'/1540 state MWI note "{"x" * 10_001}"')
    assert "characters" in seen.words
    assert not (await chat.store.states.get("MWI")).notes


async def test_a_trigger_is_used_once_and_the_answer_comes_otherwise(chat: InChat, officer: Person) -> None:
    home = await officer.home()
    payload = payloads.block_actions(
        chat.workspace, officer.id, home.home, {"type": "button", "action_id": "form:x", "block_id": "b", "value": "contact add"}, {}
    )  # fmt: skip
    await sends(chat, "interactive", payload)
    first = await until_filled(officer)
    await sends(chat, "interactive", payload)
    await officer.meets(lambda message: "The form did not open" in message.text)
    assert chat.workspace.modals.top(officer.id) == first


async def test_a_value_that_is_longer_than_a_field_is_taken_whole_or_refused(chat: InChat, officer: Person) -> None:
    await officer.types("/1540 contact add")
    view = await until_filled(officer)
    filled = {
        f"field:{name}": {f"field:{name}": {"type": "plain_text_input", "value": value}}
        for name, value in {"party": "MWI", "address": "pm@mission.example", "name": "n" * (limits.TYPED + 1)}.items()
    }
    filled["field:office"] = {"field:office": {"selected_option": {"value": "permanent-mission"}}}
    payload = payloads.view_submission(chat.workspace, officer.id, view, filled)
    answer = await sends(chat, "interactive", payload)
    kept = await chat.store.contacts.find(party="MWI", address="pm@mission.example")
    refused = (answer or {}).get("response_action") == "errors"
    assert refused != bool(kept)
    assert all(len(contact.name) == limits.TYPED + 1 for contact in kept)
