"""What one does at a time, and how the others hear of what was done; over both stores."""

import asyncio
from typing import Any

import pytest

from storage.errors import Busy
from tests.storage.conftest import MakeStore, of_the_folder
from tests.storage.shelf import count_up

pytest_plugins = ["tests.servers.fixtures"]
OVER_BOTH_STORES = True


async def test_a_part_is_led_by_one_at_a_time(store: Any, make_store: MakeStore) -> None:
    other = await make_store()
    async with store.lead("clock", "verbale run") as lead:
        assert lead.held
        for one in (store, other):
            with pytest.raises(Busy):
                async with one.lead("clock", "verbale tick"):
                    pass
    async with other.lead("clock", "verbale tick") as lead:
        assert lead.held


async def test_one_process_leads_in_several_parts(store: Any) -> None:
    async with store.lead("clock", "verbale run"), store.lead("mail in", "verbale run") as lead:
        assert lead.held


@of_the_folder
async def test_whoever_leads_in_any_part_of_a_folders_desk_keeps_others_from_all_of_it(
    store: Any, make_store: MakeStore
) -> None:
    other = await make_store()
    async with store.lead("clock", "verbale run --only clock"):
        with pytest.raises(Busy, match="verbale run --only clock"):
            async with other.lead("mail in", "verbale run --only mail"):
                pass
        with pytest.raises(Busy), other.work_lock("verbale tick"):
            pass
    with store.work_lock("verbale run"):
        async with store.lead("clock", "verbale run") as lead:
            assert lead.held
        with pytest.raises(Busy):
            async with other.lead("clock", "verbale run"):
                pass


async def test_a_commit_is_heard_of_once(store: Any, make_store: MakeStore) -> None:
    other = await make_store()
    await count_up(store)
    assert await other.changed(5)
    assert not await other.changed(0.05)
    waiting = asyncio.create_task(other.changed(5))
    await asyncio.sleep(0.05)
    await count_up(store)
    assert await waiting
    assert not await other.changed(0.05)
