"""response_url: five answers within thirty minutes, to the person or to the channel, beside the original or in its place."""

from typing import Any

import pytest

from bot.local_slack.hooks import SECONDS, USES
from bot.local_slack.messages import Message
from bot.local_slack.workspace import Workspace
from tests.bot.local_slack.conftest import CHANNEL, Caller
from tests.chat.clock import HandClock
from tests.chat.persons import Person


async def answers(caller: Caller, path: str, **body: Any) -> tuple[int, str]:
    async with caller.session.post(caller.workspace.url + path, json=body) as answer:
        return answer.status, await answer.text()


async def test_an_answer_is_shown_to_the_person_alone_unless_it_is_for_the_channel(
    caller: Caller, workspace: Workspace, ada: Person, ben: Person
) -> None:
    hook = workspace.hooks.give("U01ADA", CHANNEL)
    assert await answers(caller, hook, text="for you") == (200, "ok")
    assert await answers(caller, hook, text="for all", response_type="in_channel") == (200, "ok")
    assert [each.text for each in ada.sees()] == ["for you", "for all"]
    assert [each.text for each in ben.sees()] == ["for all"]


async def test_the_sixth_answer_is_refused(caller: Caller, workspace: Workspace, ada: Person) -> None:
    hook = workspace.hooks.give("U01ADA", CHANNEL)
    for _ in range(USES):
        assert (await answers(caller, hook, text="again"))[0] == 200
    status, said = await answers(caller, hook, text="again")
    assert (status, "used_url" in said) == (404, True)
    assert len(ada.sees()) == USES


async def test_after_thirty_minutes_there_is_no_answering(
    caller: Caller, workspace: Workspace, clock: HandClock
) -> None:
    hook = workspace.hooks.give("U01ADA", CHANNEL)
    clock.moves(SECONDS)
    assert (await answers(caller, hook, text="just in time"))[0] == 200
    clock.moves(1)
    status, said = await answers(caller, hook, text="too late")
    assert (status, "expired_url" in said) == (404, True)
    assert (await answers(caller, "/hooks/nobody", text="hello"))[0] == 404


async def test_the_original_is_replaced_or_taken_away(caller: Caller, workspace: Workspace, ada: Person) -> None:
    shown = workspace.post(
        Message(CHANNEL, workspace.app.bot_user, "preview", ephemeral_to="U01ADA", bot_id="B01VERBALE")
    )
    hook = workspace.hooks.give("U01ADA", CHANNEL, original=shown.ts)
    assert (await answers(caller, hook, text="released", replace_original=True))[0] == 200
    [after] = ada.sees()
    assert (after.ts, after.text, after.ephemeral_to) == (shown.ts, "released", "U01ADA")
    assert (await answers(caller, hook, delete_original=True))[0] == 200
    assert not ada.sees()
    assert (await answers(caller, hook, text="released again", replace_original=True))[0] == 200
    assert [each.text for each in ada.sees()] == ["released again"]
    assert not workspace.breaches


async def test_an_answer_to_a_press_says_whether_it_replaces_and_a_commands_replaces_nothing(
    caller: Caller, workspace: Workspace, ada: Person
) -> None:
    shown = workspace.post(Message(CHANNEL, workspace.app.bot_user, "preview", bot_id="B01VERBALE"))
    await answers(caller, workspace.hooks.give("U01ADA", CHANNEL, original=shown.ts), text="beside it")
    await answers(caller, workspace.hooks.give("U01ADA", CHANNEL), text="nothing to replace", replace_original=True)
    assert [each.text for each in ada.sees()] == ["preview", "beside it", "nothing to replace"]
    assert len(workspace.breaches) == 2


async def test_an_answer_that_breaks_a_rule_is_refused_and_remembered(
    caller: Caller, workspace: Workspace, ada: Person
) -> None:
    hook = workspace.hooks.give("U01ADA", CHANNEL)
    status, said = await answers(caller, hook, text="hello", blocks=[{"type": "poem"}])
    assert (status, "invalid_blocks" in said) == (400, True)
    assert not ada.sees()
    assert workspace.breaches == ["invalid_blocks: unsupported type: poem [json-pointer:/blocks/0/type]"]


@pytest.mark.parametrize("body", [b"", b"[]", b"text=hello"])
async def test_what_is_no_object_is_refused(caller: Caller, workspace: Workspace, body: bytes) -> None:
    hook = workspace.hooks.give("U01ADA", CHANNEL)
    async with caller.session.post(workspace.url + hook, data=body) as answer:
        assert answer.status == 400
