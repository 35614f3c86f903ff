"""Whose points run out within a stretch of days, walked member by member so that no call looks at many."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from portal.ledger.accruals import POINTS
from portal.ledger.tables import BookRow, LotRow

_NONE = literal_column("0")


@dataclass(frozen=True, slots=True)
class Ending:
    """Points of one member that can be spent through `last_valid_day`."""

    member_id: str
    points: int
    last_valid_day: date


@dataclass(frozen=True, slots=True)
class Endings:
    """What was found, and the last member looked at, or None when there are no more."""

    found: tuple[Ending, ...]
    last: str | None


def points_ending(session: Session, *, after: str, since: datetime, through: datetime, members: int) -> Endings:
    """Return points that run out after `since` and by `through`, of the next `members` after one.

    Members are walked by their key; lots are read by the index of open ones, and only where a book says that something
    is due by then.
    """
    walked = select(BookRow.member_id, BookRow.due_at).where(BookRow.member_id > after)
    rows = session.execute(walked.order_by(BookRow.member_id).limit(members)).all()
    due = [row.member_id for row in rows if row.due_at is not None and row.due_at <= through]
    return Endings(
        _ending(session, due, since=since, through=through) if due else (),
        rows[-1].member_id if len(rows) == members else None,
    )


def _ending(session: Session, members: list[str], *, since: datetime, through: datetime) -> tuple[Ending, ...]:
    points = func.sum(LotRow.remaining).label("points")
    ending = (
        select(LotRow.member_id, points, func.min(LotRow.last_valid_day).label("day"))
        .where(
            LotRow.member_id.in_(members),
            LotRow.wallet == POINTS,
            LotRow.remaining + LotRow.held > _NONE,  # as the index of open lots has it
            LotRow.remaining > _NONE,
            LotRow.expires_at > since,
            LotRow.expires_at <= through,
        )
        .group_by(LotRow.member_id, LotRow.expires_at)
        .order_by(LotRow.member_id, LotRow.expires_at)
    )
    rows = session.execute(ending)
    return tuple(Ending(row.member_id, int(row.points), date.fromisoformat(row.day)) for row in rows if row.day)
