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
from itertools import cycle, islice, repeat
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
SAME, OTHERS = f"/1540 {LIST}", "/1540 state …, each time another State"
PRESSED, ANSWERED = f"a press that shows {ONE}, to acknowledged", f"a press that shows {ONE}, to answered"
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
    """At once over the faster bare one, alone over Bolt as it comes."""

    def at_once(what: str) -> float:
        return median(
            max(each.over(_done(what, AT_ONCE), OURS, other) for other in (DEFAULT, BEFORE)) for each in rounds
        )

    def alone(what: str) -> float:
        return median(each.over(_done(what, 1), OURS, DEFAULT) for each in rounds)

    return {
        "over_bolt": at_once(SAME), "alone": alone(SAME),
        "over_bolt_each_another": at_once(OTHERS), "alone_each_another": alone(OTHERS),
        "pressed_over_bolt": at_once(ANSWERED), "pressed_alone": alone(ANSWERED),
    }  # fmt: skip


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
    for app, slack in apps:
        others = cycle(line for line in slack.cards if line not in {LIST, ONE})
        for what, lines in ((SAME, repeat(LIST)), (OTHERS, others)):
            alone = [took for line in islice(lines, ALONE) for took in await slack.types(line)]
            done.took[_done(what, 1), app] = median(each.answered for each in alone)
            at_once = await slack.types(*islice(lines, AT_ONCE))
            done.took[_done(what, AT_ONCE), app] = median(each.answered for each in at_once)
        for many, presses in ((1, ALONE), (AT_ONCE, 1)):
            took = [one for _ in range(presses) for one in await slack.presses(ONE, many)]
            done.took[_done(PRESSED, many), app] = median(each.acknowledged for each in took)
            done.took[_done(ANSWERED, many), app] = median(each.answered for each in took)
    return done


def _done(what: str, many: int) -> str:
    return f"{what}, {'alone' if many == 1 else f'{many} at once'}"


@asynccontextmanager
async def _all_of_them(folder: Path) -> AsyncIterator[list[tuple[str, Slack]]]:
    """Each app, connected to a local Slack of its own; the bare ones have the cards that ours has drawn."""
    async with AsyncExitStack() as ending:
        slacks = {app: await ending.enter_async_context(opened()) for app in (OURS, *BARE)}
        ours = slacks[OURS]
        states = await founded(folder / "desk")
        await ending.enter_async_context(_process(_verbale(folder / "desk", ours), ours))
        cards = {line: await ours.first(line) for line in (LIST, ONE, *(f"state {key}" for key in states))}
        written = folder / "cards.json"
        written.write_text(json.dumps(cards))
        for slack in slacks.values():
            slack.cards = cards
        for app in BARE:
            bare = Bare(app, slacks[app].api, str(written))
            command = [sys.executable, "-m", "bench._commands_apps", json.dumps(asdict(bare))]
            await ending.enter_async_context(_process((command, {}), slacks[app]))
        yield [*slacks.items()]


async def founded(folder: Path) -> list[str]:
    """A practice desk as `verbale init --practice` makes it, whose staff are persons of the local Slack; its States."""
    now = datetime.now(UTC)
    await found(folder, practice=True, at=now, administrator="", account=None)
    async with (
        building.open_desk(folder, without_environment()) as desk,
        desk.store.transaction(by="officer-1", doing="bench", about="staff", at=desk.now) as tx,
    ):
        for person in await tx.staff.all():
            if user := PERSONS.get(person.key):
                await tx.staff.put(replace(person, chat=f"T01DESK/{user}"))
        return [state.key for state in await tx.states.all()]


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
