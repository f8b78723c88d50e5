"""What a story says of mail: when our server had it, that it was kept, whose it is, and what it became."""

from collections.abc import Iterator
from itertools import accumulate

from committee.audit import Entry
from committee.calendar import written_moment
from committee.cards import EventCard
from committee.counting import counted
from committee.filing import FILED
from committee.letters import Enclosure
from committee.mail import Mail, MailState
from committee.story import Known, Line, Trace, changed_in
from committee.submissions import SAID, Kind, Submission

ARRIVED = "submission-arrived"
BY_AN_OFFICER = {"mail assign", "mail once", "mail refuse"}
_AUTHENTICATED = {
    True: "authenticated",
    False: "not authenticated",
    None: "not authenticated, since our server's results are not set",
}


def of_arrivals(entry: Entry, known: Known, trace: Trace) -> Iterator[str]:
    """The sentences of one entry about mails, and about the submissions that it numbered."""
    for key in changed_in(entry, "mail"):
        if mail := known.mails.get(key):
            yield from _of_mail(mail, entry, known, trace)
    for key in changed_in(entry, "submissions"):
        submission = known.submissions.get(key)
        if submission and entry.doing == "submission add" and trace.made("submissions", key, entry):
            yield _by_hand(submission, known)


def coming(mail: Mail) -> Line | None:
    """The line of the moment at which our server had it, where that was before it was kept."""
    if mail.came_at is None or mail.came_at >= mail.kept_at:
        return None
    said = f"Our mail server had {mail.key}: so says {mail.came_by}."
    return Line(mail.came_at, "our mail server", "mail came", mail.key, said)


def kind_at_first(submission: Submission, known: Known) -> Kind | None:
    """What it was numbered as; None where that is on record no longer."""
    if not any(decision.what == "reclassify" for decision in submission.decisions):
        return submission.kind
    said = [card.fields.get("kind") for card in _arrivals(submission, known)[:1]]
    return Kind(said[0]) if said and said[0] else None


def _of_mail(mail: Mail, entry: Entry, known: Known, trace: Trace) -> Iterator[str]:
    if entry.doing == "mail kept":
        yield f"{mail.key} was kept: {counted(mail.size, 'byte')}.{_counts_from(mail)}"
        if trace.left("mail", mail.key, entry):
            yield _became(mail, entry, known)
    elif entry.doing == "mail handling":
        words = entry.words or {}
        before = f"from {words['before']} " if "before" in words else ""
        yield f"The handling of {mail.key} was set {before}to {words.get('now', mail.handling)}."
    elif entry.doing == "mail refuse":
        yield f"{mail.key} is not theirs, an officer says: it stays kept, and nothing is made of it."
    elif entry.doing in BY_AN_OFFICER:
        kept = "and keeps the address" if entry.doing == "mail assign" else "this once"
        yield f"{mail.key} is {known.named(mail.party or '')}'s, an officer says, {kept}."
        yield _became(mail, entry, known)
    elif any(later.doing in BY_AN_OFFICER and later.seq > entry.seq for later in trace.of("mail", mail.key)):
        yield f"{mail.key} was set aside for an officer; no receipt went out."
    else:
        yield _became(mail, entry, known)


def _counts_from(mail: Mail) -> str:
    if mail.came_at is None:
        return ""
    if mail.came_at >= mail.kept_at:
        return f" It counts as come then: so says {mail.came_by}."
    return f" It counts as come on {written_moment(mail.came_at)}."


def _became(mail: Mail, entry: Entry, known: Known) -> str:  # noqa: PLR0911 - one line for each way
    if mail.state is MailState.SET_ASIDE:
        return f"{mail.key} was set aside: {mail.reason}. No receipt went out."
    if mail.kind == FILED:
        return _filed(mail, known)
    submission = known.submissions.get(mail.submission or "")
    answers = known.reference(mail.answers)
    if submission is None and mail.answers:
        return (
            f"{mail.key} is the answer of {known.named(mail.party or '')} to {answers}: {mail.submission or mail.kind}."
        )
    if mail.kind == "identical" or submission is None:
        known_as = f", {mail.kind}" if mail.kind else ""
        return _ended(f"{mail.key} was recorded{known_as}: {mail.reason or mail.state}")
    unanswered = f" {mail.reason}" if mail.reason else ""
    if mail.answers:
        unanswered += f" It answers {answers}."
    if mail.kind == "again":
        return _ended(f"{mail.key} has the same enclosures as {submission.key}: {mail.reason}")
    if mail.kind == "answer":
        return f"{mail.key} was added to {submission.key}: {_enclosed(submission, entry, known)}.{unanswered}"
    kind = kind_at_first(submission, known)
    named = f": {kind.words}" if kind else ""
    sender = f"from {known.named(submission.party)} ({mail.sender}); {_AUTHENTICATED[mail.authenticated]}"
    enclosed = _enclosed(submission, entry, known)
    return f"{mail.key} was numbered {submission.key}{named}, {sender}; {enclosed}.{_subject(submission, known)}{unanswered}"


def _filed(mail: Mail, known: Known) -> str:
    under = f", under {mail.submission}" if mail.submission else ""
    answers = f" It answers {mail.answers}." if mail.answers else ""
    return f"{mail.key} was filed: {known.named(mail.filed_by)} sent it by hand to {known.named(mail.party or '')}{under}.{answers}"


def _by_hand(submission: Submission, known: Known) -> str:
    kind = kind_at_first(submission, known)
    named = f": {SAID[kind]}" if kind else ""
    files = "" if submission.mails else f"; {_counted(submission.files)}{_names(submission, submission.files, known)}"
    return f"{submission.key} was numbered by hand{named}, from {known.named(submission.party)}{files}."


def _subject(submission: Submission, known: Known) -> str:
    shown = submission.subject and known.is_open(submission)
    return f" Its subject: “{submission.subject}”." if shown else ""


def _enclosed(submission: Submission, entry: Entry, known: Known) -> str:
    """How many enclosures the mail of this entry brought, by its card; by name only where they are open."""
    arrivals = _arrivals(submission, known)
    counts = [int(card.fields.get("enclosures", 0)) for card in arrivals]
    place = next((n for n, card in enumerate(arrivals) if card.key in changed_in(entry, "cards")), None)
    if place is None:
        return (
            _counted(submission.files) if len(submission.mails) == 1 else "its enclosures are not on record one by one"
        )
    size = counted(int(arrivals[place].fields.get("bytes", 0)), "byte")
    start = [0, *accumulate(counts)][place]
    exact = place == 0 or sum(counts) == len(submission.files)  # else a file came twice, and whose it is cannot be said
    names = _names(submission, submission.files[start : start + counts[place]], known) if exact else ""
    return f"{counted(counts[place], 'enclosure')}, {size}{names}"


def _arrivals(submission: Submission, known: Known) -> list[EventCard]:
    """The cards of what arrived for it, the first mail's first; one that was noted by hand counts nothing."""
    cards = [card for card in known.cards.values() if card.about == submission.key and card.kind == ARRIVED]
    return sorted((card for card in cards if "enclosures" in card.fields), key=lambda card: card.at)


def _counted(files: tuple[Enclosure, ...]) -> str:
    return f"{counted(len(files), 'enclosure')}, {counted(sum(file.size for file in files), 'byte')}"


def _names(submission: Submission, files: tuple[Enclosure, ...], known: Known) -> str:
    shown = ", ".join(file.name for file in files) if known.is_open(submission) else ""
    return f": {shown}" if shown else ""


def _ended(sentence: str) -> str:
    return f"{sentence.rstrip('.')}."
