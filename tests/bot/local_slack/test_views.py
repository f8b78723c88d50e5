"""Modals and Home: triggers that live three seconds and once, stacks, hashes, and what may stand in them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.local_slack.triggers import SECONDS
from bot.local_slack.workspace import Workspace
from tests.bot.local_slack.conftest import Caller
from tests.chat.clock import HandClock


def modal(title: str = "Hold", **more: Any) -> dict[str, Any]:
    section = {"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": title}}
    return {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": [section]} | more


HOME = {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Nothing waits."}}]}


async def test_a_trigger_opens_one_modal_for_its_person(caller: Caller, workspace: Workspace) -> None:
    trigger = workspace.triggers.give("U01ADA")
    opened = await caller.call("views.open", trigger_id=trigger, view=modal())
    assert opened["view"]["hash"]
    top = workspace.modals.top("U01ADA")
    assert top
    assert top.id == opened["view"]["id"] == opened["view"]["root_view_id"]
    assert workspace.modals.top("U02BEN") is None
    assert (await caller.call("views.open", trigger_id=trigger, view=modal()))["error"] == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds(caller: Caller, workspace: Workspace, clock: HandClock) -> None:
    trigger, late = workspace.triggers.give("U01ADA"), workspace.triggers.give("U01ADA")
    clock.moves(SECONDS)
    assert (await caller.call("views.open", trigger_id=trigger, view=modal()))["ok"]
    clock.moves(0.001)
    assert (await caller.call("views.open", trigger_id=late, view=modal()))["error"] == "expired_trigger_id"
    assert (await caller.call("views.open", trigger_id="1.2.3", view=modal()))["error"] == "invalid_trigger_id"


async def test_a_refused_view_leaves_the_trigger_good(caller: Caller, workspace: Workspace) -> None:
    trigger = workspace.triggers.give("U01ADA")
    refused = await caller.call("views.open", trigger_id=trigger, view=modal("x" * 25))
    assert refused["error"] == "invalid_arguments"
    assert "less than 25 characters [json-pointer:/view/title/text]" in refused["response_metadata"]["messages"][0]
    assert (await caller.call("views.open", trigger_id=trigger, view=modal()))["ok"]


async def test_three_views_stand_upon_one_another_and_no_more(caller: Caller, workspace: Workspace) -> None:
    first = (await caller.call("views.open", trigger_id=workspace.triggers.give("U01ADA"), view=modal()))["view"]
    for _ in range(2):
        trigger = workspace.triggers.give("U01ADA", first["id"])
        pushed = (await caller.call("views.push", trigger_id=trigger, view=modal("Why")))["view"]
        assert pushed["root_view_id"] == first["id"]
    trigger = workspace.triggers.give("U01ADA", first["id"])
    assert (await caller.call("views.push", trigger_id=trigger, view=modal()))["error"] == "push_limit_reached"
    outside = workspace.triggers.give("U01ADA")
    assert (await caller.call("views.push", trigger_id=outside, view=modal()))["error"] == "not_found"


async def test_a_view_that_changed_meanwhile_is_not_written_over(caller: Caller, workspace: Workspace) -> None:
    seen = (await caller.call("views.open", trigger_id=workspace.triggers.give("U01ADA"), view=modal()))["view"]
    changed = await caller.call("views.update", view_id=seen["id"], hash=seen["hash"], view=modal("Loaded"))
    assert changed["view"]["hash"] != seen["hash"]
    late = await caller.call("views.update", view_id=seen["id"], hash=seen["hash"], view=modal("Late"))
    assert late["error"] == "hash_conflict"
    top = workspace.modals.top("U01ADA")
    assert top
    assert top.body["title"]["text"] == "Loaded"
    assert (await caller.call("views.update", view_id=seen["id"], view=modal("Blind")))["ok"]
    assert (await caller.call("views.update", view_id="V0NOWHERE", view=modal()))["error"] == "not_found"


async def test_a_view_is_found_by_the_apps_own_name_for_it_which_is_one_views_alone(
    caller: Caller, workspace: Workspace
) -> None:
    named = modal(external_id="hold-17")
    await caller.call("views.open", trigger_id=workspace.triggers.give("U01ADA"), view=named)
    assert (await caller.call("views.update", external_id="hold-17", view=named))["ok"]
    again = await caller.call("views.open", trigger_id=workspace.triggers.give("U02BEN"), view=named)
    assert again["error"] == "duplicate_external_id"


async def test_home_is_each_persons_own_and_guarded_by_its_hash(caller: Caller, workspace: Workspace) -> None:
    first = (await caller.call("views.publish", user_id="U01ADA", view=HOME))["view"]
    second = (await caller.call("views.publish", user_id="U01ADA", view=HOME, hash=first["hash"]))["view"]
    assert second["id"] == first["id"]
    late = await caller.call("views.publish", user_id="U01ADA", view=HOME, hash=first["hash"])
    assert late["error"] == "hash_conflict"
    assert (await caller.call("views.publish", user_id="U0NOBODY", view=HOME))["error"] == "user_not_found"
    assert set(workspace.modals.homes) == {"U01ADA"}


@pytest.mark.parametrize(("method", "view"), [("views.open", HOME), ("views.publish", modal())])
async def test_each_kind_of_view_has_its_own_door(
    caller: Caller, workspace: Workspace, method: str, view: dict[str, Any]
) -> None:
    trigger = workspace.triggers.give("U01ADA")
    answer = await caller.call(method, trigger_id=trigger, user_id="U01ADA", view=view)
    assert answer["error"] == "invalid_arguments"


async def test_a_file_is_asked_for_only_by_an_app_that_may_read_it(caller: Caller, workspace: Workspace) -> None:
    workspace.app = replace(workspace.app, scopes=workspace.app.scopes - {"files:read"})
    block = {
        "type": "input", "label": {"type": "plain_text", "text": "Document"},
        "element": {"type": "file_input", "action_id": "file"},
    }  # fmt: skip
    view = modal(blocks=[block], submit={"type": "plain_text", "text": "Send"})
    answer = await caller.call("views.open", trigger_id=workspace.triggers.give("U01ADA"), view=view)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "files:read")
