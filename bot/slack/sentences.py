"""What is said in chat when something is not done: what happened, what was kept, what to do next; never a traceback."""

from collections.abc import Mapping

from bot.door import place_of
from bot.slack import limits
from bot.slack.drawing import Message, draw
from committee.calendar import written_moment
from committee.cards import Card, Page
from committee.chat import Heard
from committee.errors import Refused, Unavailable
from mailflows.logs import log

WORKING = draw(Card("Working on it", "This takes a little longer; the answer follows here."))
GONE = draw(
    Card(
        "Ask again",
        "This answer is no longer kept, or it was somebody else's. Type the command again for a new one.",
        ok=False,
    )
)
TOO_LATE = draw(
    Card(
        "The form did not open",
        "Slack lets a form be opened within three seconds only. Nothing was changed; press or type it again.",
        ok=False,
    )
)
OLD = draw(
    Card(
        "Not known any more",
        "This button or form is from another version of the desk. Nothing was changed; ask for it anew: cards.",
        ok=False,
    )
)


SENT_AS_FILE = draw(Card("Sent", "The file is in your own messages with the desk."))


def wrong(fields: Mapping[str, str]) -> Message:
    """A form that was looked at for long, and is wrong."""
    said = " ".join(f"{name.capitalize()}: {words}" for name, words in fields.items())
    return draw(Card("Not done", f"{said} What you had filled in is kept: open the form again.", ok=False))


def too_long(label: str, value: str) -> Message:
    """What was typed and does not fit into a form, given back whole; only whoever typed it sees it."""
    said = (
        f"{label}: this has {len(value):,} characters, and a form holds {limits.TYPED:,}; its end is left out there. Nothing "
        "was changed. Here is the whole: shorten it, or send it as a file or at the terminal."
    )
    return draw(Card("More than a form holds", said, page=Page((), value), ok=False))


def not_sent(error: Exception) -> Message:
    log.warning("file not sent", error=type(error).__name__)
    return draw(
        Card(
            "Not sent",
            f"Slack did not take the file ({type(error).__name__}). Nothing was changed; press again.",
            ok=False,
        )
    )


def unforeseen(error: BaseException) -> Message:
    """Logged with its place, said without anybody's words."""
    place = place_of(error) if isinstance(error, Exception) else "an unknown place"
    log.error("unforeseen in chat", error=type(error).__name__, place=place)
    return draw(
        Card(
            "Not done",
            f"Something unforeseen went wrong in {place} ({type(error).__name__}). What was committed is safe. "
            "To see what was done: log. Then try again, and tell the administrator if it stays.",
            ok=False,
        )
    )


def trouble(error: BaseException) -> Message:
    """What a person is told of it: our own refusals in their own words, anything else as unforeseen."""
    if isinstance(error, Refused):
        return draw(Card("Refused", str(error), ok=False))
    if isinstance(error, Unavailable):
        return draw(Card("Not now", f"{error}. Try again later.", ok=False))
    return unforeseen(error)


def already_done(heard: Heard) -> Message:
    return draw(
        Card(
            "Done already",
            f"This was carried out {written_moment(heard.at)}, and Slack has brought it once more: nothing was done now. "
            "To see what it did: log.",
            ok=False,
        )
    )
