"""What the page's routes give out and take in, and what they refuse."""

import asyncio
import json
from typing import Any

import pytest

from tests.bot.local_slack.page import shown
from tests.bot.local_slack.page.desk import ADA, BEN, CHAIR, EVE, INTAKE, OUTGOING, Served
from tests.bot.local_slack.page.raw import Visitor

HTML = b"<script>alert(1)</script>"


async def test_a_person_sees_their_channels_and_nobody_elses(ada: Visitor) -> None:
    await ada.served.posts(CHAIR, text="for the Chair")
    hers, his = await ada.state(ADA), await ada.state(BEN)
    assert {each["id"] for each in hers["channels"]} == {INTAKE, OUTGOING, f"D{ADA[1:]}"}
    assert "for the Chair" not in json.dumps(hers)
    assert "for the Chair" in json.dumps(his)


async def test_the_first_person_is_looked_at_where_nobody_is_named(ada: Visitor) -> None:
    async with await ada.gets("/page/state") as answer:
        assert (await answer.json())["me"]["id"] == ADA


@pytest.mark.parametrize("who", ["U0NOBODY", "USLACKBOT", "U01VERBALE", "%00"])
async def test_nobody_acts_as_who_is_no_person_of_the_workspace(ada: Visitor, who: str) -> None:
    for path in (f"/page/state?as={who}", f"/page/stream?as={who}", f"/page/files/F1?as={who}"):
        async with await ada.gets(path) as answer:
            assert answer.status == 404
    assert (await ada.acts("reads", who, channel=INTAKE))[1]["error"] == "user_not_found"


async def test_the_commands_and_their_words_are_suggested_from_the_manifest(ada: Visitor) -> None:
    [suggestion] = (await ada.state())["suggestions"]
    assert suggestion == {
        "command": "/1540", "about": "Work at the correspondence desk", "words": ["help", "due", "mail", "letter"],
    }  # fmt: skip


async def test_what_happens_is_streamed_as_it_happens(ada: Visitor) -> None:
    seq = ada.served.workspace.log.seq
    async with ada.follows(f"as={ADA}&after={seq}") as stream:
        ts = await ada.served.posts(text="hello")
        number, piece = await stream.next()
        assert number == seq + 1
        assert piece["kind"] == "channel"
        assert piece["channel"]["unread"] == 1
        assert [(each["ts"], each["text"]) for each in piece["messages"]] == [(ts, "hello")]


async def test_a_browser_that_comes_back_misses_nothing_and_sees_nothing_twice(ada: Visitor) -> None:
    seq = ada.served.workspace.log.seq
    for text in ("one", "two", "three"):
        await ada.served.posts(text=text)
    async with ada.follows(f"as={ADA}&after={seq}") as stream:
        first, _ = await stream.next()
    async with ada.follows(f"as={ADA}&after={seq}", Last_Event_ID=str(first)) as stream:
        pieces = [(await stream.next())[1] for _ in range(2)]
    assert [piece["messages"][0]["text"] for piece in pieces] == ["two", "three"]


async def test_a_number_that_this_server_never_gave_means_to_look_anew(ada: Visitor) -> None:
    """The desk was started again, or somebody plays: the loop that waits for that number would wait without a pause."""
    async with ada.follows(f"as={ADA}&after=999999999") as stream:
        assert (await stream.next())[1] == {"kind": "anew"}
        await ada.served.posts(text="hello")
        assert (await stream.next())[1]["messages"][0]["text"] == "hello"


@pytest.mark.parametrize("after", ["x", "-1", "1e9", "%D9%A3", "9" * 400, "1.0"])
async def test_a_number_that_is_none_is_refused(ada: Visitor, after: str) -> None:
    async with await ada.gets(f"/page/stream?as={ADA}&after={after}") as answer:
        assert answer.status == 404


async def test_who_is_far_behind_is_told_to_look_anew(ada: Visitor) -> None:
    log = ada.served.workspace.log
    first = log.entries[0].seq
    log.entries.popleft()
    async with ada.follows(f"as={ADA}&after={first - 1}") as stream:
        assert (await stream.next())[1] == {"kind": "anew"}


