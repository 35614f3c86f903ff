"""Corrections by staff."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.receipts.tables import Adjustment

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class StandingAdjustment:
    """A correction that waits for a second person, was posted, or was rejected."""

    id: str
    member_id: str
    points: int
    reason: str
    comment: str
    receipt_id: str | None
    asked_by: str
    asked_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None


_COLUMNS = select(*(getattr(Adjustment, name) for name in StandingAdjustment.__slots__))


def find_adjustment(session: Session, adjustment_id: str) -> StandingAdjustment | None:
    """Return a correction and hold its row, so that two do not decide about it at once."""
    statement = _COLUMNS.where(Adjustment.id == adjustment_id).with_for_update()
    row = session.execute(statement).one_or_none()
    return None if row is None else StandingAdjustment(*row)


def read_adjustment(session: Session, adjustment_id: str) -> StandingAdjustment | None:
    """Return a correction without holding it."""
    row = session.execute(_COLUMNS.where(Adjustment.id == adjustment_id)).one_or_none()
    return None if row is None else StandingAdjustment(*row)


def waiting_adjustments(session: Session) -> tuple[StandingAdjustment, ...]:
    """Return the corrections that wait for a second person, the oldest first."""
    waiting = _COLUMNS.where(Adjustment.state == "waiting").order_by(Adjustment.id).limit(MOST_LISTED)
    return tuple(StandingAdjustment(*row) for row in session.execute(waiting))


def count_adjustments(session: Session, operator: str, *, since: datetime) -> int:
    """Return how many corrections an operator asked for or decided since an instant."""
    asked = and_(Adjustment.asked_by == operator, Adjustment.asked_at >= since)
    decided = and_(Adjustment.decided_by == operator, Adjustment.decided_at >= since)
    return session.scalar(select(func.count()).select_from(Adjustment).where(or_(asked, decided))) or 0


def adjusted_since(session: Session, operator: str, *, since: datetime) -> int:
    """Return how many points an operator has given and taken since an instant, rejected ones aside."""
    told = select(func.coalesce(func.sum(func.abs(Adjustment.points)), 0)).where(
        Adjustment.asked_by == operator, Adjustment.asked_at >= since, Adjustment.state != "rejected"
    )
    return int(session.scalar(told) or 0)
