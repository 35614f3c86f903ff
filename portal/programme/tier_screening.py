"""Who may rise or fall, found in one set-based statement: those for whom nothing changes are never read (P17).

What the database cannot count (quests) is taken as it may be, and judged exactly for those who are found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, false, select, true, union
from sqlalchemy.orm import Session

from portal.programme.tier_sums import Summed, reached_among, summed_for, sums_of
from portal.receipts.queries import buyers_between, nth_buyer
from portal.referrals.queries import brought_between
from portal.rulebook.tiers import Ladder, Period, Span, nearly
from portal.rulebook.tiers.ladder import Threshold, Tier, TierCondition
from portal.rulebook.tiers.measuring import period_span, window_span
from portal.tiers.queries import Reached, falling, nth_holder, rising


@dataclass(frozen=True, slots=True)
class Screened:
    """Who was found, in the order of ids, and the last one who was looked at (None: everybody was)."""

    found: list[str]
    last: str | None


def may_fall(session: Session, tier: Tier, *, period: Period, zone: ZoneInfo, after: str, limit: int) -> Screened:
    """Look at the next `limit` holders of a tier, and find who did too little in a period to keep it."""
    condition = tier.to_keep
    if condition is None:
        return Screened([], None)
    through = nth_holder(session, limit, tier=tier.id, after=after)
    summed = summed_to_keep(tier, period=period, zone=zone)
    keeps = keeping(tier, condition, summed, period=period, zone=zone)
    sums = sums_of(summed, after=after, through=through, as_of=period.judged_at(zone))
    found = falling(sums, tier=tier.id, keeps=keeps, after=after, through=through)
    return Screened(list(session.scalars(found)), through)


def summed_to_keep(*asked: Tier, period: Period, zone: ZoneInfo) -> list[Summed]:
    """Return all that keeping these tiers through a period asks about, each once."""
    told = (summed_for([tier.to_keep], _spans_to_keep(tier, period, zone)) for tier in asked)
    return list(dict.fromkeys(each for summed in told for each in summed))


def keeping(
    tier: Tier, condition: TierCondition, summed: Sequence[Summed], *, period: Period, zone: ZoneInfo
) -> Reached:
    """Return what makes SQL of the condition to keep a tier through a period, over the subqueries of these sums."""
    span_of = _spans_to_keep(tier, period, zone)
    return lambda parts: reached_among(condition, span_of, summed, parts, unknown=false(), enough=goal_of)


def _spans_to_keep(tier: Tier, period: Period, zone: ZoneInfo) -> Callable[[Threshold], Span]:
    return lambda threshold: period_span(threshold, period, zone=zone, own=tier.keep is not None)


def goal_of(threshold: Threshold) -> int:
    """Return what is enough to rise."""
    return threshold.goal


def nearly_goal_of(threshold: Threshold) -> int:
    """Return what is nearly enough."""
    return nearly(threshold.metric, threshold.goal)


def may_rise(
    session: Session,
    ladder: Ladder,
    *,
    at: datetime,
    zone: ZoneInfo,
    after: str,
    limit: int,
    enough: Callable[[Threshold], int] = goal_of,
) -> Screened:
    """Look at the next `limit` of those who ever bought, and find who did `enough` for a tier above theirs.

    Where friends count, whoever brought one is looked at too.
    """
    through = nth_buyer(session, limit, after=after)
    entries = [(tier, tier.enter) for tier in ladder.tiers if tier.enter is not None]

    def span_of(threshold: Threshold) -> Span:
        return window_span(threshold, at=at, zone=zone)

    summed = summed_for((enter for _, enter in entries), span_of)

    def lets_in(enter: TierCondition) -> Callable[[Sequence[Any]], ColumnElement[bool]]:
        return lambda parts: reached_among(enter, span_of, summed, parts, unknown=true(), enough=enough)

    steps = [([each.id for each in ladder.tiers[ladder.rank(tier.id) :]], lets_in(enter)) for tier, enter in entries]
    sums = sums_of(summed, after=after, through=through)
    found = rising(_who_may_rise(ladder, after, through), sums, steps=steps)
    return Screened(list(session.scalars(found)), through)


def _who_may_rise(ladder: Ladder, after: str, through: str | None) -> Select[*tuple[Any, ...]]:
    buyers = buyers_between(after, through)
    if not ladder.asks("referrals"):
        return buyers
    brought = brought_between(after, through).subquery()
    everybody = union(buyers, select(brought.c[0])).subquery()
    return select(everybody.c[0])
