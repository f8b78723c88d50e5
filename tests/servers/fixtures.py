"""Real servers as fixtures: each is started when the first test asks for it, and ended with the run."""

import itertools
from collections.abc import Iterator

import pytest

from tests.servers import dovecot as dovecots
from tests.servers import postfix as postfixes
from tests.servers import postgres as postgreses
from tests.servers import sink as sinks
from tests.servers.dovecot import Dovecot
from tests.servers.mailbox import Account
from tests.servers.postfix import Postfix
from tests.servers.postgres import Postgres
from tests.servers.sink import Sink

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with dovecots.running() as server:
        yield server


@pytest.fixture
def account(dovecot: Dovecot) -> Iterator[Account]:
    """A new, empty mailbox, desk-N@example.test, on a Dovecot that answers."""
    yield dovecot.account(f"desk-{next(NUMBERS)}")
    dovecot.thaw()


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    with sinks.running() as server:
        yield server


@pytest.fixture(scope="session")
def postfix(dovecot: Dovecot, sink: Sink) -> Iterator[Postfix]:
    with postfixes.running(dovecot, sink) as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with postgreses.running() as server:
        yield server


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    """The URL of a new, empty database."""
    url = postgres.database()
    yield url
    postgres.drop(url)
