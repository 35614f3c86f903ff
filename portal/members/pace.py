"""How fast codes may be asked for: a sliding count over the times of those given before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.members.terms import Rate

TEN_MINUTES = timedelta(minutes=10)
DAY = timedelta(hours=24)


def next_allowed(given: Sequence[datetime], *, rate: Rate, now: datetime) -> datetime:
    """Return when one more code may be given; `now` or earlier means at once. `given` is in any order.

    Three in ten minutes, at 12:00, 12:01 and 12:02: the next at 12:10.
    """
    newest_first = sorted(given, reverse=True)
    waits = ((rate.in_ten_minutes, TEN_MINUTES), (rate.in_a_day, DAY))
    return max((newest_first[room - 1] + span for room, span in waits if len(newest_first) >= room), default=now)
