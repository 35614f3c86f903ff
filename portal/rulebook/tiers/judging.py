"""Who rises, who falls at a period's end, whom a refund moves back (domain.md §4.1). Pure: each returns a change."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.rulebook.tiers.ladder import ByPeriod, Ladder, Threshold, Tier
from portal.rulebook.tiers.measuring import Measure, holds, period_span, window_span
from portal.rulebook.tiers.periods import Period
from portal.rulebook.tiers.standing import Change, Standing
from portal.rulebook.validity import midnight

_DAY = timedelta(days=1)


def rise(ladder: Ladder, standing: Standing, measure: Measure, *, at: datetime, zone: ZoneInfo) -> Change | None:
    """Return the rise to the highest tier whose condition holds at an instant; jumps are allowed."""
    rank = ladder.rank(standing.tier)
    reached = next((tier for tier in reversed(ladder.tiers[rank + 1 :]) if _lets_in(tier, measure, at, zone)), None)
    if reached is None:
        return None
    former = standing.tier or ladder.lowest.id
    return Change(at=at, from_=former, to=reached.id, cause="rise", held_since=standing.since)


def fall(ladder: Ladder, standing: Standing, measure: Measure, *, period: Period, zone: ZoneInfo) -> Change | None:
    """Return the fall at the end of a period; None when the tier was kept or is not judged for that period.

    Not judged is who reached the tier after the period had ended, or holds it for less than `min_hold_days`.
    """
    keep, rank, at = ladder.keep, ladder.rank(standing.tier), period.judged_at(zone)
    if not isinstance(keep, ByPeriod) or standing.tier is None or standing.tier == ladder.lowest.id:
        return None
    if _too_fresh(standing, keep, period, zone) or (rank and _keeps(ladder.tiers[rank], measure, period, zone)):
        return None
    below = ladder.tiers[1:rank] if rank else ladder.tiers[1:]  # of a tier that is no more, any may be next
    kept = (tier for tier in reversed(below) if _keeps(tier, measure, period, zone))
    lower = ladder.tiers[rank - 1] if rank and keep.mode == "one_step" else next(kept, ladder.lowest)
    return Change(at=at, from_=standing.tier, to=lower.id, cause="period", held_since=standing.since)


def step_back(ladder: Ladder, standing: Standing, measure: Measure, *, at: datetime, zone: ZoneInfo) -> Change | None:
    """Return the way back that a refund brings; None when nothing is undone.

    Only rises of the last `refund_guard_days` are undone, each as far as its condition held on no day since with what
    is kept now; never below the tier from before it.
    """
    today, tier = at.astimezone(zone).date(), standing.tier
    for change in reversed(standing.rises):
        day = change.at.astimezone(zone).date()
        if change.to != tier or (today - day).days > ladder.refund_guard_days:
            break
        steps = reversed(ladder.tiers[ladder.rank(change.from_) + 1 : ladder.rank(change.to) + 1])
        held = next((each.id for each in steps if _held(each, measure, change.at, at, zone)), None)
        tier = held or change.from_
        if held is not None:
            break
    if tier is None or standing.tier is None or tier == standing.tier:
        return None
    return Change(at=at, from_=standing.tier, to=tier, cause="refund", held_since=standing.since)


def _lets_in(tier: Tier, measure: Measure, at: datetime, zone: ZoneInfo) -> bool:
    def reaches(threshold: Threshold) -> bool:
        return measure(threshold.metric, window_span(threshold, at=at, zone=zone)) >= threshold.goal

    return tier.enter is not None and holds(tier.enter, reaches)


def _keeps(tier: Tier, measure: Measure, period: Period, zone: ZoneInfo) -> bool:
    condition, own = tier.to_keep, tier.keep is not None

    def reaches(threshold: Threshold) -> bool:
        return measure(threshold.metric, period_span(threshold, period, zone=zone, own=own)) >= threshold.goal

    return condition is None or holds(condition, reaches)


def _too_fresh(standing: Standing, keep: ByPeriod, period: Period, zone: ZoneInfo) -> bool:
    if standing.since is None:
        return False
    day = standing.since.astimezone(zone).date()
    return day >= period.after or (period.judged_on - day).days < keep.min_hold_days


def _held(tier: Tier, measure: Measure, risen_at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether any day since the rise lets in, the last one first: what was bought since counts."""
    last = max(now, risen_at).astimezone(zone)
    days = (last.date() - risen_at.astimezone(zone).date()).days
    ends = (midnight(last.date() - n * _DAY, zone) - timedelta.resolution for n in range(days))
    return any(_lets_in(tier, measure, at, zone) for at in (last, *ends))
