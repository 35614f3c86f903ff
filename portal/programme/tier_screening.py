"""Who may rise or fall, found in one set-based statement: those for whom nothing changes are never read (P17).

What the database cannot count (friends, quests) is taken as it may be, and judged exactly for those who are found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, true
from sqlalchemy.orm import Session

from portal.receipts.queries import kept_sums, nth_buyer
from portal.rulebook.tiers import Ladder, Period, Span, nearly
from portal.rulebook.tiers.ladder import AnyOf, Threshold, Tier, TierCondition, parts_of, thresholds_of
from portal.rulebook.tiers.measuring import period_span, window_span
from portal.tiers.queries import falling, nth_holder, rising

_COLUMNS = {"spend": 1, "purchases": 2, "max_receipt": 3}
_Spans = Callable[[Threshold], Span]


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
    spans = spans_to_keep(tier, period=period, zone=zone)
    keeps = keeping(tier, condition, spans, period=period, zone=zone)
    sums = [sums_of(span, after, through, as_of=period.judged_at(zone)) for span in spans]
    found = falling(sums, tier=tier.id, keeps=keeps, after=after, through=through)
    return Screened(list(session.scalars(found)), through)


def spans_to_keep(*asked: Tier, period: Period, zone: ZoneInfo) -> list[Span]:
    """Return the stretches of time that keeping these tiers through a period asks about, each once."""
    return list(
        dict.fromkeys(
            period_span(each, period, zone=zone, own=tier.keep is not None)
            for tier in asked
            for each in (thresholds_of(tier.to_keep) if tier.to_keep else ())
        )
    )


def keeping(
    tier: Tier, condition: TierCondition, spans: Sequence[Span], *, period: Period, zone: ZoneInfo
) -> Callable[[Sequence[Any]], ColumnElement[bool]]:
    """Return what makes SQL of the condition to keep a tier through a period, over the subqueries of these spans."""

    def span_of(threshold: Threshold) -> Span:
        return period_span(threshold, period, zone=zone, own=tier.keep is not None)

    return lambda parts: reached_in(condition, span_of, spans, parts, unknown=false())


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
    """Look at the next `limit` of those who ever bought, and find who did `enough` for a tier above theirs."""
    through = nth_buyer(session, limit, after=after)

    def span_of(threshold: Threshold) -> Span:
        return window_span(threshold, at=at, zone=zone)

    entries = [(tier, tier.enter) for tier in ladder.tiers if tier.enter is not None]
    ever = Span(None, at)
    told = (span_of(each) for _, enter in entries for each in thresholds_of(enter))
    spans = list(dict.fromkeys((ever, *(ever if span.since is None else span for span in told))))

    def known(threshold: Threshold) -> Span:
        span = span_of(threshold)
        return ever if span.since is None else span

    def lets_in(enter: TierCondition) -> Callable[[Sequence[Any]], ColumnElement[bool]]:
        return lambda parts: reached_in(enter, known, spans, parts, unknown=true(), enough=enough)

    steps = [([each.id for each in ladder.tiers[ladder.rank(tier.id) :]], lets_in(enter)) for tier, enter in entries]
    sums = [sums_of(span, after, through) for span in spans]
    return Screened(list(session.scalars(rising(sums, steps=steps))), through)


def counted(condition: TierCondition) -> bool:
    """Tell whether the database can count all that a condition asks about."""
    return all(each.metric in _COLUMNS for each in thresholds_of(condition))


def sums_of(
    span: Span, after: str, through: str | None, *, as_of: datetime | None = None
) -> Select[str, int, int, int]:
    """Return the select that sums up what was bought in a stretch of time, refunds from `as_of` on not yet made."""
    return kept_sums(since=span.since, until=span.until, after=after, through=through, as_of=as_of)


def reached_in(
    condition: TierCondition,
    span_of: _Spans,
    spans: Sequence[Span],
    parts: Sequence[Any],
    *,
    unknown: ColumnElement[bool],
    enough: Callable[[Threshold], int] = goal_of,
) -> ColumnElement[bool]:
    """Return a condition as SQL over the subqueries `parts` of these spans."""
    if isinstance(condition, Threshold):
        column = _COLUMNS.get(condition.metric)
        if column is None:
            return unknown
        value = parts[spans.index(span_of(condition))].c[column]
        return func.coalesce(value, 0) >= enough(condition)
    each = [reached_in(part, span_of, spans, parts, unknown=unknown, enough=enough) for part in parts_of(condition)]
    return or_(*each) if isinstance(condition, AnyOf) else and_(*each)
