"""Comparing the shop's local time with moments that may come without an offset."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant in the zone; a moment without an offset is the zone's own wall-clock time."""
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def is_before(at: datetime, limit: datetime) -> bool:
    """Tell whether a local, aware time is before a limit; a limit without an offset is on the same wall clock."""
    return at.replace(tzinfo=None) < limit if limit.tzinfo is None else at < limit


def local_time(moment: datetime, at: datetime) -> datetime:
    """Return a moment on the wall clock that the local, aware time `at` is read from."""
    return moment.replace(tzinfo=at.tzinfo) if moment.tzinfo is None else moment.astimezone(at.tzinfo)


def local_day(moment: datetime, at: datetime) -> date:
    """Return the date of a moment on the wall clock that the local, aware time `at` is read from."""
    return local_time(moment, at).date()
