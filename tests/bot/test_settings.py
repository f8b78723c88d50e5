"""A setting is read once, has a type, and where it is wrong says its name and an example, never a secret."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, WrongSetting, read_settings, without_environment
from mailflows.endpoints import MaildirPath, SMTPServer

README = Path(__file__).parents[2] / "README.md"
NAMES = [str(field.validation_alias) for field in Settings.model_fields.values()]

WRONG = [
    ("SMTP_URL", "ftp://mail.example"),
    ("SMTP_URL", "smtp://"),
    ("SMTP_URL", "smtp://mail.example:70000"),
    ("SMTP_URL", "smtp://mail.example:0"),
    ("SMTP_URL", "smtp://mail example"),
    ("SMTP_URL", "smtp://mail.example?tls=no"),
    ("SMTP_URL", "smtp://mail.example?tls="),
    ("SMTP_URL", "smtp://mail.example/inbox"),
    ("SMTP_URL", "smtp://[::1"),
    ("SMTP_URL", '{"host": "mail.example", "port": 25}'),
    ("SMTP_URL", "25"),
    ("SMTP_URL", "maildir:"),
    ("INBOX_URL", "imap://mail.example"),
    ("INBOX_URL", "null"),
    ("VERBALE_ADDRESS", "desk"),
    ("VERBALE_ADDRESS", "Desk <desk@1540.example>"),
    ("VERBALE_FILING_ADDRESS", "desk+file"),
    ("VERBALE_MAX_ENCLOSURES", "ten"),
    ("VERBALE_MAX_ENCLOSURES", "0"),
    ("VERBALE_LOG_LEVEL", "loud"),
    ("VERBALE_CA_FILE", "nowhere.pem"),
]


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_the_defaults_hold() -> None:
    assert read_settings() == without_environment()


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_one_sentence_with_its_name_and_an_example(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting, match=f'^{name} is "[^\n]*" and must [^\n]+, for example {name}=[^ \n]+$'):
        read_settings()


@pytest.mark.parametrize("name", NAMES)
def test_every_example_can_be_used(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    [field] = [field for field in Settings.model_fields.values() if field.validation_alias == name]
    [example] = field.examples or []
    if name == "VERBALE_CA_FILE":
        example = tmp_path / Path(example).name
        example.touch()
    monkeypatch.setenv(name, str(example))
    assert read_settings()


def test_the_filing_address_is_not_the_desks_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBALE_ADDRESS", "desk@1540.example")
    monkeypatch.setenv("VERBALE_FILING_ADDRESS", "Desk@1540.example")
    with pytest.raises(WrongSetting, match="must be another address than VERBALE_ADDRESS, for example"):
        read_settings()


def test_a_server_has_host_port_name_and_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "smtps://desk%401540.example:p%40ss%2Fword@mail.example")
    assert read_settings().smtp == SMTPServer(
        "mail.example", 465, username="desk@1540.example", password="p@ss/word", implicit_tls=True
    )


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", SMTPServer("localhost", 25)),
        ("smtp://localhost:2525?tls=required", SMTPServer("localhost", 2525, tls_required=True)),
        ("smtp://[::1]:2525/", SMTPServer("::1", 2525)),
        ("maildir:out going", MaildirPath(Path("out going"))),
    ],
)
def test_where_letters_go_is_a_server_or_a_maildir(
    url: str, server: SMTPServer | MaildirPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    assert read_settings().smtp == server


def test_where_mail_comes_from_is_a_maildir(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOX_URL", "maildir:/var/mail/desk")
    assert read_settings().inbox == MaildirPath(Path("/var/mail/desk"))


@pytest.mark.parametrize(
    "url",
    [
        "smtp://desk:hunter2@mail.example:465",
        "ftp://desk:hunter2@mail.example",
        "smtp://desk:hunter2",
        "smtp://desk:hunter2@mail.example:port",
        "smtp://desk:pass/hunter2@mail.example",
        "desk:hunter2@mail.example",
        "hunter2",
    ],
)
def test_a_password_is_never_shown(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    try:
        settings = read_settings()
        shown = f"{settings!r} {settings} {settings.smtp!r}"
    except WrongSetting as wrong:
        shown = f"{wrong!r} {wrong.__cause__!r}"
    assert "hunter2" not in shown


def test_a_file_of_settings_counts_and_the_environment_counts_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("VERBALE_DESK=/srv/desk\nVERBALE_LOG_LEVEL=INFO\nSLACK_SIGNING_SECRET=not-ours\n")
    monkeypatch.setenv("VERBALE_DESK", "/srv/other")
    settings = read_settings()
    assert (settings.desk, settings.log_level) == (Path("/srv/other"), "info")


def test_a_file_of_settings_that_is_not_text_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"VERBALE_DESK=\xff\xfe\n")
    with pytest.raises(WrongSetting, match=r"^The file \.env cannot be read: "):
        read_settings()


def test_an_empty_setting_is_as_if_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "")
    assert read_settings().smtp is None


def test_settings_do_not_change_once_they_are_read() -> None:
    with pytest.raises(Exception, match="frozen"):
        read_settings().log_level = "debug"


def test_every_setting_is_in_the_readme() -> None:
    table = README.read_text(encoding="utf-8").partition("## Settings")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE) == sorted(NAMES, key=table.find)
