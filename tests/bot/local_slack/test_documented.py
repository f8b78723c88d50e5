"""What is assumed of Slack is listed for whoever compares it with a real workspace; each method and rule names its page."""

import re
from pathlib import Path

from bot.local_slack.methods import METHODS

CLONE = Path(__file__).parents[3]
SOURCES = sorted((CLONE / "bot" / "local_slack").rglob("*.py"))
LISTED = " ".join((CLONE / "docs" / "local-slack.md").read_text().split())


def assumptions() -> list[str]:
    """Each sentence after `assumed:` in the sources, as it is said there."""
    found = []
    for source in SOURCES:
        text = re.sub(r"\n\s*(?:# )?", " ", source.read_text())
        found += [
            re.split(r"(?<=[a-z0-9`)])\.(?:\s|\"|$)|\"\"\"", each)[0].strip() for each in text.split("assumed: ")[1:]
        ]
    return found


def test_everything_that_is_assumed_is_listed() -> None:
    found = assumptions()
    assert len(found) > 15
    assert not [each for each in found if each not in LISTED]


def test_nothing_is_listed_that_is_not_assumed_any_more() -> None:
    lines = re.findall(
        r"^- (.+(?:\n  .+)*)",
        (CLONE / "docs" / "local-slack.md").read_text().partition("## What is assumed")[2],
        re.MULTILINE,
    )
    listed = [" ".join(each.split()).rstrip(".") for each in lines]
    assert sorted(listed) == sorted(set(assumptions()))


def test_every_method_names_its_page_and_is_listed() -> None:
    for name, (method, _) in METHODS.items():
        assert f"docs.slack.dev/reference/methods/{name}" in (method.__doc__ or ""), name
        assert f"`{name}`" in LISTED


def test_every_module_of_the_rules_names_a_page() -> None:
    rules = [
        source
        for source in SOURCES
        if source.parent.name == "rules" and source.stem not in {"__init__", "breach", "models"}
    ]
    assert rules
    assert not [source.name for source in rules if "docs.slack.dev/" not in source.read_text()]
