"""Of a mail, a submission or a letter that was found, what may be shown in one line: its subject only where it is open."""

from contextlib import suppress

from committee.errors import Refused
from committee.letters import Letter
from committee.mail import Mail
from committee.search import Found
from committee.submissions import Submission
from mailflows import rendering
from mailflows.desk import Desk
from mailflows.indexing import LETTER, MAIL, SUBMISSION
from mailflows.records import Records
from storage.index import Hit


async def found_in(hit: Hit, records: Records, desk: Desk) -> Found | None:
    """The row of one hit; None where it has gone meanwhile."""
    is_open = records.may_be_read(hit)
    if hit.kind == SUBMISSION and (submission := records.submissions.get(hit.key)):
        return _submission(submission, is_open=is_open)
    if hit.kind == MAIL and (mail := records.mails.get(hit.key)):
        of = records.submissions.get(mail.submission or "")
        return _mail(mail, of, is_open=is_open)
    if hit.kind == LETTER and (letter := records.letters.get(hit.key)):
        subject = await _subject(letter, desk) if is_open else ""
        return Found(
            LETTER, letter.key, letter.party, letter.queued_at, _line(f"{letter.reference}, {letter.kind}", subject)
        )
    return None


def _submission(one: Submission, *, is_open: bool) -> Found:
    said = one.subject if is_open else _to_read(one.mails[-1]) if one.mails else ""
    return Found(SUBMISSION, one.key, one.party, one.received, _line(f"{one.kind.words}, {one.state}", said))


def _mail(mail: Mail, of: Submission | None, *, is_open: bool) -> Found:
    began = of is not None and of.mails[:1] == (mail.key,)  # the subject on record is that of the first mail
    subject = of.subject if of and began and is_open else ""
    perhaps = f"perhaps {mail.proposed}" if mail.proposed and not mail.party else ""
    about = ", ".join(filter(None, (mail.kind, mail.state, mail.submission, perhaps)))
    return Found(MAIL, mail.key, mail.party, mail.came_at or mail.kept_at, _line(about, subject or _to_read(mail.key)))


def _to_read(mail: str) -> str:
    return f"to read it: mail {mail} show"


def _line(about: str, more: str) -> str:
    return f"{about}; {more}" if more else about


async def _subject(letter: Letter, desk: Desk) -> str:
    """As it stood on the letter; a template that is damaged is for `verify` to say."""
    with suppress(Refused):
        return rendering.render(await desk.store.kept(letter.template), letter).subject
    return ""
