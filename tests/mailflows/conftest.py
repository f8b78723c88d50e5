"""The SMTP edge is tested on both event loops that it runs on; everything else on asyncio's own."""

import asyncio
from collections.abc import Callable, Mapping

import pytest

try:
    import uvloop
except ImportError:  # it is not to be had everywhere
    uvloop = None

Loops = Mapping[str, Callable[[], asyncio.AbstractEventLoop]]
ASYNCIO: Loops = {"asyncio": asyncio.new_event_loop}
BOTH: Loops = {**ASYNCIO, "uvloop": uvloop.new_event_loop} if uvloop else ASYNCIO


def pytest_asyncio_loop_factories(item: pytest.Item) -> Loops:
    return BOTH if item.path.stem.startswith("test_smtp") else ASYNCIO
