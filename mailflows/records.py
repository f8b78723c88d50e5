"""Mail, submissions and letters by their keys, and whether everyone may read them now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from committee.handling import Handling
from committee.letters import Letter, mail_answered
from committee.mail import Mail
from committee.submissions import Submission
from mailflows.handling import AGAIN
from mailflows.indexing import LETTER, MAIL, SUBMISSION
from storage.documents import T
from storage.index import Hit
from storage.ledgers import Ledger
from storage.port import Store


@dataclass(frozen=True, slots=True)
class Records:
    """Some of them, with the submissions on which their handling depends."""

    mails: Mapping[str, Mail]
    letters: Mapping[str, Letter]
    submissions: Mapping[str, Submission]

    @classmethod
    async def of(cls, hits: Iterable[Hit], store: Store) -> "Records":
        hits = [*hits]
        mails = await _by_key(store.mail, (hit.key for hit in hits if hit.kind == MAIL))
        letters = await _by_key(store.letters, (hit.key for hit in hits if hit.kind == LETTER))
        answered = (*(mail.answers for mail in mails.values() if mail.filed_by), *map(mail_answered, letters.values()))
        mails |= await _by_key(store.mail, answered)
        of_mails = (mail.submission for mail in mails.values())
        of_letters = (letter.conversation for letter in letters.values())
        named = [hit.key for hit in hits if hit.kind == SUBMISSION]
        submissions = await _by_key(store.submissions, (*named, *of_mails, *of_letters))
        wholes = await _by_key(store.submissions, (one.joined_to for one in submissions.values()))
        return cls(mails, letters, {**submissions, **wholes})

    def may_be_read(self, hit: Hit) -> bool:
        """Whether it is open: a mail as its submission is, a part as the whole too, a letter as what it is about too.

        What answers a mail, by letter or sent by hand, may quote it: it is open as long as that mail is too.
        """
        if mail := self.mails.get(hit.key):
            return self._may_be_read(mail) and (not mail.filed_by or self._answers_what_is_open(mail.answers))
        if letter := self.letters.get(hit.key):
            about = letter.conversation in self.submissions
            of_about = not about or self._is_open(letter.conversation)
            return letter.handling is Handling.OPEN and of_about and self._answers_what_is_open(mail_answered(letter))
        return self._is_open(hit.key)

    def _may_be_read(self, mail: Mail) -> bool:
        own = mail.handling is not Handling.RESTRICTED and mail.kind != AGAIN  # its words are not the submission's
        return own and self._is_open(mail.submission) if mail.submission else mail.handling is Handling.OPEN

    def _answers_what_is_open(self, key: str) -> bool:
        answered = self.mails.get(key)
        return answered is None or self._may_be_read(answered)

    def _is_open(self, key: str) -> bool:
        submission = self.submissions.get(key)
        if submission is None or submission.handling is not Handling.OPEN:
            return False
        return submission.joined_to is None or self._is_open(submission.joined_to)


async def _by_key(ledger: Ledger[T], keys: Iterable[str | None]) -> dict[str, T]:
    wanted = tuple(dict.fromkeys(filter(None, keys)))
    return {one.key: one for one in await ledger.find(key=wanted)} if wanted else {}
