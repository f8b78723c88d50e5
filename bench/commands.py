"""How soon chat answers a command that reads the register: ours beside bare Bolt apps that have the same card ready-made."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench._commands_apps import BEFORE, DEFAULT, TOKENS, WIRE, Bare
from bench._commands_slack import PERSONS, Slack, opened
from bot import building
from bot.running import leave_alone_what_stays
from bot.settings import without_environment
from mailflows.founding import found

QUICK = bool(os.environ.get("BENCH_QUICK"))
"""One round with a tenth of everything, to see that it runs; what it prints then says nothing."""
ROUNDS, ALONE, AT_ONCE = (1, 5, 20) if QUICK else (9, 50, 200)
OURS = "ours"
BARE = (DEFAULT, BEFORE, WIRE)
LIST, ONE = "states non-reporting", "state MWI"
HERE = Path(__file__).parents[1]
NOBODY_ELSES = ("PROXY", "SLACK_", "VERBALE_", "DATABASE_", "SMTP_", "INBOX_", "OAUTH_")


@dataclass(slots=True)
class Round:
    """Medians of one round, in seconds, by what was done and by whom."""

    took: dict[tuple[str, str], float] = field(default_factory=dict)

    def over(self, what: str, app: str, other: str) -> float:
        return self.took[what, app] / self.took[what, other]


def run() -> dict[str, float]:
    """All of them in turn, round after round; each ratio is the median of its rounds' own."""
    with asyncio.Runner() as runner:
        rounds = runner.run(_rounds())
    for what in dict.fromkeys(what for what, _ in rounds[0].took):
        print(what)
        for app in (OURS, *BARE):
            of_rounds = [1000 * each.took[what, app] for each in rounds]
            print(f"  {app:34} {median(of_rounds):8.2f} ms  (from {min(of_rounds):.2f} to {max(of_rounds):.2f})")
    return _ratios(rounds)


def _ratios(rounds: list[Round]) -> dict[str, float]:
    at_once, alone = _done("typed", LIST, AT_ONCE), _done("typed", LIST, 1)
    one_at_once, one_alone = _done("typed", ONE, AT_ONCE), _done("typed", ONE, 1)
    pressed, pressed_at_once = (_done("pressed to answered", ONE, many) for many in (1, AT_ONCE))
    return {
        "over_bolt": median(max(each.over(at_once, OURS, other) for other in (DEFAULT, BEFORE)) for each in rounds),
        "alone": median(each.over(alone, OURS, DEFAULT) for each in rounds),
        "over_bolt_one": median(
            max(each.over(one_at_once, OURS, other) for other in (DEFAULT, BEFORE)) for each in rounds
        ),
        "alone_one": median(each.over(one_alone, OURS, DEFAULT) for each in rounds),
        "pressed_over_bolt": median(
            max(each.over(pressed_at_once, OURS, other) for other in (DEFAULT, BEFORE)) for each in rounds
        ),
        "pressed_alone": median(each.over(pressed, OURS, DEFAULT) for each in rounds),
    }


async def _rounds() -> list[Round]:
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        async with _all_of_them(Path(name)) as apps:
            leave_alone_what_stays()
            await _round(apps)  # whatever is looked up once has been
            rounds = []
            for nth in range(ROUNDS):
                print(f"round {nth + 1} of {ROUNDS}", flush=True)
                rounds.append(await _round(apps[nth % len(apps) :] + apps[: nth % len(apps)]))
            return rounds


async def _round(apps: list[tuple[str, Slack]]) -> Round:
    done = Round()
    for line in (LIST, ONE):
        for app, slack in apps:
            alone = [took for _ in range(ALONE) for took in await slack.types(line)]
            at_once = await slack.types(line, AT_ONCE)
            done.took[_done("typed", line, 1), app] = median(each.answered for each in alone)
            done.took[_done("typed", line, AT_ONCE), app] = median(each.answered for each in at_once)
    for app, slack in apps:
        for many, presses in (1, ALONE), (AT_ONCE, 1):
            took = [one for _ in range(presses) for one in await slack.presses(ONE, many)]
            done.took[_done("pressed to acknowledged", ONE, many), app] = median(each.acknowledged for each in took)
            done.took[_done("pressed to answered", ONE, many), app] = median(each.answered for each in took)
    return done


def _done(how: str, line: str, many: int) -> str:
    return f"/1540 {line}, {how}, {'alone' if many == 1 else f'{many} at once'}"


@asynccontextmanager
async def _all_of_them(folder: Path) -> AsyncIterator[list[tuple[str, Slack]]]:
    """Each app, connected to a local Slack of its own; the bare ones have the cards that ours has drawn."""
    async with AsyncExitStack() as ending:
        slacks = {app: await ending.enter_async_context(opened()) for app in (OURS, *BARE)}
        ours = slacks[OURS]
        await founded(folder / "desk")
        await ending.enter_async_context(_process(_verbale(folder / "desk", ours), ours))
        cards = {line: await ours.first(line) for line in (LIST, ONE)}
        written = folder / "cards.json"
        written.write_text(json.dumps(cards))
        for slack in slacks.values():
            slack.cards = cards
        for app in BARE:
            bare = Bare(app, slacks[app].api, str(written))
            command = [sys.executable, "-m", "bench._commands_apps", json.dumps(asdict(bare))]
            await ending.enter_async_context(_process((command, {}), slacks[app]))
        yield [*slacks.items()]


async def founded(folder: Path) -> None:
    """A practice desk as `verbale init --practice` makes it, whose staff are persons of the local Slack."""
    now = datetime.now(UTC)
    await found(folder, practice=True, at=now, administrator="", account=None)
    async with (
        building.open_desk(folder, without_environment()) as desk,
        desk.store.transaction(by="officer-1", doing="bench", about="staff", at=desk.now) as tx,
    ):
        for person in await tx.staff.all():
            if user := PERSONS.get(person.key):
                await tx.staff.put(replace(person, chat=f"T01DESK/{user}"))


def _verbale(folder: Path, slack: Slack) -> tuple[list[str], dict[str, str]]:
    command = [sys.executable, "-m", "bot", "run", "--only", "chat", "--desk", str(folder)]
    app = slack.workspace.app
    return command, {
        "SLACK_BOT_TOKEN": app.bot_token, "SLACK_APP_TOKEN": app.app_token, "VERBALE_SLACK_API": slack.api,
        "VERBALE_LOG_LEVEL": "warning",
    }  # fmt: skip


@asynccontextmanager
async def _process(started: tuple[list[str], dict[str, str]], slack: Slack) -> AsyncIterator[None]:
    """Started, and there once its socket is open; nothing of this environment speaks to it but what it is told."""
    command, told = started
    plain = {name: value for name, value in os.environ.items() if not name.upper().startswith(NOBODY_ELSES)}
    plain = {name: value for name, value in plain.items() if not name.upper().endswith("_PROXY")}
    app = slack.workspace.app
    tokens = dict(zip(TOKENS, (app.bot_token, app.app_token), strict=True))
    environment = plain | told | tokens | {"PYTHONPATH": str(HERE)}
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL, env=environment)
    try:
        await slack.comes()
        yield
    finally:
        process.terminate()
        await process.wait()
