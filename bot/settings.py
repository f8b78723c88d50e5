"""The desk's settings: read once, from the environment or a `.env` file; a wrong one is one sentence with an example."""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from email_validator import EmailNotValidError, validate_email
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from mailflows.access_tokens import OAuthServer
from mailflows.endpoints import IMAPServer, MaildirPath, SMTPServer, mailbox_endpoints, smtp_endpoint
from mailflows.sockets import names_this_computer
from storage.addresses import address_of

HIGHEST_PORT = 65535


class WrongSetting(Exception):
    """One sentence: the setting's name, what is wrong with it, and an example."""


class Settings(BaseSettings):
    """Every setting of the desk; README.md has them as a table."""

    model_config = SettingsConfigDict(
        frozen=True, env_file=".env", extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    desk: Path = Field(Path(), validation_alias="VERBALE_DESK", description="the desk's folder", examples=["/srv/desk"])
    database: str | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="the PostgreSQL database that the desk lies in; unset, it lies in its folder",
        examples=["postgresql://desk@localhost/verbale"],
        repr=False,
    )
    oauth_url: str | None = Field(
        None,
        validation_alias="OAUTH_TOKEN_URL",
        description="where access tokens come from, for accounts without a password",
        examples=["https://login.example/oauth2/token"],
    )
    oauth_client: str = Field(
        "", validation_alias="OAUTH_CLIENT_ID", description="the client's id there", examples=["verbale"]
    )
    oauth_secret: str = Field(
        "", validation_alias="OAUTH_CLIENT_SECRET", description="the client's secret", examples=["…"], repr=False
    )
    oauth_scope: str = Field(
        "",
        validation_alias="OAUTH_SCOPE",
        description="what the tokens are for",
        examples=["https://outlook.office365.com/.default"],
    )
    oauth_refresh: str = Field(
        "",
        validation_alias="OAUTH_REFRESH_TOKEN",
        description="the refresh token, where a person let the client in",
        examples=["…"],
        repr=False,
    )
    smtp: Annotated[SMTPServer | MaildirPath | None, NoDecode] = Field(
        None, validation_alias="SMTP_URL", description="where letters go", examples=["smtp://localhost:25"], repr=False
    )
    inboxes: Annotated[tuple[MaildirPath | IMAPServer, ...], NoDecode] = Field(
        (),
        validation_alias="INBOX_URL",
        description="where mail comes from",
        examples=["maildir:/var/mail/desk"],
        repr=False,
    )
    address: str | None = Field(
        None, validation_alias="VERBALE_ADDRESS", description="the desk's own address", examples=["desk@1540.example"]
    )
    filing: str | None = Field(
        None,
        validation_alias="VERBALE_FILING_ADDRESS",
        description="an address of the desk's mailbox, other than its own, at which the staff's own mail is filed",
        examples=["desk+file@1540.example"],
    )
    authserv_id: str | None = Field(
        None,
        validation_alias="VERBALE_AUTHSERV_ID",
        description="our mail server's name in Authentication-Results",
        examples=["mx.example.org"],
    )
    ca_file: Path | None = Field(
        None,
        validation_alias="VERBALE_CA_FILE",
        description="certificates of a private authority",
        examples=["/etc/ssl/our-ca.pem"],
    )
    max_enclosures: int = Field(
        10_000_000,
        gt=0,
        validation_alias="VERBALE_MAX_ENCLOSURES",
        description="the number of bytes of enclosures that one mail may bring, said in each letter",
        examples=[10_000_000],
    )
    max_mail: int = Field(
        50_000_000,
        gt=0,
        validation_alias="VERBALE_MAX_MAIL",
        description="the number of bytes up to which a mail is fetched whole; of a larger one only its headers are",
        examples=[50_000_000],
    )
    rate: float | None = Field(
        None,
        gt=0,
        validation_alias="VERBALE_RATE",
        description="how many deliveries leave in a minute: 30 where nothing is set, as many as it takes on this computer",
        examples=[30],
    )
    connections: int | None = Field(
        None,
        ge=1,
        le=100,
        validation_alias="VERBALE_CONNECTIONS",
        description="how many connections there are to the mail server at once: 3 where nothing is set",
        examples=[3],
    )
    health: int | None = Field(
        None,
        ge=1,
        le=65535,
        validation_alias="VERBALE_HEALTH",
        description="a port on which a running desk says on loopback how it is",
        examples=[8540],
    )
    public_url: str | None = Field(
        None,
        validation_alias="VERBALE_PUBLIC_URL",
        description="where the pages behind links in letters are reached from outside; unset, no link goes out",
        examples=["https://desk.example"],
    )
    listen: Annotated[tuple[str, int] | None, NoDecode] = Field(
        None,
        validation_alias="VERBALE_LISTEN",
        description="the address and port at which this process serves those pages to the host's TLS proxy",
        examples=["127.0.0.1:8542"],
    )
    slack_bot_token: str | None = Field(
        None,
        validation_alias="SLACK_BOT_TOKEN",
        description="the bot token of the desk's Slack app, which begins with xoxb-",
        examples=["xoxb-0123-example"],
        repr=False,
    )
    slack_app_token: str | None = Field(
        None,
        validation_alias="SLACK_APP_TOKEN",
        description="the app-level token of the desk's Slack app, which begins with xapp-",
        examples=["xapp-1-example"],
        repr=False,
    )
    slack_command: str = Field(
        "/1540",
        pattern=r"^/[a-z0-9_-]{1,31}$",
        validation_alias="VERBALE_SLACK_COMMAND",
        description="the slash command that is typed in Slack: a stroke, and up to 31 small letters, digits, - and _",
        examples=["/1540"],
    )
    slack_channel: str | None = Field(
        None,
        pattern=r"^[CG][A-Z0-9]{2,20}$",
        validation_alias="VERBALE_SLACK_CHANNEL",
        description="the id of the Slack channel where cards go",
        examples=["C0123456789"],
    )
    slack_api: str = Field(
        "https://slack.com/api/",
        validation_alias="VERBALE_SLACK_API",
        description="where Slack's methods are called, which is another place for a local Slack only",
        examples=["http://127.0.0.1:8541/api/"],
    )
    log_level: str = Field(
        "warning", validation_alias="VERBALE_LOG_LEVEL", description="debug, info, warning or error", examples=["info"]
    )

    @field_validator("smtp", mode="before")
    @classmethod
    def _smtp(cls, value: Any) -> Any:
        return smtp_endpoint(value) if isinstance(value, str) else value

    @field_validator("inboxes", mode="before")
    @classmethod
    def _inboxes(cls, value: Any, info: ValidationInfo) -> Any:
        oauth = bool(info.data.get("oauth_url"))
        return mailbox_endpoints(value, oauth=oauth) if isinstance(value, str) else value

    @field_validator("database")
    @classmethod
    def _database(cls, value: str | None) -> str | None:
        return value and address_of(value).url

    @field_validator("oauth_url")
    @classmethod
    def _oauth_url(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        here = parts.scheme == "http" and names_this_computer(parts.hostname or "")
        if value and not (parts.hostname and (parts.scheme == "https" or here)):
            raise ValueError("must be https://…, for the client's secret goes there")
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        here = parts.scheme == "http" and names_this_computer(parts.hostname or "")
        alone = not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
        if value and not (parts.hostname and alone and (parts.scheme == "https" or here)):
            raise ValueError("must be https:// and a host's name, and a port if need be")
        return value and value.rstrip("/")

    @field_validator("listen", mode="before")
    @classmethod
    def _listen(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        host, _, port = value.rpartition(":")
        try:
            address = ip_address(host.removeprefix("[").removesuffix("]"))
            if not 1 <= int(port) <= HIGHEST_PORT:
                raise ValueError(port)  # noqa: TRY301 - one door out
        except ValueError as error:
            raise ValueError("must be an IP address of this host and a port") from error
        return str(address), int(port)

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: str | None) -> str | None:
        return _token(value, "xoxb-", "the bot token", "OAuth & Permissions")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: str | None) -> str | None:
        return _token(value, "xapp-", "the app-level token", "Basic Information")

    @field_validator("slack_api")
    @classmethod
    def _slack_api(cls, value: str) -> str:
        parts = urlsplit(value)
        here = parts.scheme == "http" and names_this_computer(parts.hostname or "")
        if not parts.hostname or not (parts.scheme == "https" or here):
            raise ValueError("must be https://…, for the tokens go there")
        return value if value.endswith("/") else f"{value}/"

    @field_validator("address", "filing")
    @classmethod
    def _address(cls, value: str | None, info: ValidationInfo) -> str | None:
        try:
            address = value and validate_email(value, check_deliverability=False, test_environment=True).ascii_email
        except EmailNotValidError as error:
            raise ValueError(f"must be an address ({str(error).rstrip('.')})") from error
        own = info.data.get("address") if info.field_name == "filing" else None
        if address and own and address.casefold() == own.casefold():
            raise ValueError("must be another address than VERBALE_ADDRESS")
        return address

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.casefold() not in {"debug", "info", "warning", "error"}:
            raise ValueError("must be debug, info, warning or error")
        return value.casefold()

    @field_validator("ca_file")
    @classmethod
    def _file(cls, value: Path | None) -> Path | None:
        if value and not value.is_file():
            raise ValueError("must be a file that is there")
        return value

    @property
    def oauth(self) -> OAuthServer | None:
        if self.oauth_url is None:
            return None
        return OAuthServer(self.oauth_url, self.oauth_client, self.oauth_secret, self.oauth_scope, self.oauth_refresh)

    @property
    def chats(self) -> bool:
        """Whether the desk has a Slack app; `WrongSetting` where one of its two tokens is missing."""
        given = {"SLACK_BOT_TOKEN": self.slack_bot_token, "SLACK_APP_TOKEN": self.slack_app_token}
        missing = [name for name, token in given.items() if not token]
        if len(missing) == 1:
            begins = {"SLACK_BOT_TOKEN": "xoxb-0123-example", "SLACK_APP_TOKEN": "xapp-1-example"}[missing[0]]
            raise WrongSetting(f"{missing[0]} is missing: chat takes both tokens, for example {missing[0]}={begins}")
        return not missing

    @property
    def inbox(self) -> MaildirPath | IMAPServer | None:
        """The first mailbox, which is the only one on most desks."""
        return next(iter(self.inboxes), None)

    def sending_to(self, url: str) -> Self:
        return self.model_copy(update={"smtp": smtp_endpoint(url)})


