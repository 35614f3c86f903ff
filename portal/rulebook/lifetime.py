"""The dates of points by the day they are earned on, worked out once per day."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.rulebook.validity import Validity, last_valid_day, midnight, midnight_after

_MOST_DAYS = 500


@dataclass(frozen=True, slots=True)
class LifeDates:
    """Released at (None: at once), last valid day and the instant of expiry (None: never)."""

    release_at: datetime | None
    last_valid_day: date | None
    expires_at: datetime | None


@dataclass(slots=True)
class Lifetime:
    """Pending days and validity of an effect or its wallet; equal ones make one grant.

    The dates depend on the local day alone, so those of the days asked for last are kept.
    """

    pending_days: int
    valid: Validity | None
    zone: ZoneInfo
    _kept: dict[date, LifeDates] = field(default_factory=dict[date, LifeDates], compare=False)

    def dates(self, day: date) -> LifeDates:
        """Return the dates of points earned on a local day."""
        kept = self._kept.get(day)
        if kept is None:
            if len(self._kept) >= _MOST_DAYS:
                self._kept.clear()
            kept = self._kept[day] = self._work_out(day)
        return kept

    def _work_out(self, day: date) -> LifeDates:
        released = day + timedelta(days=self.pending_days)
        release_at = midnight(released, self.zone) if self.pending_days else None
        if self.valid is None:
            return LifeDates(release_at, None, None)
        last = last_valid_day(released, self.valid)
        return LifeDates(release_at, last, midnight_after(last, self.zone))
