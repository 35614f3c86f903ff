"""`days_since_last`: how long the member has been away."""

from typing import Literal, Self

from pydantic import model_validator

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.conditions.threshold import Threshold
from portal.rulebook.moments import local_day
from portal.rulebook.situation import Situation
from portal.rulebook.values import Days


class DaysSinceLast(BaseCondition):
    """Hold when the local days since the last purchase are `min` or more and `max` or less; never before the first.

    Example: last bought on 4 March at 23:50, back on 5 March at 0:10 is one day: `{type = "days_since_last", min = 1}`
    holds.
    """

    about_member = True
    type: Literal["days_since_last"]
    min: Days | None = None
    max: Days | None = None

    @model_validator(mode="after")
    def _have_an_end(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("days since the last purchase have `min`, `max` or both")
        return self

    def compiled(self) -> Test:
        threshold = Threshold(self.min, None, self.max)

        def holds(situation: Situation) -> bool:
            days = days_since_last(situation)
            return days is not None and threshold.admits(days)

        def miss(situation: Situation) -> Miss:
            return Miss("days_since_last", {"value": days_since_last(situation), **threshold.facts()})

        return Test(holds, miss)


def days_since_last(situation: Situation) -> int | None:
    """Return the local days from the member's last purchase to this receipt; None before the first and for guests."""
    last = situation.member.last_purchase if situation.member else None
    return (situation.day - local_day(last.at, situation.at)).days if last else None
