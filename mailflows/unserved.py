"""Who did not get it: by letter, by release, or of the last 90 days, each party with the reason, in alphabetical order."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from committee.calendar import NEW_YORK, written_moment
from committee.errors import Refused
from committee.letters import Delivery, DeliveryState, Letter, LetterKind, Stop, state_of
from committee.names import fold
from committee.proofs import served, why_not
from committee.states import ReportStatus
from mailflows import closures, correspondents, second_copies, standing
from mailflows.desk import Desk
from storage.tables import Tables

LOOKED_AT = timedelta(days=90)
NO_ADDRESS = "no address"
D = DeliveryState


@dataclass(frozen=True, slots=True)
class Standing:
    """What one party was to have: the letter, what was written in its place or repeats it, and every copy of these.

    Without a letter there was no address to write one to.
    """

    party: str
    name: str
    kind: LetterKind
    letters: tuple[Letter, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    stopped: str = ""  # by whom and since when, where a stop holds what waits

    @property
    def served(self) -> bool:
        return served(self.deliveries)

    @property
    def state(self) -> str:
        return state_of(self.deliveries) if self.deliveries else NO_ADDRESS

    @property
    def why(self) -> str:
        """Why it has nothing, in words; empty where it is served."""
        if self.served:
            return ""
        if not self.deliveries:
            return "no confirmed address of it takes mail, so no letter was written"
        return "; ".join(dict.fromkeys(why_not(copy, self.stopped) for copy in self.deliveries))


async def unserved(key: str | None, desk: Desk) -> list[Standing]:
    """The parties of which no copy was accepted, or it came back: of a letter, of a release, or of the last 90 days."""
    return [one for one in await standings(key, desk) if not one.served]


async def standings(key: str | None, desk: Desk) -> list[Standing]:
    """Every party that was to have it, whether it has or not, in alphabetical order; `Refused` for a key of nothing."""
    letters = await letters_of(key, desk)
    together = await _together(letters, desk.store)
    deliveries = defaultdict(list)
    whole = [letter.key for several in together for letter in several]
    for delivery in await desk.store.deliveries.find(letter=tuple(whole)) if whole else ():
        deliveries[delivery.letter].append(delivery)
    stops = {stop.key: stop for stop in await desk.store.stops.all()}
    names = await _names([several[0].party for several in together], desk)
    found = []
    for several in together:
        copies = [copy for letter in several for copy in sorted(deliveries[letter.key], key=_place)]
        keys = (Stop.ALL, *(one for letter in several for one in (letter.release, letter.key)))
        stop = next((stops[one] for one in keys if one in stops), None)
        stopped = f"it waits, stopped by {stop.by} since {written_moment(stop.at)}" if stop else ""
        party = several[0].party
        found.append(Standing(party, names[party], several[0].kind, several, tuple(copies), stopped))
    if key is None or (letters and letters[0].key != key):
        found += await _without_address(letters, desk)
    return sorted(found, key=lambda one: (fold(one.name), one.party, one.letters[0].key if one.letters else ""))


async def letters_of(key: str | None, desk: Desk) -> list[Letter]:
    """The letter of that key, the letters of that release, or those of the last 90 days; `Refused` for a key of nothing."""
    if key is None:
        return await desk.store.letters.find(since=_midnight(desk.today - LOOKED_AT))
    if letter := await desk.store.letters.get(key):
        return [letter]
    if letters := await desk.store.letters.find(release=key):
        return letters
    raise Refused(f"There is no letter or release {key}. To see them: outbox.")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), NEW_YORK)


def _place(copy: Delivery) -> tuple[int, str]:
    """In the order of its addresses: the tenth after the ninth."""
    return len(copy.key), copy.key


async def _together(letters: Iterable[Letter], tables: Tables) -> list[tuple[Letter, ...]]:
    """Each letter with what was written in its place and with what repeats it, whichever of them was asked for."""
    firsts = [*dict.fromkeys(_first(letter) for letter in letters)]
    named = tuple(name for first in firsts for name in (first, first + standing.AGAIN))
    there = {letter.key: letter for letter in await tables.letters.find(key=named)} if named else {}
    copies = await second_copies.copies_of([*there], tables)
    groups = (
        tuple(
            letter
            for name in (first, first + standing.AGAIN)
            if name in there
            for letter in (there[name], *copies.get(name, ()))
        )
        for first in firsts
    )
    return [group for group in groups if group]


def _first(letter: Letter) -> str:
    return standing.first_key(letter.key)


async def _names(parties: Collection[str], desk: Desk) -> dict[str, str]:
    """The parties as lists write them."""
    return {party: await correspondents.party_name(desk.store, party, desk) for party in dict.fromkeys(parties)}


async def _without_address(letters: Sequence[Letter], desk: Desk) -> list[Standing]:
    """Parties to which a letter of these kinds would have gone, and of which no address is on record: nothing is dropped."""
    left_out: list[tuple[LetterKind, str]] = []
    written_to = {(letter.kind, letter.party) for letter in letters}
    if any(letter.kind is LetterKind.FIRST_REPORT_REMINDER for letter in letters):
        left_out += [(LetterKind.FIRST_REPORT_REMINDER, state) for state in await _yet_to_report(desk)]
    for days in {tuple(letter.words["days"]) for letter in letters if letter.kind is LetterKind.CLOSURE_NOTICE}:
        if days:
            left_out += [(LetterKind.CLOSURE_NOTICE, party) for party in await _not_told(days, desk)]
    left_out += [(LetterKind.LIST_LETTER, party) for party in await _on_a_list(letters, desk)]
    missing = [one for one in dict.fromkeys(left_out) if one not in written_to]
    names = await _names([party for _, party in missing], desk)
    return [Standing(party, names[party], kind) for kind, party in missing]


async def _on_a_list(letters: Sequence[Letter], desk: Desk) -> list[str]:
    """The parties that stood on a list as gaps when it was written to; a correction leaves nobody out who has the first."""
    releases = tuple({letter.release for letter in letters if letter.kind is LetterKind.LIST_LETTER})
    posts = await desk.store.list_posts.find(release=releases) if releases else []
    return [party for post in posts if not post.corrects for party in post.gaps]


async def _yet_to_report(desk: Desk) -> list[str]:
    """The States that would be reminded had they an address: not those whose report has come, or is promised."""
    arrived, found = await standing.arrived(desk.store), []
    for state in await desk.store.states.all():
        promised = state.promise and state.promise.until and state.promise.until >= desk.today
        if state.status is ReportStatus.NON_REPORTING and state.key not in arrived and not promised:
            correspondent = await correspondents.of_state(desk.store, state.key, desk)
            if not correspondent.addressees:
                found.append(state.key)
    return found


async def _not_told(days: Sequence[str], desk: Desk) -> tuple[str, ...]:
    with suppress(Refused):  # the closure has been taken back meanwhile
        plan = await closures.planned((date.fromisoformat(days[0]), date.fromisoformat(days[-1])), desk)
        return plan.unreachable
    return ()
