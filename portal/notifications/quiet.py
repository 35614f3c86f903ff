"""Hours in which a member is left alone, on the clock of wherever they live."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` up to `end`, half-open; over midnight where `end` is not later. Equal ends are no quiet at all."""

    start: time
    end: time

    def contain(self, wall: time) -> bool:
        if self.start < self.end:
            return self.start <= wall < self.end
        return self.start != self.end and (wall >= self.start or wall < self.end)

    def let_out(self, at: datetime, *, zone: ZoneInfo) -> datetime:
        """Return the instant itself, or the end of the quiet it lies in, in the zone.

        An end that the clocks skip in spring comes when they have been put forward; of one that comes twice in autumn
        the first is taken that is not past.
        """
        here = at.astimezone(zone)
        if not self.contain(here.time()):
            return here
        over_midnight = self.start > self.end and here.time() >= self.start
        day = here.date() + timedelta(days=1) if over_midnight else here.date()
        return _instant(day, self.end, zone=zone, not_before=at)


def _instant(day: date, wall: time, *, zone: ZoneInfo, not_before: datetime) -> datetime:
    for fold in (0, 1):
        local = datetime.combine(day, wall, zone).replace(fold=fold)
        found = local.astimezone(UTC)
        if found >= not_before:
            return found.astimezone(zone)
    raise AssertionError("unreachable: the second of two equal wall times is not past")
