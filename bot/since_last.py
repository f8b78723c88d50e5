"""What differs from last time, under a preview: a sentence for people, and the same as data."""

from dataclasses import replace

from committee.calendar import written
from committee.cards import Card
from committee.counting import counted
from committee.differences import Difference

MOST_NAMED = 8
MOST_SHOWN = 5


def with_difference(card: Card, since: Difference | None) -> Card:
    """The card with `since_last` among its fields, and what it says in notes."""
    facts = tuple(card.fields) if card.facts is None else card.facts
    return replace(
        card, fields=card.fields | {"since_last": _data(since)}, facts=facts, notes=(*card.notes, *_said(since))
    )


def _data(since: Difference | None) -> dict[str, object] | None:
    if since is None:
        return None
    return {
        "release": since.release, "on": since.on,
        "came": [{"party": party, "address": address} for party, address in since.came],
        "left": [{"party": party, "address": address} for party, address in since.left],
        "words": [{"language": one.language, "was": one.was, "is": one.now} for one in since.words],
    }  # fmt: skip


def _said(since: Difference | None) -> tuple[str, ...]:
    if since is None:
        return ("Letters of this kind were never released before, so there is nothing to compare it with.",)
    of = f"Since {since.release} of {written(since.on)}"
    people = [f"{_many(since.came)} came{_named(since.came)}", f"{_many(since.left)} left{_named(since.left)}"]
    same = not (since.came or since.left or since.words)
    words = tuple(
        f"{one.language}: “{one.was or '(nothing)'}” is now “{one.now or '(nothing)'}”" for one in since.words
    )
    more = (f"and {len(words) - MOST_SHOWN} further changes of words",) if len(words) > MOST_SHOWN else ()
    first = f"{of} nothing has changed." if same else f"{of}: {'; '.join(people)}."
    return (first, *words[:MOST_SHOWN], *more)


def _many(people: tuple[tuple[str, str], ...]) -> str:
    return counted(len(people), "address", "addresses")


def _named(people: tuple[tuple[str, str], ...]) -> str:
    listed = ", ".join(f"{address} of {party}" for party, address in people[:MOST_NAMED])
    more = f" and {len(people) - MOST_NAMED} more" if len(people) > MOST_NAMED else ""
    return f" ({listed}{more})" if people else ""
