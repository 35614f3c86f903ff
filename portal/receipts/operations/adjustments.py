"""Corrections by staff."""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from portal.receipts.queries.adjustments import StandingAdjustment
from portal.receipts.tables import Adjustment


def ask_adjustment(session: Session, adjustment: StandingAdjustment) -> None:
    """Keep a correction as asked for: `waiting` for a second person, or `posted`."""
    session.execute(insert(Adjustment).values({name: getattr(adjustment, name) for name in adjustment.__slots__}))


def decide_adjustment(session: Session, adjustment_id: str, *, state: str, by: str, now: datetime) -> None:
    """Post or reject a waiting correction; the database refuses who asked for it."""
    waiting = update(Adjustment).where(Adjustment.id == adjustment_id, Adjustment.state == "waiting")
    session.execute(waiting.values(state=state, decided_by=by, decided_at=now))


def forget_comments(session: Session, member_id: str) -> None:
    """Forget what was written of a member's corrections, who may be named there; the reasons stay."""
    session.execute(update(Adjustment).where(Adjustment.member_id == member_id).values(comment=""))


def queue_operator(session: Session, operator: str) -> None:
    """Let the corrections of one operator come one after another, so that a daily limit holds."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"adjustments of {operator}"))))