async def test_a_stream_shows_nobody_what_is_anothers(ada: Visitor) -> None:
    served = ada.served
    seq = served.workspace.log.seq
    await served.posts(CHAIR, text="for the Chair")
    await served.calls("chat.postEphemeral", channel=INTAKE, user=BEN, text="for Ben")
    await served.posts(text="for all")
    async with ada.follows(f"as={ADA}&after={seq}") as stream:
        assert (await stream.next())[1]["messages"][0]["text"] == "for all"


async def test_a_reply_comes_within_the_message_that_it_answers(ada: Visitor) -> None:
    ts = await ada.served.posts(text="a card")
    seq = ada.served.workspace.log.seq
    await ada.served.posts(text="a reply", thread_ts=ts)
    async with ada.follows(f"as={ADA}&after={seq}") as stream:
        [message] = (await stream.next())[1]["messages"]
    assert [each["text"] for each in message["replies"]] == ["a reply"]


async def test_what_was_deleted_is_named(ada: Visitor) -> None:
    ts = await ada.served.posts(text="a card")
    seq = ada.served.workspace.log.seq
    await ada.served.calls("chat.delete", channel=INTAKE, ts=ts)
    async with ada.follows(f"as={ADA}&after={seq}") as stream:
        assert (await stream.next())[1]["gone"] == ts


async def test_a_stream_ends_with_the_server_and_not_before(served: Served, ada: Visitor) -> None:
    async with await ada.gets(f"/page/stream?as={ADA}&after={served.workspace.log.seq}") as answer:
        served.workspace.log.close()
        async with asyncio.timeout(10):
            assert await answer.content.read() == b"retry: 1000\n\n"


async def test_a_file_is_saved_and_never_run(ada: Visitor) -> None:
    workspace = ada.served.workspace
    file = workspace.shelf.add(ADA, 'résumé "a"\r\n.html', HTML)
    async with await ada.gets(f"/page/files/{file.id}?as={ADA}") as answer:
        assert answer.status == 200
        assert await answer.read() == HTML
        assert (
            answer.headers["Content-Disposition"]
            == "attachment; filename*=UTF-8''r%C3%A9sum%C3%A9%20%22a%22%0D%0A.html"
        )
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_picture_keeps_its_kind_and_a_drawing_that_can_hold_a_script_does_not(ada: Visitor) -> None:
    shelf = ada.served.workspace.shelf
    for name, kind in (("dot.png", "image/png"), ("dot.svg", "application/octet-stream")):
        async with await ada.gets(f"/page/files/{shelf.add(ADA, name, b'x').id}?as={ADA}") as answer:
            assert answer.content_type == kind
            assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_a_file_is_given_to_who_sees_it_alone(ada: Visitor) -> None:
    served = ada.served
    file = served.workspace.shelf.add(served.workspace.app.bot_user, "letters.csv", b"a,b")

    async def seen_by(who: str) -> bool:
        async with await ada.gets(f"/page/files/{file.id}?as={who}") as answer:
            return answer.status == 200

    assert not await seen_by(ADA)
    await served.posts(OUTGOING, text="a letter", blocks=[
        {"type": "image", "slack_file": {"id": file.id}, "alt_text": "The letters"},
    ])  # fmt: skip
    assert await seen_by(ADA)
    assert not await seen_by(EVE)


async def test_a_file_is_brought_under_a_name_that_is_one(ada: Visitor) -> None:
    async def brings(name: str) -> dict[str, Any]:
        address = f"{ada.served.url}/page/files"
        async with ada.session.post(
            address, params={"as": ADA, "name": name}, data=b"x", headers={"Origin": ada.served.url}
        ) as answer:
            return dict(await answer.json())

    kept = await brings("report.pdf")
    assert kept["file"]["name"] == "report.pdf"
    assert ada.served.workspace.shelf.get(kept["file"]["id"]).user == ADA
    for name in ("", "a\nb", "x" * 256, "\x00"):
        assert (await brings(name))["error"] == "invalid_name"


async def test_a_message_stands_at_once_though_no_app_hears_of_it(ada: Visitor) -> None:
    assert await ada.acts("types", channel=INTAKE, text="good morning") == (200, {"ok": True})
    [message] = ada.served.workspace.messages[INTAKE].values()
    assert (message.user, message.text) == (ADA, "good morning")


