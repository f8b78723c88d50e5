"""Where mail comes from, as a setting says it: one mailbox or several, and never a password in what is shown."""

from pathlib import Path

import pytest

from mailflows.endpoints import IMAPServer, MaildirPath, SMTPServer, imap_endpoint, mailbox_endpoints, smtp_endpoint

HOST = "mail.example"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("imaps://desk:secret@mail.example", IMAPServer(HOST, 993, "desk", "secret", implicit_tls=True)),
        ("imap://desk:secret@mail.example/", IMAPServer(HOST, 143, "desk", "secret")),
        ("imap://d%40e:p%2Fw@[::1]:1143/A/B%20c", IMAPServer("::1", 1143, "d@e", "p/w", folder="A/B c")),
        ("imap://desk:x@mail.example?tls=required", IMAPServer(HOST, 143, "desk", "x", tls_required=True)),
        (
            "imaps://desk@mail.example/INBOX?token=/run/token",
            IMAPServer(HOST, 993, "desk", implicit_tls=True, token=Path("/run/token")),
        ),
    ],
)
def test_a_mailbox_on_a_server_has_an_account_and_a_folder(url: str, server: IMAPServer) -> None:
    assert imap_endpoint(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "imap://mail.example", "imap://desk@mail.example", "imap://:hunter2@mail.example", "imap://desk:hunter2@",
        "imap://desk:hunter2@mail.example?tls=no", "imap://desk:hunter2@mail.example#x", "smtp://desk:hunter2@mail.example",
        "imap://desk:hunter2@mail.example:0", "imap://desk:hunter2@[::1", "imaps://desk:hun ter2@mail.example", "",
        "imap://desk:hunter2@mail.example imap://desk:hunter2@mail.example",
    ],
)  # fmt: skip
def test_what_names_no_mailbox_is_a_sentence_without_the_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"^must ") as wrong:
        mailbox_endpoints(url)
    assert "hunter2" not in str(wrong.value)


def test_several_mailboxes_stand_with_spaces_between_them() -> None:
    found = mailbox_endpoints("maildir:/var/mail/our desk imaps://desk:secret@mail.example/Old  imap://b:c@localhost")
    assert [str(where) for where in found] == [
        "/var/mail/our desk",
        "desk@mail.example:993/Old",
        "b@localhost:143/INBOX",
    ]
    assert isinstance(found[0], MaildirPath)


def test_a_password_is_not_in_what_stands_for_a_server() -> None:
    server = imap_endpoint("imap://desk:hunter2@mail.example")
    assert "hunter2" not in f"{server} {server!r}"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", SMTPServer(HOST, 25)),
        ("smtps://d%40e:p%2Fw@mail.example", SMTPServer(HOST, 465, "d@e", "p/w", implicit_tls=True)),
        (
            "smtp://desk@mail.example:587?token=/run/token&tls=required",
            SMTPServer(HOST, 587, "desk", tls_required=True, token=Path("/run/token")),
        ),
    ],
)
def test_a_relay_has_an_account_with_a_password_or_an_access_token_or_none(url: str, server: SMTPServer) -> None:
    assert smtp_endpoint(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example?token=/run/token", "smtp://desk:hunter2@mail.example?token=/run/token",
        "smtp://desk:hunter2@mail.example?tls=no", "smtp://desk:hunter2@mail.example/x", "smtp://desk:hunter2@",
    ],
)  # fmt: skip
def test_what_names_no_relay_is_a_sentence_without_the_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"^must ") as wrong:
        smtp_endpoint(url)
    assert "hunter2" not in str(wrong.value)
