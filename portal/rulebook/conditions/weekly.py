"""`weekly`: hours of some days of the week."""

from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.situation import Situation
from portal.rulebook.values import WallTime
from portal.rulebook.windows import weekly_contains

Weekday = Annotated[int, Field(strict=True, ge=1, le=7)]


class Weekly(BaseCondition):
    """Hold when `start` ≤ local time < `end` on one of the `days` (ISO: 1 is Monday).

    When `end` ≤ `start` the window crosses midnight and belongs to the day it starts on; from 00:00 to 00:00 is the
    day.

    Example: `{type = "weekly", days = [5], start = "18:00", end = "20:00"}` holds on Friday at 18:00:00 and 19:59:59,
    not at 20:00:00.
    """

    type: Literal["weekly"]
    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = (1, 2, 3, 4, 5, 6, 7)
    start: WallTime = time()
    end: WallTime = time()

    def compiled(self) -> Test:
        days, start, end = frozenset(self.days), self.start, self.end
        return Test(lambda situation: weekly_contains(situation.at, days=days, start=start, end=end), self._miss)

    def _miss(self, situation: Situation) -> Miss:
        window = {"days": list(self.days), "start": self.start.isoformat("auto"), "end": self.end.isoformat("auto")}
        return Miss("weekly", {"at": situation.at.isoformat(), **window})
