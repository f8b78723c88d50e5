"""What a running desk counts, as Prometheus reads it: no address, no subject, no party, and nothing that grows with the years."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from bot.loop_lag import LoopLag
from bot.pulse import Pulse
from bot.readiness import STORE_SECONDS
from committee import posts as posts_of_chat
from committee.alarms import AlarmKind
from committee.errors import Refused, Unavailable
from committee.letters import OPEN
from committee.mail import MailState
from mailflows import alarms, backups, posts
from mailflows.desk import Desk
from mailflows.figures import Figures
from storage.port import Store

TYPE: Final = CONTENT_TYPE_LATEST
COUNTED: Final = {
    "sent": "Copies that a mail server accepted",
    "refused": "Copies that a mail server refused for good",
    "put_off": "Tries after which a copy waits for its next one",
    "uncertain": "Copies of which it is not known whether they were accepted",
    "expired": "Copies that were given up",
    "retried": "Tries that were a copy's second or a later one",
    "lease_lost": "Claims that were lost before their copy was sent",
    "slowed": "Times that a mail server asked for less",
}
"""Of Figures, each since the process began; what the store holds of the years before is not counted anew at each look."""


class Metrics:
    """A registry of its own for one running desk."""

    def __init__(self, store: Store, pulse: Pulse, lag: LoopLag) -> None:
        self._store, self._pulse, self._lag = store, pulse, lag
        self._relays: set[str] = set()  # those that have failed: one that works again is shown as working

    async def text(self) -> bytes:
        """What is so at this moment; where the store does not answer, what the process knows by itself."""
        found = [*_of_figures(self._pulse.figures), *self._of_process(datetime.now(UTC))]
        try:
            async with asyncio.timeout(STORE_SECONDS):
                stored = [family async for family in self._of_store()]
        except (TimeoutError, Refused, Unavailable):
            stored = []
        found += [_gauge("store_up", "Whether the store answers", bool(stored)), *stored]
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Found(found))
        return generate_latest(registry)

    def _of_process(self, now: datetime) -> Iterator[Metric]:
        pulse = self._pulse
        yield _gauge("process_start_time_seconds", "When the desk began to run, since 1970", pulse.started.timestamp())
        yield _counter("ticks", "Ticks of the desk", pulse.ticks)
        yield _counter("tick_failures", "Ticks and rounds of deliveries that failed", pulse.failures)
        yield _gauge("tick_age_seconds", "Time since the last tick", pulse.silent(now).total_seconds())
        yield _gauge("tick_late_seconds", "Time from when the last tick was wanted until it began", pulse.late_seconds)
        yield _gauge(
            "event_loop_lag_seconds", "The longest delay of the event loop in the last minute", self._lag.seconds
        )
        lag = GaugeMetricFamily(
            "verbale_mailbox_read_age_seconds",
            "Time since a mailbox was read to its end, by its place in INBOX_URL",
            labels=["place"],
        )
        for place, read in enumerate(pulse.reads, 1):
            lag.add_metric([str(place)], (now - (read or pulse.started)).total_seconds())
        yield lag

    async def _of_store(self) -> AsyncIterator[Metric]:
        store = self._store
        facts = await store.desk.get("desk")
        now = (facts and facts.clock) or datetime.now(UTC)
        states = GaugeMetricFamily(
            "verbale_deliveries", "Copies that are not done with, by their state", labels=["state"]
        )
        for state in sorted(OPEN):
            states.add_metric([state.value], await store.deliveries.count(state=state))
        yield states
        oldest = await alarms.oldest_due(store, Desk(store, facts, now, address="")) if facts else None
        age = (now - oldest).total_seconds() if oldest else 0.0
        yield _gauge(
            "oldest_due_age_seconds", "Time since the oldest copy that nothing holds back could go", max(age, 0.0)
        )
        late = await store.lateness.get(alarms.OUTBOX)
        yield _gauge(
            "outbox_late_seconds",
            "How far letters are behind their turn; the alarm's measure",
            late.seconds if late else 0,
        )
        yield _gauge(
            "mails_set_aside", "Mails that wait for a person", await store.mail.count(state=MailState.SET_ASIDE)
        )
        posted = GaugeMetricFamily(
            "verbale_posts", "Cards that do not stand in chat yet, by their state", labels=["state"]
        )
        for waits in sorted(posts_of_chat.OPEN):
            posted.add_metric([waits.value], await store.posts.count(state=waits))
        yield posted
        waiting = await posts.waiting(store, limit=1)
        since = (now - waiting[0].queued_at).total_seconds() if waiting else 0.0
        yield _gauge(
            "oldest_post_age_seconds", "Time since the oldest card that waits for chat was queued", max(since, 0.0)
        )
        chat = await posts.facts(store)
        yield _gauge("chat_let_in", "Whether chat lets the desk in, as far as it is known", not chat.trouble)
        yield _gauge("stops", "Stops that stand", len(await store.stops.all()))
        yield _counter(
            "store_commits", "Entries of the audit trail since the desk was made", (await store.trail.end())[0]
        )
        if last := await store.backups.get(backups.LAST):
            yield _gauge(
                "backup_age_seconds", "Time since the last backup", (datetime.now(UTC) - last.at).total_seconds()
            )
        yield await self._of_relays()
        stands = {alarm.key for alarm in await store.alarms.all()}
        alarm = GaugeMetricFamily("verbale_alarm", "1 for an alarm that stands", labels=["alarm"])
        for kind in AlarmKind:
            alarm.add_metric([kind.value], kind in stands)
        yield alarm

    async def _of_relays(self) -> Metric:
        failing = {relay.key: relay for relay in await self._store.relays.all()}
        self._relays |= {*failing}
        state = GaugeMetricFamily(
            "verbale_relay_breaker_state",
            "0: it works, 1: it has failed and is left alone, 2: it does not let us in",
            labels=["relay"],
        )
        for key in sorted(self._relays):
            relay = failing.get(key)
            state.add_metric([key], 0 if relay is None else 2 if relay.refuses_us else 1)
        return state


class _Found(Collector):
    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        return self._found


def _of_figures(figures: Figures) -> Iterator[Metric]:
    for name, said in COUNTED.items():
        yield _counter(f"deliveries_{name}", f"{said}, since the process began", getattr(figures, name))


def _gauge(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(f"verbale_{name}", said, value=value)


def _counter(name: str, said: str, value: float) -> Metric:
    return CounterMetricFamily(f"verbale_{name}", said, value=value)
