"""The timetable: which jobs start by themselves, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from cronsim import CronSim

_JUST_AFTER = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Timed:
    """A kind of job that starts by itself at every instant that `when`, a cron expression in UTC, stands for.

    After a standstill only the last missed instant is run: a timed job does its work up to now, so that one run catches
    up for all.
    """

    kind: str
    when: str

    def last_due(self, now: datetime) -> datetime:
        """Return the latest instant of the timetable that is not after `now`."""
        return _last(self.when, now.replace(second=0, microsecond=0))

    def name(self, at: datetime) -> str:
        """Return the unique name of the job of one instant, so that many workers make it once."""
        return f"{self.kind}@{at:%Y-%m-%dT%H:%M:%SZ}"


@lru_cache(maxsize=128)
def _last(when: str, minute: datetime) -> datetime:
    return next(CronSim(when, minute + _JUST_AFTER, reverse=True))
