"""The manifest that ships fits the registry, what the app listens to, and the methods that the code calls."""

import ast
import json
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot import looking_after
from bot.commands import COMMANDS
from bot.slack import scopes
from bot.slack.manifest import manifest, usage_hint

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "manifest.json"


def called() -> set[str]:
    """Every method of the client that bot/slack/ calls, or hands on to be called."""
    methods = {name for name in vars(AsyncWebClient) if not name.startswith("_")} - {"api_call"}
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in (ROOT / "bot" / "slack").glob("*.py")]
    named = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return named & methods


def test_the_shipped_manifest_is_the_one_that_the_registry_makes(capfd: pytest.CaptureFixture[str]) -> None:
    assert json.loads(SHIPPED.read_text(encoding="utf-8")) == manifest(COMMANDS, "/1540")
    assert looking_after.manifest() == 0
    assert capfd.readouterr().out == SHIPPED.read_text(encoding="utf-8")


def test_the_slash_command_has_the_name_of_the_setting(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERBALE_SLACK_COMMAND", "/desk")
    assert looking_after.manifest() == 0
    [command] = json.loads(capfd.readouterr().out)["features"]["slash_commands"]
    assert command["command"] == "/desk"


def test_its_usage_hint_names_nouns_of_the_registry_and_is_short() -> None:
    nouns = set(usage_hint(COMMANDS).split(" | "))
    assert {"help", "…"} < nouns
    assert nouns - {"…"} <= {command.noun for command in COMMANDS}
    assert len(usage_hint(COMMANDS)) <= 75


def test_each_method_that_the_code_calls_is_listed_with_its_scopes_and_no_other_is() -> None:
    assert called() == scopes.METHODS.keys() | scopes.BY_APP_TOKEN.keys()


def test_the_scopes_are_those_of_the_methods_and_events_and_no_more() -> None:
    wanted = scopes.BESIDE.union(*scopes.METHODS.values(), *scopes.EVENTS.values())
    assert set(manifest(COMMANDS, "/1540")["oauth_config"]["scopes"]["bot"]) == wanted
