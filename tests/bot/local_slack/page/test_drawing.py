"""What is drawn of blocks and of mrkdwn, and that nothing in them is obeyed."""

from typing import Any

import pytest
from playwright.async_api import expect

from bot.local_slack.messages import Message
from tests.bot.local_slack.page import shown
from tests.bot.local_slack.page.browser import Screen
from tests.bot.local_slack.page.desk import ADA, INTAKE

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="session")]
DRAWN = """const { mrkdwn } = await imported("mrkdwn"); const box = document.createElement("div");
  for (const node of mrkdwn(given.text, given)) box.append(node); return [box.innerHTML, box.textContent];"""
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'<svg/onload=alert(1)>&lt;b&gt;{{7*7}}</textarea>"


def mention(name: str) -> str:
    return f'<span class="mention">{name}</span>'


async def drawn(screen: Screen, text: str, **how: Any) -> str:
    return str((await screen.runs(DRAWN, {"text": text} | how))[0])


@pytest.mark.parametrize(("text", "html"), [
    ("*bold* _it_ ~out~ `co*de*`", "<strong>bold</strong> <em>it</em> <s>out</s> <code>co*de*</code>"),
    ("*bold _and it_*", "<strong>bold <em>and it</em></strong>"),
    ("john_doe@mission.example and 2*3*4", "john_doe@mission.example and 2*3*4"),
    ("* no* bold, ** none", "* no* bold, ** none"),
    ("&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;"),
    ("a\nb", "a<br>b"),
    ("&gt; one\n&gt; two\nthree", "<blockquote>one<br>two</blockquote>three"),
    (">>> one\ntwo", "<blockquote>one<br>two</blockquote>"),
    ("```\n*as* it <is>```after", "<pre>*as* it &lt;is&gt;</pre>after"),
    ("```unclosed", "```unclosed"),
    ("<@U03BEN> in <#C01INTAKE> <#C99|elsewhere> <!here>",
     f"{mention('@Ben Cole')} in {mention('#intake')} {mention('#elsewhere')} {mention('@here')}"),
    ("<!date^1346763600^{date_long}, {time}|Tuesday>", '<span class="date" title="Tuesday">Tuesday, September 4, 2012, 9:00 a.m.</span>'),
    (":bell: :no_such_sign: 10:30:45", "🔔 :no_such_sign: 10:30:45"),
    ("<nothing|known> 1 < 2 > 0", "&lt;nothing|known&gt; 1 &lt; 2 &gt; 0"),
])  # fmt: skip
async def test_mrkdwn_is_drawn_as_slack_draws_it(screen: Screen, text: str, html: str) -> None:
    assert await drawn(screen, text, verbatim=True) == html


async def test_a_link_leads_to_a_page_or_a_letter_and_takes_nothing_along(screen: Screen) -> None:
    link = '<a href="https://desk.example/a?b=1&amp;c" target="_blank" rel="noopener noreferrer">a page</a>'
    assert await drawn(screen, "<https://desk.example/a?b=1&amp;c|a page>") == link
    assert 'href="mailto:desk@1540.example"' in await drawn(screen, "<mailto:desk@1540.example|desk@1540.example>")
    for address in (
        "javascript:alert(1)",
        "data:text/html,x",
        "JaVaScRiPt:alert(1)",
        "//evil.example",
        "vbscript:x",
        "file:///etc/passwd",
    ):
        assert "<a" not in await drawn(screen, f"<{address}|here> <{address}>", verbatim=True)


async def test_an_address_becomes_a_link_by_itself_unless_it_is_verbatim(screen: Screen) -> None:
    text = "see https://desk.example/a_b_c."
    assert "</a>." in await drawn(screen, text)
    assert await drawn(screen, text, verbatim=True) == text


