"""`--since DATE`: from the first moment of that day in New York."""

from datetime import date, datetime, time

from committee.calendar import NEW_YORK


def start_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), NEW_YORK) if day else None
