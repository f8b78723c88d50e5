"""What the scripted app shows: a card, forms, Home, and one of every block and element that Slack takes."""

from typing import Any

Block = dict[str, Any]
PNG = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def words(text: str, **more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(text), **more}


def option(name: str, about: str = "") -> Block:
    return {"text": plain(name.capitalize()), "value": name} | ({"description": plain(about)} if about else {})


def button(action: str, label: str, **more: Any) -> Block:
    return {"type": "button", "action_id": action, "text": plain(label), "value": action, **more}


def asks(block: str, label: str, element: Block, **more: Any) -> Block:
    return {"type": "input", "block_id": block, "label": plain(label), "element": element, **more}


MARKDOWN = """## Markdown

A *word*, **strong**, `code`, [a page](https://desk.example/).

- one
- two

1. first

> said

```
as it is
```"""
CONFIRM = {
    "title": plain("Release 22 letters?"), "text": plain("They leave at once."), "confirm": plain("Release"), "deny": plain("Not yet"),
}  # fmt: skip
REMINDER: list[Block] = [
    {"type": "header", "text": plain("Reminder of first reports: 22 letters")},
    words("To each Permanent Mission. Goes on *Thu 6 September, 9 a.m. New York*, unless held."),
    {"type": "section", "fields": [mrkdwn("*Kind*\nfirst report"), mrkdwn("*Left out*\nMalawi (has reported)")]},
    {"type": "actions", "elements": [
        button("release", "Release", style="primary", confirm=CONFIRM),
        button("hold", "Hold…", accessibility_label="Hold the reminder of first reports"),
        button("cancel", "Cancel", style="danger"),
    ]},
    {"type": "context", "elements": [plain("9:01 a.m. New York · L-2012-0044")]},
]  # fmt: skip
HOME: Block = {"type": "home", "blocks": [
    {"type": "header", "text": plain("What waits")},
    {"type": "context", "elements": [plain("Tuesday 4 September 2012, New York.")]},
    words("• *First report from Malawi* S-2012-0017"),
    {"type": "actions", "elements": [button("accept", "Accept", style="primary"), button("hold", "Hold…")]},
]}  # fmt: skip
AS_TYPED = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}


def reason(*, told_as_typed: bool = False) -> Block:
    """What a button asks for; its fields tell what is typed as it is typed where that is wanted."""
    words = {"type": "plain_text_input", "action_id": "words", "multiline": True} | (AS_TYPED if told_as_typed else {})
    return REASON | {
        "blocks": [
            REASON["blocks"][0],
            asks("why", "Reason", words, hint=plain("a sentence"), dispatch_action=told_as_typed),
            *REASON["blocks"][1:],
        ]
    }


