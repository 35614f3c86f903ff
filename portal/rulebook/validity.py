"""When points become spendable and when they run out (domain.md §2.3, decision L1)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from portal.rulebook.moments import in_zone
from portal.rulebook.values import Model

RoundUp = Literal["month", "quarter", "half_year", "year"]
_MONTHS: dict[RoundUp, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


class Validity(Model):
    """How long points live after their release: `n` days or calendar months, then to the end of a period if asked.

    `{type = "months", n = 1}` from 31 January lasts through 28 February (29 in leap years).
    """

    type: Literal["days", "months"]
    n: Annotated[int, Field(strict=True, ge=0, le=36_500)]
    round_up: RoundUp | None = None


@dataclass(frozen=True, slots=True)
class LotDates:
    """Spendable from `available_at`, through `last_valid_day`, gone at `expires_at` (none: never)."""

    available_at: datetime
    last_valid_day: date | None
    expires_at: datetime | None


@lru_cache(maxsize=1024)
def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the local midnight that begins the day, with the offset in force then."""
    return datetime.combine(day, time(), zone)


def midnight_after(day: date, zone: ZoneInfo) -> datetime:
    """Return the local midnight that ends the day."""
    return midnight(day + timedelta(days=1), zone)


def lot_dates(at: datetime, *, zone: ZoneInfo, pending_days: int, valid: Validity | None) -> LotDates:
    """Return the dates of points earned at an instant.

    Pending points are released at the local midnight that begins the day `pending_days` later; validity counts from
    there.
    """
    earned = in_zone(at, zone)
    released = midnight(earned.date() + timedelta(days=pending_days), zone) if pending_days else earned
    if valid is None:
        return LotDates(released, None, None)
    last = last_valid_day(released.date(), valid)
    return LotDates(released, last, midnight_after(last, zone))


def last_valid_day(released: date, valid: Validity) -> date:
    """Return the last local day on which points released on that day can be spent."""
    last = released + timedelta(days=valid.n) if valid.type == "days" else months_later(released, valid.n)
    return period_end(last, valid.round_up) if valid.round_up else last


def months_later(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or that month's last day if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def period_end(day: date, unit: RoundUp) -> date:
    """Return the last day of the calendar month, quarter, half-year or year the day lies in."""
    size = _MONTHS[unit]
    month = (day.month - 1) // size * size + size
    return date(day.year, month, monthrange(day.year, month)[1])
