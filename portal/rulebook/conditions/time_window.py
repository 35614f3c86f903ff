"""`time_window`: from one moment until another."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from portal.rulebook.conditions.base import BaseCondition, Miss, Test
from portal.rulebook.moments import is_before
from portal.rulebook.situation import Situation
from portal.rulebook.values import Moment


class TimeWindow(BaseCondition):
    """Hold when `from` ≤ receipt's time < `until`; a missing end is open, times without offset are the rulebook's zone.

    Example: `{type = "time_window", from = "2026-01-01T09:00", until = "2026-01-03T22:00"}` holds on 1 January at 9:00
    and no more on 3 January at 22:00.
    """

    type: Literal["time_window"]
    from_: Moment | None = Field(None, alias="from")
    until: Moment | None = None

    @model_validator(mode="after")
    def _have_an_end(self) -> Self:
        if self.from_ is None and self.until is None:
            raise ValueError("a time window has `from`, `until` or both")
        return self

    def compiled(self) -> Test:
        return Test(lambda situation: is_within(situation.at, self.from_, self.until), self._miss)

    def _miss(self, situation: Situation) -> Miss:
        return window_miss(situation.at, self.from_, self.until)


def is_within(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    """Tell whether a local, aware time lies in the half-open window; an end that is None is open."""
    return (since is None or not is_before(at, since)) and (until is None or is_before(at, until))


def window_miss(at: datetime, since: datetime | None, until: datetime | None) -> Miss:
    """Say that a time lies outside a window."""
    return Miss(
        "time_window",
        {
            "at": at.isoformat(),
            "from": since.isoformat() if since else None,
            "until": until.isoformat() if until else None,
        },
    )
