"""What a member did, and how much of it counts in a stretch of time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from portal.rulebook.tiers.ladder import AnyOf, Lifetime, Metric, Rolling, Threshold, TierCondition, parts_of
from portal.rulebook.tiers.periods import Period, unit_start
from portal.rulebook.validity import midnight

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The time from `since` (None: from the beginning) to before `until`, in instants."""

    since: datetime | None
    until: datetime

    def holds(self, at: datetime) -> bool:
        return (self.since is None or self.since <= at) and at < self.until


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Money that a refund gave back, in minor units."""

    at: datetime
    money: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A purchase and what is left of the money paid for it, in minor units, after what came back.

    `given_back` are those of its refunds that a judgement of the past must not know of yet.
    """

    at: datetime
    money: int
    given_back: tuple[GivenBack, ...] = ()

    def before(self, at: datetime) -> "Kept":
        """Return the purchase as it stood just before an instant."""
        later = sum(each.money for each in self.given_back if each.at >= at)
        return replace(self, money=self.money + later) if later else self


@dataclass(frozen=True, slots=True)
class Totals:
    """All of a member's purchases together: money kept, purchases of which any is, the largest of them."""

    spend: int = 0
    purchases: int = 0
    max_receipt: int = 0

    @classmethod
    def of(cls, kept: Iterable[int]) -> "Totals":
        """Add up what is left of single purchases."""
        amounts = [money for money in kept if money > 0]
        return cls(sum(amounts), len(amounts), max(amounts, default=0))

    def plus(self, money: int) -> "Totals":
        """Return the totals after one more purchase."""
        return Totals(self.spend + money, self.purchases + (money > 0), max(self.max_receipt, money))

    def value(self, metric: Metric) -> int:
        return {"spend": self.spend, "purchases": self.purchases, "max_receipt": self.max_receipt}.get(metric, 0)


Measure: TypeAlias = Callable[[Metric, Span], int]
"""Returns the value of a metric within a span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """What tiers are made of. `totals` stand for all purchases where `kept` names only those within reach.

    `referrals` and `quests` are the instants at which a friend's first purchase stood and a quest was done.
    """

    kept: tuple[Kept, ...] = ()
    totals: Totals | None = None
    referrals: tuple[datetime, ...] = ()
    quests: tuple[datetime, ...] = ()

    def before(self, at: datetime) -> "Deeds":
        """Return what counted just before an instant, for a judgement that comes later; `kept` names all of it."""
        return replace(self, kept=tuple(each.before(at) for each in self.kept), totals=None)

    def measure(self, metric: Metric, span: Span) -> int:
        """Return the value of a metric within a span; since ever, by the totals where there are any."""
        if metric in ("referrals", "quests_done"):
            return sum(map(span.holds, self.referrals if metric == "referrals" else self.quests))
        if span.since is None and self.totals is not None:
            return self.totals.value(metric)
        return Totals.of(each.money for each in self.kept if span.holds(each.at)).value(metric)


def window_span(threshold: Threshold, *, at: datetime, zone: ZoneInfo) -> Span:
    """Return what counts for letting in at an instant, that instant included."""
    window, until, day = threshold.window, at + timedelta.resolution, at.astimezone(zone).date()
    if window is None or isinstance(window, Lifetime):
        return Span(None, until)
    first = day - (window.days - 1) * _DAY if isinstance(window, Rolling) else unit_start(day, window.unit)
    return Span(midnight(first, zone), until)


def period_span(threshold: Threshold, period: Period, *, zone: ZoneInfo, own: bool) -> Span:
    """Return what counts for keeping a tier through a period: the period and its grace.

    With `own`, the windows of a `keep` that names some are those, as of the end of the period.
    """
    until, window = period.judged_at(zone), threshold.window if own else None
    if isinstance(window, Lifetime):
        return Span(None, until)
    if isinstance(window, Rolling):
        return Span(midnight(period.after - window.days * _DAY, zone), until)
    first = period.first if window is None else unit_start(period.after - _DAY, window.unit)
    return Span(midnight(first, zone), until)


def holds(condition: TierCondition, reaches: Callable[[Threshold], bool]) -> bool:
    """Tell whether a condition holds, by telling of each threshold whether it is reached."""
    if isinstance(condition, Threshold):
        return reaches(condition)
    parts = (holds(part, reaches) for part in parts_of(condition))
    return any(parts) if isinstance(condition, AnyOf) else all(parts)