REASON: Block = {
    "type": "modal", "callback_id": "reason", "title": plain("Hold the reminder"), "submit": plain("Hold it"), "close": plain("Not now"),
    "notify_on_close": True,
    "blocks": [
        {"type": "context", "elements": [plain("It is shown to everybody who it was.")]},
        asks("note", "Note", {"type": "plain_text_input", "action_id": "note"}, optional=True),
        {"type": "actions", "elements": [button("deeper", "Show the letter")]},
    ],
}  # fmt: skip
DEEPER: Block = {
    "type": "modal",
    "title": plain("The letter"),
    "close": plain("Back"),
    "blocks": [words("Presents its compliments")],
}
FORM: Block = {
    "type": "modal", "callback_id": "form", "title": plain("A submission"), "submit": plain("Add it"), "close": plain("Close"),
    "blocks": [
        asks("party", "Party", {"type": "static_select", "action_id": "party", "options": [option("malawi"), option("chad")]}),
        asks("to", "To", {"type": "multi_static_select", "action_id": "to", "options": [option("mission"), option("capital")]}),
        asks("by", "By", {"type": "users_select", "action_id": "by"}, optional=True),
        asks("day", "Received", {"type": "datepicker", "action_id": "day", "initial_date": "2012-09-04"}),
        asks("at", "At", {"type": "timepicker", "action_id": "at"}, optional=True),
        asks("moment", "Moment", {"type": "datetimepicker", "action_id": "moment"}, optional=True),
        asks("handling", "Handling", {
            "type": "radio_buttons", "action_id": "handling", "options": [option("open"), option("members", "as the State chose")],
            "initial_option": option("open"),
        }),
        asks("also", "Also", {"type": "checkboxes", "action_id": "also", "options": [option("receipt"), option("card")]}, optional=True),
        asks("mail", "Address", {"type": "email_text_input", "action_id": "mail"}, optional=True),
        asks("page", "Page", {"type": "url_text_input", "action_id": "page"}, optional=True),
        asks("count", "Enclosures", {"type": "number_input", "action_id": "count", "is_decimal_allowed": False}, optional=True),
        asks("rich", "Remarks", {"type": "rich_text_input", "action_id": "rich"}, optional=True),
        asks("found", "Reference", {"type": "external_select", "action_id": "found", "min_query_length": 1}, optional=True),
        asks("files", "Documents", {"type": "file_input", "action_id": "files", "filetypes": ["pdf"], "max_files": 2}, optional=True),
    ],
}  # fmt: skip
GALLERY: list[Block] = [
    {"type": "header", "text": plain("One of everything")},
    words("Accessory: a button", accessory=button("beside", "Look")),
    words("Accessory: a picture", accessory={"type": "image", "image_url": PNG, "alt_text": "A blue dot"}),
    words("Accessory: more", accessory={"type": "overflow", "action_id": "more", "options": [option("export"), option("print")]}),
    words("Accessory: a menu", accessory={
        "type": "static_select", "action_id": "menu", "placeholder": plain("Choose a kind"),
        "option_groups": [{"label": plain("Reports"), "options": [option("first"), option("additional")]},
                          {"label": plain("Others"), "options": [option("request")]}],
    }),
    words("Accessory: several", accessory={
        "type": "multi_static_select", "action_id": "several", "placeholder": plain("Choose some"),
        "options": [option("one"), option("two")],
    }),
    {"type": "divider"},
    {"type": "actions", "elements": [
        button("likely", "Likely", style="primary"), button("drastic", "Drastic", style="danger"),
        button("page", "Open the page", url="https://desk.example/page"),
        {"type": "users_select", "action_id": "who", "placeholder": plain("Choose a person")},
        {"type": "channels_select", "action_id": "where", "placeholder": plain("Choose a channel")},
        {"type": "conversations_select", "action_id": "talk", "placeholder": plain("Choose a conversation")},
        {"type": "external_select", "action_id": "found", "placeholder": plain("Search a reference"), "min_query_length": 1},
        {"type": "datepicker", "action_id": "day", "placeholder": plain("A date")},
        {"type": "timepicker", "action_id": "time", "placeholder": plain("A time")},
        {"type": "datetimepicker", "action_id": "moment"},
        {"type": "radio_buttons", "action_id": "one", "options": [option("yes"), option("no")]},
        {"type": "checkboxes", "action_id": "some", "options": [option("red"), option("green")]},
    ]},
    {"type": "image", "image_url": "https://pictures.example/dot.png", "alt_text": "A dot from elsewhere", "title": plain("The dot")},
    {"type": "context", "elements": [{"type": "image", "image_url": PNG, "alt_text": "A dot"}, mrkdwn("small _print_")]},
    {"type": "markdown", "text": MARKDOWN},
    {"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [
            {"type": "text", "text": "Rich "}, {"type": "text", "text": "bold", "style": {"bold": True}},
            {"type": "user", "user_id": "U03BEN"},
            {"type": "link", "url": "https://desk.example/", "text": "a page"}, {"type": "emoji", "name": "bell"},
        ]},
        {"type": "rich_text_list", "style": "bullet", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "a point"}]},
        ]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a quote"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "as it is"}]},
    ]},
    {"type": "table", "rows": [
        [{"type": "raw_text", "text": "State"}, {"type": "raw_text", "text": "Letters"}],
        [{"type": "raw_text", "text": "Chad"}, {"type": "raw_text", "text": "2"}],
    ], "column_settings": [{"align": "left"}, {"align": "right"}]},
    {"type": "video", "title": plain("A briefing"), "video_url": "https://videos.example/v", "thumbnail_url": "https://videos.example/t.png",
     "alt_text": "Somebody speaks"},
]  # fmt: skip
