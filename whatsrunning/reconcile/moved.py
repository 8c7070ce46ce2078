"""Arithmetic on instants that others wrote: the year 1 and the year 9999 are dates too. Pure."""

from datetime import UTC, datetime, timedelta

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def moved(at: datetime, by: timedelta) -> datetime:
    """An instant so much later, or the last (the first) that there is."""
    try:
        return at + by
    except OverflowError:
        return _LAST if by > timedelta(0) else _FIRST
