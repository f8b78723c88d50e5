"""The desk is killed after an answer was committed and before it was told: given again it is found, and counts once."""

import asyncio
import signal
import sys
from datetime import date
from pathlib import Path

import aiohttp
import pytest

from committee.confirmations import AnswerState, Asking
from mailflows import entries, entry_page, page_tokens
from mailflows.entry_page import How
from tests.bot.processes import environment
from tests.conftest import PracticeDesk

ROOT = Path(__file__).parents[2]
MALAWI = Asking("MWI", 2012)


async def test_what_was_committed_before_the_kill_is_there_and_counts_once(desk: PracticeDesk) -> None:
    token = page_tokens.made(MALAWI, date(2012, 12, 1), desk.desk.store.keys[0])
    form = {"answer": "unchanged", "seen": entry_page.seen(await entries.of_party(desk.desk.store, "MWI", desk.desk))}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.page_in_a_process", str(desk.folder), cwd=ROOT, env=environment(),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    port = int(await process.stdout.readline())
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientError):
            await http.post(f"http://127.0.0.1:{port}/t/{token}", data=form)
    assert await process.wait() == -signal.SIGKILL
    async with desk.desk.store.transaction(by="test", doing="look", about="MWI", at=desk.desk.now) as tx:
        kept = await tx.confirmations.get(MALAWI.key)
    assert kept is not None
    assert kept.state is AnswerState.UNCHANGED
    assert (await entry_page.confirm(token, form, desk.desk)).how is How.USED
