"""Mails of all kinds as the world writes them, each with an id of its own, and the receipts that the rules owe for them."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP

ID = "X-Test-Id"
MAILS = 500
MOST_RECEIPTS = 3  # an address and day
WORDS = {
    "en": ("First report", "The Permanent Mission presents its compliments and encloses the report."),
    "fr": ("Premier rapport", "La Mission permanente présente ses compliments et joint le rapport."),
    "es": ("Primer informe", "La Misión Permanente saluda atentamente y adjunta el informe."),
    "ru": ("Первый доклад", "Постоянное представительство свидетельствует своё уважение и прилагает доклад."),
    "ar": ("التقرير الأول", "تهدي البعثة الدائمة تحياتها وترفق التقرير."),
    "zh": ("首次报告", "常驻代表团谨附上报告。"),
}
CHARSETS = {
    "koi8-r": "ru", "windows-1251": "ru", "iso-8859-5": "ru", "windows-1252": "fr", "iso-8859-1": "es",
    "iso-8859-15": "fr", "windows-1256": "ar", "iso-8859-6": "ar", "gb18030": "zh", "gbk": "zh", "utf-16": "en",
    "us-ascii": "en",
}  # fmt: skip
MACHINES = [
    {"Auto-Submitted": "auto-replied"}, {"Auto-Submitted": "auto-generated"}, {"Precedence": "bulk"},
    {"Precedence": "junk"}, {"X-Autoreply": "yes"}, {"X-Auto-Response-Suppress": "All"},
    {"Subject": "Automatic reply: away"}, {"Subject": "Réponse automatique : absence"},
    {"Subject": "Автоответ: нет на месте"},
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """One mail on its way: `sender` stands in the envelope."""

    id: int
    kind: str
    sender: str
    raw: bytes


@dataclass(slots=True)
class World:
    """Everybody who writes to `desk`. `owed` counts the receipts that an address is due, `owed_repeats` those of a repeat.

    Each registered address of `book` writes in one way only, so that what it is due does not depend on which of its
    mails is taken in first.
    """

    desk: str
    book: Sequence[str]
    seed: int = 1540
    owed: Counter[str] = field(default_factory=Counter)
    owed_repeats: Counter[str] = field(default_factory=Counter)
    sent: list[Sent] = field(default_factory=list)
    _chance: random.Random = field(init=False)
    _unused: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._unused = iter(self._chance.sample([*self.book], len(self.book)))

    def writes(self) -> list[Sent]:
        """Five hundred mails, in the order of chance."""
        for times, write in self._plan():
            for number in range(times):
                write(number)
        while len(self.sent) < MAILS:
            self._asks(len(self.sent))
        return self._chance.sample(self.sent, len(self.sent))

    def _plan(self) -> list[tuple[int, Callable[[int], None]]]:
        return [
            (90, self._reports), (15, self._twice), (5, self._four_times), (10, self._in_parts), (8, self._too_often),
            (6, self._large), (24, self._in_an_old_charset), (10, self._same_message_id), (15, self._no_message_id),
            (20, self._unknown), (1, self._flood), (20, self._stranger_of_a_known_domain), (36, self._by_itself),
            (24, self._bounce), (20, self._through_a_list), (16, self._calendar_reply), (24, self._noise),
            (12, self._several_from),
        ]  # fmt: skip

    def _reports(self, number: int) -> None:
        language = [*WORDS][number % len(WORDS)]
        self._answered(_message(*WORDS[language], enclose=f"report {number}"), self._person())

    def _asks(self, number: int) -> None:
        self._answered(_message(f"A question, {number}", f"To whom do we write about matter {number}?"), self._person())

    def _twice(self, number: int) -> None:
        self._again(number, 2)

    def _four_times(self, number: int) -> None:
        self._again(100 + number, 4)

    def _again(self, number: int, times: int) -> None:
        """The same enclosure: one receipt, one receipt of a repeat, and no more."""
        person = self._person()
        for nth in range(times):
            message = _message("First report", f"We send it for the {nth + 1}. time.", enclose=f"again {number}")
            self._sends(message, person, "repeat")
        self.owed[person] += 1
        self.owed_repeats[person] += 1

    def _in_parts(self, number: int) -> None:
        person = self._person()
        for part in (1, 2):
            message = _message(f"First report ({part}/2)", "In two parts.", enclose=f"part {part} of {number}")
            self._answered(message, person, "part")

    def _too_often(self, number: int) -> None:
        person = self._person()
        for nth in range(MOST_RECEIPTS * 2):
            self._sends(_message(f"Note {nth} of {number}", f"Further to note {nth - 1}."), person, "too often")
        self.owed[person] += MOST_RECEIPTS

    def _large(self, number: int) -> None:
        message = _message("First report", "Enclosed.", enclose=f"large {number}", size=1_200_000)
        self._answered(message, self._person(), "large")

    def _in_an_old_charset(self, number: int) -> None:
        charset, language = [*CHARSETS.items()][number % len(CHARSETS)]
        subject, text = WORDS[language]
        person = self._person()
        head = {"From": person, "To": self.desk, "Message-ID": f"<old-{number}@mission.test>", "MIME-Version": "1.0"}
        fields = "".join(f"{name}: {value}\r\n" for name, value in head.items()).encode()
        raw = b"Subject: " + (subject.encode(charset) if charset != "utf-16" else b"A report") + b"\r\n"
        body = text.encode(charset).replace(b"\n", b" ").replace(b"\r", b" ").replace(b"\0", b" ")
        kind = f'Content-Type: text/plain; charset="{charset}"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'.encode()
        self._posts(fields + raw + kind + body + b"\r\n", person, "old charset")
        self.owed[person] += 1

    def _same_message_id(self, number: int) -> None:
        for nth in range(2):
            message = _message(
                f"Note {number}", f"The {nth + 1}. with this Message-ID.", f"<twice-{number}@mission.test>"
            )
            self._answered(message, self._person(), "same Message-ID")

    def _no_message_id(self, number: int) -> None:
        message = _message(f"A note without Message-ID, {number}", "With compliments.", message_id="")
        self._answered(message, self._person(), "no Message-ID")

    def _unknown(self, number: int) -> None:
        self._sends(_message("An offer", f"Number {number}."), f"somebody-{number}@elsewhere.test", "unknown")

    def _flood(self, _: int) -> None:
        for number in range(25):
            self._sends(_message(f"Offer {number}", f"Number {number}."), "flood@elsewhere.test", "unknown")

    def _stranger_of_a_known_domain(self, number: int) -> None:
        domain = self.book[number * 7 % len(self.book)].rpartition("@")[2]
        message = _message("First report", "Enclosed.", enclose=f"stranger {number}")
        self._sends(message, f"colleague-{number}@{domain}", "stranger of a known domain")

    def _by_itself(self, number: int) -> None:
        message = _message(f"Re: note {number}", "I am away until Monday.")
        for name, value in MACHINES[number % len(MACHINES)].items():
            del message[name]
            message[name] = value
        self._sends(message, self._person(), "automatic", envelope="" if number % 2 else None)

    def _bounce(self, number: int) -> None:
        status, failed = ("5.1.1", "failed") if number % 3 else ("4.4.1", "delayed")
        raw = (
            f"From: MAILER-DAEMON@relay.test\r\nTo: {self.desk}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
            f"Message-ID: <bounce-{number}@relay.test>\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.test\r\n\r\n"
            f"Final-Recipient: rfc822; nobody-{number}@elsewhere.test\r\nAction: {failed}\r\nStatus: {status}\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <other-{number}@elsewhere.test>\r\n\r\n--b--\r\n"
        )
        self._posts(raw.encode(), "", "bounce")

    def _through_a_list(self, number: int) -> None:
        message = _message(f"[staff] Minutes {number}", "For information.")
        message["List-Id"] = "<staff.mission.test>"
        self._sends(message, self._person(), "list", envelope="staff-bounces@mission.test")

    def _calendar_reply(self, number: int) -> None:
        person = self._person()
        message = _message("Accepted: meeting", "Accepted.")
        event = (
            f"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:meeting-{number}@elsewhere.test\r\n"
            f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{person}\r\nSEQUENCE:0\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        message.add_alternative(event.encode(), maintype="text", subtype="calendar", params={"method": "REPLY"})
        self._sends(message, person, "calendar")

    def _noise(self, number: int) -> None:
        """Nobody's: bytes without any header field but the id's, or with broken ones."""
        bytes_ = self._chance.randbytes(400).translate(None, b"\r\n\0")
        head = (b"\r\n", b"Content-Type: multipart/mixed; boundary=\r\n\r\n", b"Subject: =?x?q?=FF?= \xff\r\n\r\n")[
            number % 3
        ]
        self._posts(head + bytes_ + b"\r\n", "" if number % 2 else "somebody@elsewhere.test", "noise")

    def _several_from(self, number: int) -> None:
        people = f"{self._person()}, second@elsewhere.test"
        self._sends(
            _message(f"Joint note {number}", "We both."), people, "several From", envelope="second@elsewhere.test"
        )

    def _person(self) -> str:
        return next(self._unused)

    def _answered(self, message: EmailMessage, person: str, kind: str = "message") -> None:
        self._sends(message, person, kind)
        self.owed[person] += 1

    def _sends(self, message: EmailMessage, sender: str, kind: str, envelope: str | None = None) -> None:
        message["From"], message["To"] = sender, self.desk
        self._posts(message.as_bytes(policy=SMTP), sender if envelope is None else envelope, kind)

    def _posts(self, raw: bytes, envelope: str, kind: str) -> None:
        number = len(self.sent)
        self.sent.append(Sent(number, kind, envelope, f"{ID}: {number}\r\n".encode() + raw))


def _message(
    subject: str, text: str, message_id: str | None = None, *, enclose: str = "", size: int = 0
) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    if message_id != "":
        message["Message-ID"] = message_id or f"<{random.randbytes(8).hex()}@mission.test>"
    message.set_content(text)
    if enclose:
        data = b"%PDF-1.4\n% " + enclose.encode() + b"\n%%EOF\n" + b"\0" * size
        message.add_attachment(data, maintype="application", subtype="pdf", filename="report.pdf")
    return message
