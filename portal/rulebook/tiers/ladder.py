"""The ladder as the rulebook writes it: tiers, what lets in, how they are kept (domain.md §4.1)."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from portal.rulebook.values import MOST, Days, Minor, Model, Name, Title

Metric = Literal["spend", "purchases", "max_receipt", "referrals", "quests_done"]
Unit = Literal["month", "quarter", "half_year", "year"]

LONGEST = {"month": 31, "quarter": 92, "half_year": 184, "year": 366}
"""The most days that a calendar unit has."""


class Lifetime(Model):
    """Everything since joining counts."""

    type: Literal["lifetime"]


class Rolling(Model):
    """The last so many local days count, today included."""

    type: Literal["rolling"]
    days: Annotated[Days, Field(ge=1)]


class Calendar(Model):
    """What was done in the running month, quarter, half-year or year counts."""

    type: Literal["calendar"]
    unit: Unit


Window = Annotated[Lifetime | Rolling | Calendar, Field(discriminator="type")]


class Threshold(Model):
    """At least `min`, or above `more_than`, of a metric; money in minor units.

    Without a window all that was ever done counts; in `keep`, what was done in the period that is judged.
    Example: `{metric = "spend", min = 1000000, window = {type = "rolling", days = 90}}` is 10 000.00 in 90 days.
    """

    metric: Metric
    min: Annotated[int, Field(strict=True, ge=1, le=MOST)] | None = None
    more_than: Minor | None = None
    window: Window | None = None

    @model_validator(mode="after")
    def _name_one_goal(self) -> Self:
        if (self.min is None) == (self.more_than is None):
            raise ValueError("a threshold has one of `min`, `more_than`")
        return self

    @property
    def goal(self) -> int:
        """The least value that is enough."""
        return self.min if self.min is not None else (self.more_than or 0) + 1


class AnyOf(Model):
    """One of several ways is enough."""

    any: Annotated[tuple["TierCondition", ...], Field(min_length=1, max_length=10)]


class AllOf(Model):
    """All of it is needed."""

    all: Annotated[tuple["TierCondition", ...], Field(min_length=1, max_length=10)]


TierCondition = Threshold | AnyOf | AllOf


class Benefit(Model):
    """What a tier gives in words, and the rules that give it."""

    text: Title
    rules: tuple[Name, ...] = ()


class Tier(Model):
    """One step. Each tier's condition stands on its own; `keep` is by default what lets in."""

    id: Name
    title: Title = ""
    enter: TierCondition | None = None
    keep: TierCondition | None = None
    benefits: Annotated[tuple[Benefit, ...], Field(max_length=10)] = ()

    @property
    def to_keep(self) -> TierCondition | None:
        """The condition by which it is kept; the lowest has none."""
        return self.keep or self.enter


class Lifelong(Model):
    """A tier once reached stays."""

    type: Literal["lifelong"]


class ByPeriod(Model):
    """A tier is confirmed in each calendar `unit`, judged `grace_days` after its end.

    Who did not falls `to_qualified`, the highest tier whose condition holds for that period, or `one_step` down. A tier
    held for less than `min_hold_days` is not judged.
    """

    type: Literal["period"]
    unit: Unit
    mode: Literal["to_qualified", "one_step"] = "to_qualified"
    grace_days: Annotated[Days, Field(le=31)] = 0
    min_hold_days: Annotated[Days, Field(le=366)] = 0


Keep = Annotated[Lifelong | ByPeriod, Field(discriminator="type")]


class Ladder(Model):
    """The tiers from the lowest, where everybody begins, to the highest."""

    tiers: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=20)]
    keep: Keep = Lifelong(type="lifelong")
    refund_guard_days: Annotated[Days, Field(le=366)] = 14

    @model_validator(mode="after")
    def _begin_without_a_condition(self) -> Self:
        ids = [tier.id for tier in self.tiers]
        if len(set(ids)) < len(ids):
            raise ValueError("a tier stands twice")
        if self.tiers[0].enter or self.tiers[0].keep:
            raise ValueError("the lowest tier has no condition: everybody is in it")
        if any(tier.enter is None for tier in self.tiers[1:]):
            raise ValueError("every tier above the lowest says in `enter` what lets in")
        return self

    @property
    def lowest(self) -> Tier:
        return self.tiers[0]

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {tier.id: rank for rank, tier in enumerate(self.tiers)}

    def rank(self, tier: str | None) -> int:
        """Return the place of a tier, 0 the lowest; one that this ladder does not know counts as the lowest."""
        return self._ranks.get(tier or "", 0)

    def knows(self, tier: str) -> bool:
        return tier in self._ranks

    def tier(self, tier: str | None) -> Tier:
        return self.tiers[self.rank(tier)]

    def above(self, tier: str | None) -> Tier | None:
        """Return the next tier up, None at the top."""
        rank = self.rank(tier) + 1
        return self.tiers[rank] if rank < len(self.tiers) else None

    def thresholds(self) -> Iterator[Threshold]:
        """Give every threshold of the ladder, those of `keep` included."""
        for tier in self.tiers:
            for condition in (tier.enter, tier.keep):
                if condition is not None:
                    yield from thresholds_of(condition)

    def asks(self, metric: Metric) -> bool:
        """Tell whether any condition looks at a metric."""
        return any(each.metric == metric for each in self.thresholds())

    @cached_property
    def keeps_by_lifetime(self) -> bool:
        """Tell whether a tier is kept by what was ever done, up to the end of a period."""
        keeps = (each.keep for each in self.tiers if each.keep is not None)
        return any(isinstance(each.window, Lifetime) for keep in keeps for each in thresholds_of(keep))

    @cached_property
    def reach_days(self) -> int:
        """Return how many days back single purchases matter; what is older matters in lifetime totals alone."""
        reaches = [_reach(each.window) for each in self.thresholds()]
        if isinstance(self.keep, ByPeriod):
            reaches.append(2 * LONGEST[self.keep.unit] + self.keep.grace_days)
        return max(reaches, default=0)


def thresholds_of(condition: TierCondition) -> Iterator[Threshold]:
    """Give the thresholds of a condition in order."""
    if isinstance(condition, Threshold):
        yield condition
        return
    for part in parts_of(condition):
        yield from thresholds_of(part)


def parts_of(condition: AnyOf | AllOf) -> tuple[TierCondition, ...]:
    return condition.any if isinstance(condition, AnyOf) else condition.all


def _reach(window: Lifetime | Rolling | Calendar | None) -> int:
    if isinstance(window, Rolling):
        return window.days
    return LONGEST[window.unit] if isinstance(window, Calendar) else 0
