"""Chat: whether Slack takes both tokens, and whether the app may do what the desk does; nothing is posted."""

from bot.doctor.finding import Found, good, wrong
from bot.settings import Settings, WrongSetting
from mailflows.desk import Desk


async def examine(desk: Desk, settings: Settings) -> list[Found]:
    """One row where there is no chat, else one for each token."""
    try:
        if not settings.chats:
            return [good("chat", "none: neither SLACK_BOT_TOKEN nor SLACK_APP_TOKEN is set")]
        from bot.slack import checks, client  # noqa: PLC0415 - Slack's libraries need not be loaded for desks without chat

        way = client.access(settings, practice=desk.facts.practice)
    except WrongSetting as mistake:
        return [wrong("chat", str(mistake), "put it right, and look again: verbale doctor")]
    if way is None:
        return []
    async with client.connected(way) as slack:
        found = await checks.examine(slack, way, settings.slack_command)
    return [wrong(one.what, one.found, one.to_do) if one.to_do else good(one.what, one.found) for one in found]