async def test_a_command_without_an_app_is_answered_as_slack_does(ada: Visitor) -> None:
    await ada.acts("types", channel=INTAKE, text="/1540 help")
    [message] = ada.served.workspace.messages[INTAKE].values()
    assert "dispatch_failed" in message.text
    assert message.ephemeral_to == ADA


BAD: list[tuple[dict[str, Any], str]] = [
    ({"act": "types", "channel": CHAIR, "text": "hello"}, "channel_not_found"),
    ({"act": "types", "channel": INTAKE, "text": "  "}, "no_text"),
    ({"act": "types", "channel": INTAKE, "text": "x" * 40_001}, "msg_too_long"),
    ({"act": "types", "channel": INTAKE, "text": ["x"]}, "invalid_arguments"),
    ({"act": "types", "channel": INTAKE, "text": "\ud800"}, "invalid_arguments"),
    ({"act": "types", "channel": INTAKE, "text": "x", "thread": "1.1"}, "invalid_thread_ts"),
    ({"act": "reads", "channel": CHAIR}, "channel_not_found"),
    ({"act": "presses", "channel": CHAIR, "ts": "1.1", "action": "a"}, "message_not_found"),
    ({"act": "presses", "channel": INTAKE, "ts": "1.1", "action": "a"}, "message_not_found"),
    ({"act": "presses", "view": "V0", "action": "a"}, "message_not_found"),
    ({"act": "presses", "view": {}, "action": "a"}, "invalid_arguments"),
    ({"act": "looks_for", "view": "V0", "action": "a", "typed": "x"}, "message_not_found"),
    ({"act": "submits", "view": "V0"}, "view_not_found"),
    ({"act": "opens_home", "tab": "about"}, "invalid_tab"),
    ({"act": "closes", "all": "yes"}, "invalid_arguments"),
    ({"act": "erases"}, "unknown_act"),
    ({}, "unknown_act"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "error"), BAD)
async def test_what_cannot_be_done_is_refused_and_changes_nothing(
    ada: Visitor, given: dict[str, Any], error: str
) -> None:
    before = ada.served.workspace.snapshot(ADA)
    status, answer = await ada.posts(json.dumps({"as": ADA} | given).encode())
    assert (status, answer) == (409, {"ok": False, "error": error})
    assert ada.served.workspace.snapshot(ADA) == before


VALUES: list[Any] = [True, 1.5, {"type": "x"}, ["x", 1], ["x"] * 201, [["x"]], "x" * 40_001]


@pytest.mark.parametrize("value", VALUES)
async def test_a_value_that_no_field_has_is_refused(ada: Visitor, value: Any) -> None:
    ts = await ada.served.posts(text="a card", blocks=shown.REMINDER)
    place = {"channel": INTAKE, "ts": ts, "action": "release"}
    assert (await ada.acts("presses", **place, chosen=value))[0] == 409
    assert (await ada.acts("presses", **place, entries={"why": value}))[0] == 409
    assert (await ada.acts("presses", **place, entries=[value]))[0] == 409


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"null", b"\xff", b"[" * 100_000, b'"as"'])
async def test_what_is_no_act_at_all_is_refused(ada: Visitor, body: bytes) -> None:
    assert (await ada.posts(body))[0] == 409


async def test_an_act_that_is_too_large_is_refused_unread(ada: Visitor) -> None:
    assert (await ada.posts(b" " * 1_000_001))[0] == 413

    async def drops() -> Any:
        yield b"{}"

    headers = {"Origin": ada.served.url, "Content-Type": "application/json"}
    async with ada.session.post(f"{ada.served.url}/page/acts", data=drops(), headers=headers) as answer:
        assert answer.status == 413


async def test_what_is_ephemeral_to_another_cannot_be_pressed(ada: Visitor) -> None:
    answer = await ada.served.calls(
        "chat.postEphemeral", channel=INTAKE, user=BEN, text="for Ben", blocks=shown.REMINDER
    )
    place = {"channel": INTAKE, "ts": answer["message_ts"], "action": "release"}
    assert (await ada.acts("presses", **place))[1]["error"] == "message_not_found"