def read_settings(**given: Any) -> Settings:
    """The settings as they are now; `WrongSetting` for the first that cannot be used."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise WrongSetting(_sentence(error)) from None  # its own text shows the value, which may hold a password
    except (OSError, UnicodeDecodeError):
        raise WrongSetting(
            "The file .env cannot be read: make it a text file of lines such as VERBALE_DESK=/srv/desk, readable to you"
        ) from None


def unknown_settings() -> list[str]:
    """Names in the environment or in `.env` that look like settings of ours and are none: a slip of the pen is said."""
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    try:
        written = set(dotenv_values(".env"))
    except (OSError, UnicodeDecodeError):
        written = set()
    ours = {name for name in os.environ if name.startswith("VERBALE_")} | written
    return sorted(name for name in ours - known if not name.startswith(("SLACK_", "DATABASE_")))


def without_environment() -> Settings:
    """The defaults alone: what the demo and the tests run on, whatever is set around them."""
    return Settings.model_construct()


def _token(value: str | None, begins: str, what: str, where: str) -> str | None:
    if value is not None and not (value.strip().startswith(begins) and value.strip().isascii()):
        raise ValueError(f"must be {what}, which begins with {begins} (on the app's page: {where})")
    return value and value.strip()


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0])
    field = next(field for field in Settings.model_fields.values() if field.validation_alias == name)
    said = first["msg"].removeprefix("Value error, ")
    wanted = said if said.startswith("must ") else f"must be {field.description}"
    [example] = field.examples or [""]
    return f'{name} is "{_harmless(name, str(first["input"]))}" and {wanted}, for example {name}={example}'


def _harmless(name: str, value: str) -> str:
    """The value as it may be shown; of URLs with a server only the scheme, since a password may stand anywhere in them."""
    if name in {"OAUTH_CLIENT_SECRET", "OAUTH_REFRESH_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}:
        return "…"
    if name in {"SMTP_URL", "INBOX_URL", "OAUTH_TOKEN_URL", "DATABASE_URL"} and not (
        value.startswith("maildir:") and "://" not in value
    ):
        scheme, colon, _ = value.partition(":")
        return f"{scheme}:…" if colon and scheme.isalnum() else "…"
    return value