@pytest.mark.parametrize(
    "piece", ["*", "_a", "<", "`", "*a _b ~c ", "&lt;", "> ", "```", "<@", "<!date^1^", "@a ", ":a", "https://", "\n>"]
)
async def test_what_is_long_and_hostile_is_drawn_in_a_moment(screen: Screen, piece: str) -> None:
    """Ten times what a message may hold: a quadratic reading of it takes minutes, and the limit of a call's time ends it."""
    text = piece * (400_000 // len(piece))
    html, words = await screen.runs(DRAWN, {"text": text})
    assert html
    assert len(words) <= len(text)


async def test_nothing_that_is_said_is_obeyed_wherever_it_stands(screen: Screen) -> None:
    desk, text = screen.desk, {"type": "plain_text", "text": HOSTILE[:70]}
    workspace = desk.workspace
    file = workspace.shelf.add(workspace.app.bot_user, f"{HOSTILE[:60]}.png", b"<script>")
    blocks = (
        {"type": "header", "text": text},
        {"type": "section", "text": {"type": "mrkdwn", "text": HOSTILE}, "fields": [text, {"type": "mrkdwn", "text": HOSTILE}],
         "accessory": {"type": "image", "image_url": "javascript:alert(1)", "alt_text": HOSTILE}},
        {"type": "actions", "elements": [
            {"type": "button", "action_id": "a", "text": text, "url": "javascript:alert(1)", "accessibility_label": HOSTILE},
            {"type": "overflow", "action_id": "b", "options": [{"text": text, "value": HOSTILE, "url": "javascript:alert(1)"}]},
            {"type": "static_select", "action_id": "c", "placeholder": text, "options": [{"text": text, "value": HOSTILE}]},
        ]},
        {"type": "markdown", "text": f"{HOSTILE}\n[a](javascript:alert(1)) ![b](https://evil.example/x.png)"},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "text", "text": HOSTILE}, {"type": "link", "url": "javascript:alert(1)", "text": HOSTILE},
        ]}]},
        {"type": "video", "title": text, "title_url": "javascript:alert(1)", "alt_text": HOSTILE, "video_url": "javascript:alert(1)"},
        {"type": HOSTILE},
    )  # fmt: skip
    workspace.post(Message(INTAKE, workspace.app.bot_user, HOSTILE, blocks, files=(file.id,)))
    workspace.post(Message(INTAKE, ADA, HOSTILE))
    workspace.channel(INTAKE, HOSTILE, workspace.channels[INTAKE].members)
    await screen.desk.calls("views.publish", user_id=ADA, view=shown.HOME)
    await expect(screen.log.get_by_role("article")).to_have_count(2)
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    await screen.page.reload()
    await expect(screen.log.get_by_role("article")).to_have_count(2)
    assert await screen.page.evaluate(FOUND) == []
    assert [each for each in asked if not each.startswith((desk.url, "data:"))] == []


FOUND = """[...document.querySelectorAll("*")].flatMap((each) => [...each.attributes].map(({ name, value }) => [each.tagName, name, value]))
  .filter(([tag, name, value]) => name.startsWith("on") || name === "style" || name === "srcdoc" || /^\\s*javascript:/i.test(value)
    || (tag === "SCRIPT" && !value.startsWith("/page/") && name === "src") || ["IFRAME", "OBJECT", "EMBED"].includes(tag))"""


async def test_every_block_is_drawn_and_none_is_left_out(screen: Screen) -> None:
    await screen.desk.posts(text="gallery", blocks=shown.GALLERY)
    card = screen.card("One of everything")
    await expect(card).not_to_contain_text("not shown here")
    await expect(card.get_by_role("img", name="A blue dot")).to_be_visible()
    await expect(card).to_contain_text("Picture A dot from elsewhere")
    await expect(card.get_by_role("link", name="A dot from elsewhere")).to_have_attribute("rel", "noopener noreferrer")
    await expect(card.get_by_role("link", name="Open the page")).to_have_attribute("href", "https://desk.example/page")
    await expect(card.get_by_role("columnheader")).to_have_text(["State", "Letters"])
    await expect(card.get_by_role("heading", name="Markdown")).to_be_visible()
    await expect(card.get_by_role("listitem")).to_have_text(["one", "two", "first", "a point"])
    await expect(card).to_contain_text("@Ben Cole")


async def test_a_picture_of_the_desks_own_is_shown_and_one_from_elsewhere_is_not_fetched(screen: Screen) -> None:
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
    workspace = screen.desk.workspace
    file = workspace.shelf.add(workspace.app.bot_user, "dot.png", png)
    picture = {"type": "image", "slack_file": {"id": file.id}, "alt_text": "A dot"}
    await screen.desk.posts(text="a dot", blocks=[picture])
    shown_one = screen.log.get_by_role("img", name="A dot")
    await expect(shown_one).to_have_js_property("naturalWidth", 1)


async def test_a_message_of_somebody_who_has_left_and_one_without_words_are_drawn(screen: Screen) -> None:
    screen.desk.workspace.post(Message(INTAKE, "U99GONE", ""))
    await expect(screen.log.get_by_role("article", name="Somebody who has left")).to_be_visible()


async def test_a_guest_and_a_shared_channel_are_marked_in_words(screen: Screen) -> None:
    from bot.local_slack.people import User

    workspace = screen.desk.workspace
    workspace.person(User("U88PAT", "pat", "Pat Grey", "T99ELSE", is_restricted=True))
    workspace.channel(INTAKE, "intake", workspace.channels[INTAKE].members | {"U88PAT"})
    workspace.post(Message(INTAKE, "U88PAT", "good morning"))
    await expect(screen.card("good morning")).to_contain_text("guest")
    await expect(screen.page.get_by_role("link", name="intake")).to_contain_text("shared")
    await screen.page.get_by_role("button", name="You are").click()
    await expect(screen.page.get_by_role("option", name="Pat Grey")).to_contain_text("guest, of another workspace")
