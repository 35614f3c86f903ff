"""Reads of standings, and the columns with which a story reads them together with everything else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeAlias, cast

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select
from sqlalchemy.orm import Session

from portal.db import instant, json_object
from portal.rulebook.tiers import Cause, Change, Manual
from portal.tiers.stored import Stored
from portal.tiers.tables import TierChange, TierStanding, TierWalk

PERIODS, LADDER, KEEP, NEAR = "periods", "ladder", "keep", "near"
_EARNED = ("rise", "period", "refund")
_MOST_CHANGES = 50

Sums: TypeAlias = Select[*tuple[Any, ...]]
Reached: TypeAlias = Callable[[Sequence[Any]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class ListedChange:
    """A change with its number, and who made it by hand, for what reason ("" when nobody did)."""

    number: int
    change: Change
    operator: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder of a tier: where they stand, and the sums of what was asked about."""

    member_id: str
    stored: Stored
    sums: tuple[tuple[int, ...], ...]


def standing_column(member_id: ColumnElement[Any], *, at: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a JSON expression with where a member stands and stood at an instant, for `read_standing`."""
    kept = json_object(
        tier=TierStanding.tier,
        since=TierStanding.since,
        number=TierStanding.number,
        manual_tier=TierStanding.manual_tier,
        manual_until=TierStanding.manual_until,
    )
    later = select(TierChange.from_tier).where(
        TierChange.member_id == member_id,
        TierChange.at > at,
        TierChange.cause != "manual",
        TierChange.cause != "manual_ended",
    )
    return json_object(
        kept=select(kept).where(TierStanding.member_id == member_id).scalar_subquery(),
        was=later.order_by(TierChange.number).limit(1).scalar_subquery(),
        through=select(TierWalk.through).where(TierWalk.kind == PERIODS).scalar_subquery(),
    )


def read_standing(row: dict[str, Any] | None) -> Stored:
    """Read what `standing_column` gave; a guest stands nowhere."""
    through = row["through"] if row else None
    judged = None if through is None else instant(through)
    kept = row["kept"] if row else None
    if not row or not kept:
        return Stored(judged_through=judged)
    manual = kept["manual_tier"] and Manual(tier=kept["manual_tier"], until=instant(kept["manual_until"]))
    return Stored(
        tier=kept["tier"],
        since=None if kept["since"] is None else instant(kept["since"]),
        number=kept["number"],
        manual=manual,
        was=row["was"],
        judged_through=judged,
    )


def last_changes(session: Session, member_id: str) -> tuple[Change, ...]:
    """Return the last changes of a member's earned tier in order; among them are the rises that a refund may undo."""
    told = _changes(member_id).where(TierChange.cause.in_(_EARNED))
    rows = session.execute(told.order_by(TierChange.number.desc()).limit(_MOST_CHANGES))
    return tuple(reversed([_listed(row).change for row in rows]))


def list_changes(session: Session, member_id: str, *, limit: int) -> list[ListedChange]:
    """Return the changes of a member's tier, the newest first."""
    rows = session.execute(_changes(member_id).order_by(TierChange.number.desc()).limit(limit))
    return [_listed(row) for row in rows]


def walked_through(session: Session, kind: str) -> datetime | None:
    """Return how far everybody was judged; None before the first walk."""
    return session.scalar(select(TierWalk.through).where(TierWalk.kind == kind))


def first_standing(session: Session) -> datetime | None:
    """Return since when the longest held tier is held."""
    return session.scalar(select(func.min(TierStanding.since)))


def strangers(session: Session, known: Sequence[str], *, after: str, limit: int) -> list[str]:
    """Return members, in the order of ids, whose tier is none of the known ones."""
    held = select(TierStanding.member_id).where(TierStanding.tier.not_in(known), TierStanding.member_id > after)
    return list(session.scalars(held.order_by(TierStanding.member_id).limit(limit)))


def nth_holder(session: Session, n: int, *, tier: str, after: str) -> str | None:
    """Return the n-th holder of a tier with an id after this one; None when there are fewer."""
    later = select(TierStanding.member_id).where(TierStanding.tier == tier, TierStanding.member_id > after)
    return session.scalar(later.order_by(TierStanding.member_id).offset(n - 1).limit(1))


def falling(sums: Sequence[Sums], *, tier: str, keeps: Reached, after: str, through: str | None) -> Select[str]:
    """Return a select of holders of a tier, from one id to another, for whom `keeps` does not hold.

    `sums` are selects of (member_id, sums…) of what counts; `keeps` makes a condition of their subqueries. Who is in
    none of them did nothing.
    """
    found, _ = _falling(sums, tier=tier, keeps=keeps, after=after, through=through)
    return found


def falling_with_sums(
    session: Session, sums: Sequence[Sums], *, tier: str, keeps: Reached, after: str, through: str | None
) -> list[Holder]:
    """Read those whom `falling` finds: where they stand, and their sums."""
    found, parts = _falling(sums, tier=tier, keeps=keeps, after=after, through=through)
    told = found.add_columns(
        TierStanding.since, TierStanding.number, TierStanding.manual_tier, TierStanding.manual_until,
        *(func.coalesce(column, 0) for part in parts for column in list(part.c)[1:]),
    )  # fmt: skip
    return [_holder(row, tier, parts) for row in session.execute(told)]


def _falling(
    sums: Sequence[Sums], *, tier: str, keeps: Reached, after: str, through: str | None
) -> tuple[Select[str], list[Subquery]]:
    parts = [each.subquery() for each in sums]
    found = select(TierStanding.member_id).where(TierStanding.tier == tier, TierStanding.member_id > after)
    if through is not None:
        found = found.where(TierStanding.member_id <= through)
    for part in parts:
        found = found.outerjoin(part, part.c[0] == TierStanding.member_id)
    return found.where(~keeps(parts)).order_by(TierStanding.member_id), parts


def _holder(row: Sequence[Any], tier: str, parts: Sequence[Subquery]) -> Holder:
    member_id, since, number, manual_tier, manual_until, *sums = row
    manual = Manual(tier=manual_tier, until=manual_until) if manual_tier else None
    told = map(int, sums)  # sums of PostgreSQL are decimals
    parted = tuple(tuple(islice(told, len(part.c) - 1)) for part in parts)
    return Holder(
        member_id,
        Stored(tier=tier, since=since, number=number, manual=manual),
        parted,
    )


def rising(
    looked_at: Sums, sums: Sequence[Sums], *, steps: Sequence[tuple[Sequence[str], Reached]]
) -> Select[*tuple[Any, ...]]:
    """Return a select of members who reach a tier above theirs, of those `looked_at`.

    Each step is the tiers that do not lie below the reached one, and the condition that lets in.
    """
    parts = [each.subquery() for each in sums]
    everybody = looked_at.subquery().c[0]
    found = select(everybody).outerjoin(TierStanding, TierStanding.member_id == everybody)
    for part in parts:
        found = found.outerjoin(part, part.c[0] == everybody)
    lets = [
        or_(TierStanding.tier.is_(None), TierStanding.tier.not_in(above)) & reached(parts) for above, reached in steps
    ]
    return found.where(or_(*lets)).order_by(everybody)


def _changes(member_id: str) -> Select[*tuple[Any, ...]]:
    return select(
        TierChange.number,
        TierChange.at,
        TierChange.from_tier,
        TierChange.to_tier,
        TierChange.cause,
        TierChange.held_since,
        TierChange.operator,
        TierChange.reason,
    ).where(TierChange.member_id == member_id)


def _listed(row: Any) -> ListedChange:
    change = Change(
        at=row.at,
        from_=row.from_tier,
        to=row.to_tier,
        cause=cast("Cause", row.cause),
        held_since=row.held_since,
    )
    return ListedChange(row.number, change, row.operator, row.reason)
