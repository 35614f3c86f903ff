"""How far the next tier is, and what it takes to keep this one (domain.md §4.2)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from portal.rulebook.tiers.judging import fall
from portal.rulebook.tiers.ladder import AnyOf, ByPeriod, Calendar, Ladder, Metric, Threshold, Tier, TierCondition
from portal.rulebook.tiers.measuring import Measure, Span, holds, period_span, window_span
from portal.rulebook.tiers.periods import Period, period_before, period_of, unit_after
from portal.rulebook.tiers.standing import Standing

_DAY = timedelta(days=1)
_MONEY = ("spend", "max_receipt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One way to a goal: money in minor units, or a number. `last_day` is when its window ends (None: it does not)."""

    metric: Metric
    value: int
    goal: int
    last_day: date | None = None

    @property
    def left(self) -> int:
        return max(0, self.goal - self.value)

    @property
    def percent(self) -> int:
        """The share done, rounded down and at most 100."""
        return min(100, 100 * max(0, self.value) // self.goal)

    @property
    def share(self) -> Fraction:
        return min(Fraction(1), Fraction(max(0, self.value), self.goal))


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a member is: `next` and the nearest `path` to it (None at the top), what keeping takes (None: nothing)."""

    tier: Tier
    next: Tier | None
    path: Path | None
    keep: Path | None


def nearly(metric: Metric, goal: int) -> int:
    """Return the least value that comes near a goal: nine tenths of it, or what lacks one purchase, friend or quest."""
    tenths = -(-9 * goal // 10)
    return tenths if metric in _MONEY else max(1, min(tenths, goal - 1))


def shown_path(paths: Iterable[Path]) -> Path:
    """Return the path with the largest share done, the first of equal ones [4.17]."""
    return max(paths, key=lambda path: path.share)


def paths_of(condition: TierCondition, path: Callable[[Threshold], Path]) -> tuple[Path, ...]:
    """Return the ways to a condition; of what is needed together the part that is least done stands for all."""
    if isinstance(condition, Threshold):
        return (path(condition),)
    if isinstance(condition, AnyOf):
        return tuple(each for part in condition.any for each in paths_of(part, path))
    return (min((shown_path(paths_of(part, path)) for part in condition.all), key=lambda each: each.share),)


def progress_of(ladder: Ladder, standing: Standing, measure: Measure, *, at: datetime, zone: ZoneInfo) -> Progress:
    """Return the nearest way up from the tier that works now, and what is left to keep the earned one."""
    tier = standing.tier_at(at, ladder)
    following = ladder.above(tier.id)
    ways = following.enter if following else None
    return Progress(
        tier=tier,
        next=following,
        path=shown_path(paths_of(ways, lambda each: _path_up(each, measure, at, zone))) if ways else None,
        keep=keep_path(ladder, standing, measure, at=at, zone=zone) if tier.id == standing.tier else None,
    )


def near_miss(ladder: Ladder, standing: Standing, measure: Measure, *, at: datetime, zone: ZoneInfo) -> Path | None:
    """Return the shown way up where little of it is left and nothing else is missing; None where more is."""
    following = ladder.above(standing.tier_at(at, ladder).id)
    if following is None or following.enter is None:
        return None

    def path(threshold: Threshold) -> Path:
        return _path_up(threshold, measure, at, zone)

    shown = shown_path(paths_of(following.enter, path))
    near = nearly(shown.metric, shown.goal) <= shown.value < shown.goal
    done = near and holds(following.enter, lambda each: path(each).left == 0 or path(each) == shown)
    return shown if done else None


def keep_path(ladder: Ladder, standing: Standing, measure: Measure, *, at: datetime, zone: ZoneInfo) -> Path | None:
    """Return what is left to keep the earned tier, by the first period whose judgement would take it; None when safe.

    In the days of grace that is the period that has ended.
    """
    if not isinstance(ladder.keep, ByPeriod) or standing.tier is None or ladder.rank(standing.tier) == 0:
        return None
    running = period_of(at.astimezone(zone).date(), ladder.keep)
    ended = period_before(running, ladder.keep)
    for period in (ended, running):
        if period.judged_at(zone) > at and fall(ladder, standing, measure, period=period, zone=zone):
            return _path_to_keep(ladder.tier(standing.tier), measure, period, zone)
    return None


def _path_up(threshold: Threshold, measure: Measure, at: datetime, zone: ZoneInfo) -> Path:
    window, last_day = threshold.window, None
    if isinstance(window, Calendar):
        last_day = unit_after(at.astimezone(zone).date(), window.unit) - _DAY
    return _path(threshold, measure, window_span(threshold, at=at, zone=zone), last_day)


def _path_to_keep(tier: Tier, measure: Measure, period: Period, zone: ZoneInfo) -> Path | None:
    condition, own = tier.keep or tier.enter, tier.keep is not None
    if condition is None:
        return None

    def path(threshold: Threshold) -> Path:
        span = period_span(threshold, period, zone=zone, own=own)
        return _path(threshold, measure, span, period.last_day)

    return shown_path(paths_of(condition, path))


def _path(threshold: Threshold, measure: Measure, span: Span, last_day: date | None) -> Path:
    return Path(metric=threshold.metric, value=measure(threshold.metric, span), goal=threshold.goal, last_day=last_day)
