"""The linter: what Slack refuses is refused with its words and remembered, and what it would show wrongly is remembered too."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local_slack import linter
from bot.local_slack.errors import Failure

Part = dict[str, Any]


def plain(text: str) -> Part:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Part:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Malawi", **more: Any) -> Part:
    return {"type": "section", "text": mrkdwn(text)} | more


def button(text: str = "Release", **more: Any) -> Part:
    return {"type": "button", "action_id": "a", "text": plain(text)} | more


def actions(*elements: Part) -> Part:
    return {"type": "actions", "elements": list(elements)}


def select(*options: Part, **more: Any) -> Part:
    return {"type": "static_select", "action_id": "s", "options": list(options)} | more


def option(text: str = "Malawi", value: str = "MWI", **more: Any) -> Part:
    return {"text": plain(text), "value": value} | more


def field(element: Part | None = None, **more: Any) -> Part:
    return {
        "type": "input",
        "label": plain("Why"),
        "element": element or {"type": "plain_text_input", "action_id": "t"},
    } | more


def modal(*blocks: Part, **more: Any) -> Part:
    return {"type": "modal", "title": plain("Hold"), "blocks": list(blocks)} | more


def confirm(**more: Any) -> Part:
    return {"title": plain("x"), "text": mrkdwn("x"), "confirm": plain("y"), "deny": plain("n")} | more


PICTURE = {"type": "image", "image_url": "https://flags.test/mw.png", "alt_text": "The flag of Malawi"}
SUBMIT = {"submit": plain("Send")}


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"type": "poem"}, "unsupported type: poem"),
        ("divider", "unsupported type: divider"),
        (section("x" * 3001), "less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        (section(""), "more than 0 characters"),
        ({"type": "section"}, "missing required field: text or fields"),
        ({"type": "section", "text": "Malawi"}, "must be a text object"),
        ({"type": "section", "text": {"type": "html", "text": "Malawi"}}, "must be one of plain_text, mrkdwn"),
        ({"type": "section", "fields": []}, "no less than 1 items"),
        ({"type": "section", "fields": [mrkdwn("x")] * 11}, "no more than 10 items"),
        ({"type": "section", "fields": [mrkdwn("x" * 2001)]}, "less than 2001 characters"),
        ({"type": "section", "text": mrkdwn("x") | {"emoji": True}}, "of plain_text alone"),
        ({"type": "section", "text": mrkdwn("x") | {"colour": "red"}}, "colour"),
        (section(colour="red"), "colour"),
        (section(block_id="x" * 256), "less than 256 characters"),
        (section(accessory={"type": "plain_text_input", "action_id": "t"}), "unsupported type in section: plain_text_input"),
        (section(accessory={"type": "image", "image_url": "https://flags.test/mw.png"}), "missing required field: alt_text"),
        (section(accessory={"type": "image", "image_url": "https://flags.test/mw.png", "alt_text": " "}), "alt_text"),
        (section(accessory={"type": "image", "alt_text": "Flag"}), "one of image_url and slack_file"),
        ({"type": "image", "image_url": "https://flags.test/mw.png", "alt_text": "x" * 2001}, "less than 2001"),
        ({"type": "header", "text": plain("x" * 151)}, "less than 151 characters"),
        ({"type": "header", "text": mrkdwn("*Malawi*")}, "must be one of plain_text"),
        ({"type": "context", "elements": [mrkdwn("x")] * 11}, "no more than 10 items"),
        ({"type": "context", "elements": [button()]}, "must be a text object"),
        (actions(), "no less than 1 items"),
        (actions(*[button(action_id=str(number)) for number in range(26)]), "no more than 25 items"),
        (actions(button(), button()), "`action_id` a is that of two elements"),
        (actions(button("x" * 76)), "less than 76 characters"),
        (actions(button(value="x" * 2001)), "less than 2001"),
        (actions(button(url="https://desk.test/" + "x" * 3000)), "less than 3001"),
        (actions(button(style="green")), "must be one of primary, danger"),
        (actions(button(action_id="x" * 256)), "less than 256"),
        (actions(button(accessibility_label="x" * 76)), "less than 76"),
        (actions(button(confirm=confirm(title=plain("x" * 101)))), "less than 101"),
        (actions(button(confirm=confirm(deny=plain("n" * 31)))), "less than 31"),
        (actions(button(confirm={"title": plain("x")})), "must be a text object"),
        (actions(select()), "no less than 1 items"),
        (actions(select(*[option(value=str(number)) for number in range(101)])), "no more than 100 items"),
        (actions(select(option("x" * 76))), "less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]"),
        (actions(select(option(value="x" * 151))), "less than 151"),
        (actions(select(option(description=plain("x" * 76)))), "less than 76"),
        (actions(select(option(), option("Chad"))), "must be unique"),
        (actions(select(option(), initial_option=option("Malawi", "TCD"))), "to the letter"),
        (actions(select(option(), option_groups=[])), "only one"),
        (actions({"type": "static_select", "option_groups": [{"label": plain("x" * 76), "options": [option()]}]}), "less than 76"),
        (actions({"type": "static_select", "option_groups": [{"label": plain("A"), "options": [option("x" * 76)]}]}), "less than 76"),
        (actions(select(option(), placeholder=plain("x" * 151))), "less than 151"),
        (actions({"type": "overflow", "action_id": "o", "options": [option(value=str(n)) for n in range(6)]}), "no more than 5"),
        (actions({"type": "datepicker", "action_id": "d", "initial_date": "4 September"}), "2012-09-04"),
        (field({"type": "number_input", "action_id": "n"}), "is_decimal_allowed"),
        (field({"type": "plain_text_input", "action_id": "t", "max_length": 3001}), "between 1 and 3000"),
        (field({"type": "plain_text_input", "action_id": "t", "initial_value": "x" * 3001}), "less than 3001"),
        (field(button()), "unsupported type in input: button"),
        (field(label=mrkdwn("*Why*")), "must be one of plain_text"),
        (field({"type": "file_input", "action_id": "f"}), "file_input stands in modals alone"),
        ({"type": "markdown", "text": "x" * 12_001}, "less than 12001"),
    ],
)  # fmt: skip
def test_a_block_that_slack_refuses_is_refused_with_its_place_and_remembered(block: Any, words: str) -> None:
    breaches: list[str] = []
    with pytest.raises(Failure) as refused:
        linter.message(breaches, {"text": "card", "blocks": [block]})
    assert refused.value.code == "invalid_blocks"
    assert any(words in each for each in refused.value.more["response_metadata"]["messages"])
    assert any(words in each for each in breaches)


@pytest.mark.parametrize(
    ("text", "blocks", "code", "words"),
    [
        ("card", [section()] * 51, "invalid_blocks", "no more than 50 items"),
        (
            "card",
            [section(block_id="s"), section(block_id="s")],
            "invalid_blocks",
            "`block_id` s is that of two blocks",
        ),
        ("card", [section("x" * 2900)] * 5, "msg_blocks_too_long", "characters together"),
        ("card", [{"type": "markdown", "text": "x" * 6001}] * 2, "invalid_blocks", "12000 characters of markdown"),
        ("x" * 40_001, None, "msg_too_long", "less than 40001"),
    ],
)
def test_a_message_that_is_too_much_is_refused(text: str, blocks: Any, code: str, words: str) -> None:
    breaches: list[str] = []
    with pytest.raises(Failure) as refused:
        linter.message(breaches, {"text": text, "blocks": blocks})
    assert refused.value.code == code
    assert any(words in each for each in breaches)


@pytest.mark.parametrize("body", [{}, {"text": " "}, {"blocks": []}, {"text": None}])
def test_a_message_without_anything_is_none(body: Part) -> None:
    with pytest.raises(Failure, match="no_text"):
        linter.message([], body)


def test_blocks_that_are_no_list_are_refused() -> None:
    with pytest.raises(Failure, match="invalid_blocks_format"):
        linter.message([], {"text": "card", "blocks": "divider"})


@pytest.mark.parametrize(
    ("text", "blocks", "words"),
    [
        ("", [section()], "without a text"),
        ("Côte d'Ivoire & Mali", None, "& is neither escaped"),
        ("5 < 6", None, "< is neither escaped"),
        ("a > b", None, "> is neither escaped"),
        ("&copy; 2012", None, "& is neither escaped"),
        ("<script>alert(1)</script>", None, "< is neither escaped"),
        ("<javascript:alert(1)|here>", None, "< is neither escaped"),
        ("<!date^1346763600^{date}>", None, "< is neither escaped"),
        ("**Malawi**", None, "this is Markdown"),
        ("[Malawi](https://desk.test)", None, "this is Markdown"),
        ("card", [section("# Malawi")], "this is Markdown"),
        ("card", [actions(button(":white_check_mark:"))], "needs words"),
        ("card", [actions(button("\N{WHITE HEAVY CHECK MARK}"))], "needs words"),
        ("card", [{"type": "header", "text": plain(":tada:")}], "needs words"),
        ("card", [actions(select(option(":flag-mw:")))], "needs words"),
    ],
)
def test_what_slack_would_show_but_nobody_should_be_shown_is_remembered(text: str, blocks: Any, words: str) -> None:
    breaches: list[str] = []
    linter.message(breaches, {"text": text, "blocks": blocks})
    assert any(words in each for each in breaches)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("Côte d'Ivoire &amp; Mali: 5 &lt; 6 &gt; 4", None),
        ("*bold* _italic_ `code` <https://desk.test/a?b=1|here> <mailto:a@mission.test|write> <@U01ADA> <#C01DESK> <!here>", None),
        ("5 p.m. New York (<!date^1346763600^{date_short} {time}|5 p.m. New York>)", None),
        ("> quoted\n>> twice\n&gt;&gt; and escaped", None),
        ("2 * 3 ** 4, [sic] and #1540", None),
        ("card", [section(), {"type": "divider"}, {"type": "header", "text": plain("Malawi")}]),
        ("card", [section(accessory=button(":white_check_mark:", accessibility_label="Release the letter to Malawi"))]),
        ("card", [section(accessory={"type": "overflow", "action_id": "o", "options": [option()]})]),
        ("card", [actions(button(style="primary", value="a1"), select(option(), initial_option=option()))]),
        ("card", [section(accessory=button()), section(accessory=button())]),
        ("card", [{"type": "context", "elements": [mrkdwn("New York"), PICTURE]}]),
        ("card", [section(accessory=button(confirm=confirm()))]),
        ("card", [field(), field({"type": "datepicker", "action_id": "d", "initial_date": "2012-09-04"}, optional=True)]),
        ("card", [{"type": "section", "fields": [mrkdwn("*State*\nMalawi"), plain("due")]}]),
        ("card", [{"type": "markdown", "text": "**Malawi** [here](https://desk.test)"}]),
        ("card", [actions({"type": "external_select", "action_id": "e", "min_query_length": 1, "placeholder": plain("State")})]),
        ("card", [section("x" * 3000, block_id="x" * 255)]),
    ],
)  # fmt: skip
def test_what_keeps_the_rules_passes(text: str, blocks: Any) -> None:
    breaches: list[str] = []
    linter.message(breaches, {"text": text, "blocks": blocks})
    assert not breaches


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (modal(section(), title=plain("x" * 25)), "less than 25 characters [json-pointer:/view/title/text]"),
        ({"type": "modal", "blocks": [section()]}, "must be a text object [json-pointer:/view/title]"),
        (modal(section(), title=mrkdwn("Hold")), "must be one of plain_text"),
        (modal(section(), submit=plain("x" * 25)), "less than 25"),
        (modal(section(), close=plain("x" * 25)), "less than 25"),
        (modal(field()), "must define submit to use input block [json-pointer:/view/blocks/0/input]"),
        (modal(), "no less than 1 items"),
        (modal(*[section()] * 101), "no more than 100 items"),
        (modal(section(), private_metadata="x" * 3001), "less than 3001"),
        (modal(section(), callback_id="x" * 256), "less than 256"),
        (modal(section(), external_id="x" * 256), "less than 256"),
        (modal(section(block_id="s"), section(block_id="s")), "`block_id` s"),
        (modal(section(), colour="red"), "colour"),
        (
            modal(*[field({"type": "plain_text_input", "action_id": "t", "focus_on_load": True})] * 2, **SUBMIT),
            "focus_on_load",
        ),
        ({"type": "home", "blocks": [section()]}, "must be one of modal"),
    ],
)
def test_a_modal_that_slack_refuses_is_refused_and_remembered(view: Part, words: str) -> None:
    breaches: list[str] = []
    with pytest.raises(Failure) as refused:
        linter.view(breaches, view, "modal")
    assert refused.value.code == "invalid_arguments"
    assert any(words in each for each in breaches)


def test_a_view_beyond_250_kilobytes_is_too_large() -> None:
    view = modal(*[section("é" * 2900) for _ in range(90)])
    with pytest.raises(Failure, match="view_too_large"):
        linter.view([], view, "modal")


def test_a_home_has_neither_submit_nor_close() -> None:
    with pytest.raises(Failure, match="invalid_arguments"):
        linter.view([], {"type": "home", "blocks": [section()], "submit": plain("Send")}, "home")


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        (modal(section(), close=plain("Back"), notify_on_close=True, clear_on_close=False), "modal"),
        (
            modal(*[field(block_id=str(number)) for number in range(100)], **SUBMIT, private_metadata="x" * 3000),
            "modal",
        ),
        (
            modal(field({"type": "file_input", "action_id": "f", "filetypes": ["pdf"], "max_files": 3}), **SUBMIT),
            "modal",
        ),
        (modal(section(), actions({"type": "radio_buttons", "action_id": "r", "options": [option()]})), "modal"),
        ({"type": "home", "blocks": [section()], "private_metadata": "x", "callback_id": "home"}, "home"),
    ],
)
def test_a_view_that_keeps_the_rules_passes(view: Part, kind: str) -> None:
    breaches: list[str] = []
    linter.view(breaches, view, kind)
    assert not breaches


NAMES = (
    "type",
    "text",
    "elements",
    "element",
    "accessory",
    "options",
    "option_groups",
    "initial_option",
    "initial_options",
    "fields",
)
MORE = (
    "label",
    "value",
    "action_id",
    "block_id",
    "confirm",
    "blocks",
    "title",
    "submit",
    "max_length",
    "initial_value",
    "emoji",
)
KINDS = (
    "section",
    "actions",
    "context",
    "input",
    "image",
    "header",
    "button",
    "static_select",
    "checkboxes",
    "plain_text",
    "mrkdwn",
    "modal",
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.sampled_from(KINDS)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES + MORE), inner, max_size=6),
    max_leaves=25,
)


@given(ANYTHING)
def test_whatever_an_app_sends_is_refused_or_passes_and_nothing_else(body: Any) -> None:
    for check in (
        lambda: linter.message([], {"text": "card", "blocks": body}),
        lambda: linter.view([], body if isinstance(body, dict) else {"type": "modal", "blocks": body}, "modal"),
        lambda: linter.view([], {"type": "modal", "title": plain("Hold"), "blocks": [body]}, "modal"),
    ):
        with suppress(Failure):
            check()


def test_what_is_nested_to_break_its_reader_is_refused() -> None:
    deep: Part = {}
    for _ in range(500):
        deep = {"element": deep}
    with pytest.raises(Failure, match="invalid_blocks"):
        linter.message([], {"text": "card", "blocks": [deep]})
