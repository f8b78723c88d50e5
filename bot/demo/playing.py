"""The tour, played by a program through the doors that a person would use: typed and pressed in chat, written by mail."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.demo import tour
from bot.demo.opening import Demo
from bot.demo.people import AtKeyboard, NotThere
from bot.demo.tour import Step
from committee.calendar import written_moment
from committee.errors import Refused

SECONDS: Final = 20
"""How long something may take to be seen; more than that, and it has not happened."""
MOST_MOMENTS: Final = 12
"""How often time goes on at most until the reminders have left."""


class NotAsTold(Exception):
    """A step whose fact is not in the store: the demo fails and says which."""


@dataclass(frozen=True, slots=True)
class Told:
    """What happened in one step: when, and the fact that shows it."""

    at: str
    title: str
    fact: str


@dataclass(frozen=True, slots=True)
class Player:
    demo: Demo
    patience: float = SECONDS

    async def play(self) -> AsyncIterator[Told]:
        """Each step once it is done. `NotAsTold` for the first that is not."""
        ways = (
            self.begin, self.send, self.accept, self.keep_address, self.hold, self.two_people, self.go_on,
        )  # fmt: skip
        for step, way in zip(tour.STEPS, ways, strict=True):
            try:
                await way(step)
                fact = await self.seen(step.fact, step.title)
            except (NotThere, Refused) as missing:
                raise NotAsTold(f"{step.title}: {missing}") from missing
            yield Told(written_moment((await self.demo.working.now()).now), step.title, fact)

    async def begin(self, _step: Step) -> None:
        await self.demo.working.go_on()

    async def send(self, step: Step) -> None:
        """The mail of the step, as its mission sends it."""
        mail = step.mail and await step.mail(await self.demo.working.now(), self.demo.missions)
        if mail is None:
            raise NotThere("there is no letter to answer")
        await self.demo.missions.writes(mail, await self.demo.working.now())
        await self.demo.working.settle()

    async def accept(self, _step: Step) -> None:
        await self.presses("officer-1", "Accept", "Malawi")

    async def keep_address(self, step: Step) -> None:
        await self.send(step)
        await self.presses("officer-1", "This is Gambia", "mail set aside")

    async def hold(self, step: Step) -> None:
        for line in step.lines:
            await self.person("officer-1").types(line)

    async def two_people(self, step: Step) -> None:
        for line in step.lines:
            await self.person("officer-1").types(line)
        await self.presses("officer-1", "Prepare")
        await self.presses("approver-1", "Send")

    async def go_on(self, step: Step) -> None:
        for _ in range(MOST_MOMENTS):
            if step.mail and await step.mail(await self.demo.working.now(), self.demo.missions):
                break
            await self.demo.working.go_on()
        await self.send(step)
        for line in step.lines:
            await self.person("officer-1").types(line)

    def person(self, key: str) -> AtKeyboard:
        return AtKeyboard(self.demo.workspace, key)

    async def presses(self, key: str, begins: str, about: str = "") -> None:
        """As soon as it stands there, as a person looks for it."""
        person = self.person(key)

        async def there(_desk: object) -> str:
            return begins if person.sees(begins, about) else ""

        await self.seen(there, f"a button “{begins} …”")
        await person.presses(begins, about)
        self.demo.working.heard()

    async def seen(self, fact: Callable[..., Awaitable[str]], what: str) -> str:
        """The fact, as soon as it is there. `NotAsTold` where it does not come."""
        bell = self.demo.working.bell
        try:
            async with asyncio.timeout(self.patience):
                while True:
                    rung = bell.rung
                    if found := await fact(await self.demo.working.now()):
                        return found
                    await bell.after(rung)
        except TimeoutError:
            raise NotAsTold(f"{what}: nothing shows it") from None
