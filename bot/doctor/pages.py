"""The pages behind the links in letters: whether links go out, and who serves what they lead to."""

from ipaddress import ip_address

from bot.doctor.finding import Found, good, look
from bot.settings import Settings


def examine(settings: Settings) -> list[Found]:
    where = "{}:{}".format(*settings.listen) if settings.listen else ""
    if not settings.public_url:
        if not where:
            return [good("pages", "none: letters have no link, and entries are confirmed by reply")]
        said = f"VERBALE_LISTEN is {where}, and nothing is served there, for VERBALE_PUBLIC_URL is not set"
        return [look("pages", said, "set VERBALE_PUBLIC_URL=https://desk.example, or leave VERBALE_LISTEN out")]
    if settings.listen and not ip_address(settings.listen[0]).is_loopback:
        said = f"served at {where}, which others than this host's TLS proxy can reach without TLS"
        return [look("pages", said, "behind a proxy on this host: VERBALE_LISTEN=127.0.0.1:8542")]
    served = where or "127.0.0.1:8542, by a whole desk (verbale run); by a part of one only where VERBALE_LISTEN is set"
    return [good("pages", f"links lead to {settings.public_url}/t/…, served at {served}")]
