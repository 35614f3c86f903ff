"""What many members did, summed up by the database: purchases, and the friends they brought (domain.md §4.1)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, and_, func, or_

from portal.programme.qualified import friends_sums
from portal.receipts.queries import kept_sums
from portal.rulebook.tiers import Metric, Span
from portal.rulebook.tiers.ladder import AnyOf, Threshold, TierCondition, parts_of, thresholds_of
from portal.tiers.queries import Sums

Deed: TypeAlias = Literal["bought", "brought"]
_COUNTED: dict[Metric, tuple[Deed, int]] = {
    "spend": ("bought", 1),
    "purchases": ("bought", 2),
    "max_receipt": ("bought", 3),
    "referrals": ("brought", 1),
}
"""Which sums a metric is in, and at which place; quests are in none."""


@dataclass(frozen=True, slots=True)
class Summed:
    """What is summed up, of a stretch of time."""

    deed: Deed
    span: Span


Spans: TypeAlias = Callable[[Threshold], Span]


def counted(condition: TierCondition) -> bool:
    """Tell whether the database can count all that a condition asks about."""
    return all(each.metric in _COUNTED for each in thresholds_of(condition))


def summed_for(conditions: Iterable[TierCondition | None], span_of: Spans) -> list[Summed]:
    """Return all that conditions ask the database about, each once."""
    asked = (each for condition in conditions if condition is not None for each in thresholds_of(condition))
    return list(dict.fromkeys(_summed(each.metric, span_of(each)) for each in asked if each.metric in _COUNTED))


def sums_of(summed: Sequence[Summed], *, after: str, through: str | None, as_of: datetime | None = None) -> list[Sums]:
    """Return a select of (member_id, sums…) for each, of members from one id to another.

    Refunds from `as_of` on have not happened yet; without it all count.
    """
    return [
        (kept_sums if each.deed == "bought" else friends_sums)(
            since=each.span.since, until=each.span.until, after=after, through=through, as_of=as_of
        )
        for each in summed
    ]


def sum_among(metric: Metric, span: Span, summed: Sequence[Summed], values: Sequence[Sequence[int]]) -> int:
    """Return the value of a counted metric among the sums that one member has."""
    return values[summed.index(_summed(metric, span))][_COUNTED[metric][1] - 1]


def reached_among(
    condition: TierCondition,
    span_of: Spans,
    summed: Sequence[Summed],
    parts: Sequence[Any],
    *,
    unknown: ColumnElement[bool],
    enough: Callable[[Threshold], int],
) -> ColumnElement[bool]:
    """Return a condition as SQL over the subqueries `parts` of these sums."""
    if isinstance(condition, Threshold):
        if condition.metric not in _COUNTED:
            return unknown
        _, column = _COUNTED[condition.metric]
        value = parts[summed.index(_summed(condition.metric, span_of(condition)))].c[column]
        return func.coalesce(value, 0) >= enough(condition)
    each = [reached_among(part, span_of, summed, parts, unknown=unknown, enough=enough) for part in parts_of(condition)]
    return or_(*each) if isinstance(condition, AnyOf) else and_(*each)


def _summed(metric: Metric, span: Span) -> Summed:
    return Summed(_COUNTED[metric][0], span)
