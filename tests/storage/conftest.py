"""The stores under the suite of promises; another one joins by one more entry in STORES."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from storage.described import Described
from storage.store import Store
from tests.storage.shelf import SHELF

MakeStore = Callable[..., Awaitable[Any]]
STORES = {"embedded": Store}


@pytest.fixture(params=STORES)
async def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MakeStore]:
    """Gives a store on the test's desk, which the first call makes: each call is what another process would have."""
    kind = STORES[request.param]
    async with AsyncExitStack() as until_the_end:

        async def make(described: Described = SHELF) -> Any:
            folder = tmp_path / "desk"
            opening = kind.open if folder.exists() else kind.create
            return await until_the_end.enter_async_context(opening(folder, described=described))

        yield make


@pytest.fixture
async def store(make_store: MakeStore) -> Any:
    return await make_store()
