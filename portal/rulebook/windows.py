"""Windows that come again: hours of the week, days around a birthday (domain.md §2.7, §3.2)."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta


def weekly_contains(at: datetime, *, days: Collection[int], start: time, end: time) -> bool:
    """Tell whether a local time lies in the half-open weekly window.

    `days` are ISO weekdays on which it starts; when `end` ≤ `start` it runs over midnight into the next day.
    """
    weekday, wall = at.isoweekday(), at.time()
    if start < end:
        return start <= wall < end and weekday in days
    if wall >= start and weekday in days:
        return True
    return wall < end and (weekday - 2) % 7 + 1 in days


def birthday_key(birthday: date, *, before: int, after: int, day: date) -> int | None:
    """Return the year of the birthday whose window holds the day, or None outside every window.

    The window is `before` days before the birthday to `after` days after it, both included. Over New Year it keeps the
    birthday's year; 29 February is kept on the 28th in common years.
    """
    years = (day.year - 1, day.year, day.year + 1)
    return next((year for year in years if -before <= (day - kept_birthday(birthday, year)).days <= after), None)


def kept_birthday(birthday: date, year: int) -> date:
    """Return the day a birthday is kept on in a year."""
    try:
        return birthday.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def entered_in_time(birthday: date, *, entered: date, before: int, year: int, notice_days: int) -> bool:
    """Tell whether a birthday was told at least `notice_days` before its window of that year opens."""
    return entered + timedelta(days=notice_days + before) <= kept_birthday(birthday, year)
