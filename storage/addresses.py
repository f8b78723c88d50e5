"""Where a desk's database is: a URL with a server and a database, of which the password is never shown."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

SCHEMES = ("postgresql", "postgres")


@dataclass(frozen=True, slots=True)
class Address:
    """`url` is for the driver alone; `shown` is for people."""

    url: str = field(repr=False)
    shown: str

    def __str__(self) -> str:
        return self.shown


def address_of(url: str) -> Address:
    """ValueError, with what it must be, for what is no URL of a PostgreSQL database."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError("must be a URL of a PostgreSQL database") from error
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in SCHEMES or not name or "/" in name:
        raise ValueError("must be a URL of a PostgreSQL database, with its name")
    host = parts.hostname or "localhost"
    server = f"[{host}]" if ":" in host else host
    return Address(url, f"postgresql://{server}{f':{port}' if port else ''}/{name}")


def is_database(where: str) -> bool:
    return where.partition("://")[0] in SCHEMES
