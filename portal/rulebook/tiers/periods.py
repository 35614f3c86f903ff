"""Calendar periods of the shop's zone, and when a tier is judged for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.rulebook.tiers.ladder import ByPeriod, Keep, Unit
from portal.rulebook.validity import midnight

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period [`first`, `after`) in local days; what was done before `judged_on` counts for it."""

    first: date
    after: date
    judged_on: date

    @property
    def last_day(self) -> date:
        """The last day on which something still counts, grace included."""
        return self.judged_on - _DAY

    def judged_at(self, zone: ZoneInfo) -> datetime:
        return midnight(self.judged_on, zone)


def unit_start(day: date, unit: Unit) -> date:
    """Return the first day of the calendar unit that a day lies in."""
    months = MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def unit_after(day: date, unit: Unit) -> date:
    """Return the first day of the next calendar unit."""
    start = unit_start(day, unit)
    month = start.month - 1 + MONTHS[unit]
    return date(start.year + month // 12, month % 12 + 1, 1)


def period_of(day: date, keep: ByPeriod) -> Period:
    """Return the period that a day lies in."""
    after = unit_after(day, keep.unit)
    return Period(unit_start(day, keep.unit), after, after + keep.grace_days * _DAY)


def period_before(period: Period, keep: ByPeriod) -> Period:
    return period_of(period.first - _DAY, keep)


def judgements(keep: Keep, *, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[Period]:
    """Give the periods judged in (`after`, `until`], in time order; none where tiers are for life."""
    if not isinstance(keep, ByPeriod):
        return
    period = period_before(period_of(after.astimezone(zone).date(), keep), keep)
    while (at := period.judged_at(zone)) <= until:
        if at > after:
            yield period
        period = period_of(period.after, keep)
