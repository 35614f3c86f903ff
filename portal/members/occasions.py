"""Birthdays and members' own holidays: a day that may change once in 12 months (domain.md §2.7)."""

from datetime import date, datetime

from portal.errors import Refused

OLDEST = 120
_ANY_LEAP_YEAR = 2000


class WrongBirthday(Refused):
    code = "wrong-birthday"
    text = "This is not a birthday: the day lies ahead, or more than 120 years back."


class ChangedLately(Refused):
    code = "changed-lately"
    text = "This day was changed less than 12 months ago. It can be changed again on %(day)s."


def check_birthday(day: date, *, today: date) -> None:
    """Raise `WrongBirthday` for a day nobody alive was born on."""
    if not 0 <= today.year - day.year <= OLDEST or day > today:
        raise WrongBirthday


def holiday_of(*, month: int, day: int) -> date:
    """Return a day of the year as the database keeps it, in a leap year; raises ValueError for 30 February."""
    return date(_ANY_LEAP_YEAR, month, day)


def check_change(changed_at: datetime | None, *, now: datetime) -> None:
    """Raise `ChangedLately` within 12 months of the last change; telling a day for the first time is no change."""
    if changed_at is not None and now < (again := year_after(changed_at)):
        raise ChangedLately(day=again.date().isoformat())


def year_after(moment: datetime) -> datetime:
    """Return the same moment of the next year; 29 February becomes 1 March."""
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:
        return moment.replace(year=moment.year + 1, month=3, day=1)
