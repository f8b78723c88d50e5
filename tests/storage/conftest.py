"""The stores under the suite of promises: the folder's own, and PostgreSQL's on a real server."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any, TypeVar

import pytest

from storage.described import Described
from storage.postgres.store import PostgresStore
from storage.store import Store
from tests.storage.shelf import SHELF

MakeStore = Callable[..., Awaitable[Any]]
Tamper = Callable[[str], Any]
EMBEDDED, POSTGRES = "embedded", "postgres"
Test = TypeVar("Test", bound=Callable[..., Any])


def of_the_folder(test: Test) -> Test:
    """For a promise of the folder's own store in a module whose others hold over both."""
    test.of_the_folder = True  # type: ignore[attr-defined]
    return test


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What a module that says so promises holds over both stores; else it is about the folder's own."""
    over_both = getattr(metafunc.module, "OVER_BOTH_STORES", False) and not hasattr(metafunc.function, "of_the_folder")
    if "kind" in metafunc.fixturenames and over_both:
        metafunc.parametrize("kind", [EMBEDDED, pytest.param(POSTGRES, marks=pytest.mark.server)])


@pytest.fixture
def kind() -> str:
    return EMBEDDED


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest) -> str:
    """The test's database, where its store has one."""
    return str(request.getfixturevalue("database")) if kind == POSTGRES else ""


@pytest.fixture
async def make_store(url: str, tmp_path: Path) -> AsyncIterator[MakeStore]:
    """Gives a store on the test's desk, which the first call makes: each call is what another process would have."""
    async with AsyncExitStack() as until_the_end:

        async def make(described: Described = SHELF, **how: Any) -> Any:
            folder = tmp_path / "desk"
            where = (folder, url) if url else (folder,)
            store: Any = PostgresStore if url else Store
            opening = store.open if folder.exists() else store.create
            return await until_the_end.enter_async_context(opening(*where, described=described, **how))

        yield make


@pytest.fixture
async def store(make_store: MakeStore) -> Any:
    return await make_store()


@pytest.fixture
def tamper(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Tamper:
    """Do a statement behind the store's back, and answer with its rows."""
    if url:
        server = request.getfixturevalue("postgres")
        return lambda statement: server.sql(url, "SET search_path TO verbale", statement)

    def in_the_file(statement: str) -> Any:
        with closing(sqlite3.connect(tmp_path / "desk/desk.sqlite3", isolation_level=None, timeout=5)) as database:
            return database.execute(statement).fetchall()

    return in_the_file
