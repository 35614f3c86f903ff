"""What one of the staff recorded at the tills: the sums of a day and the last of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, null, select
from sqlalchemy.orm import Session

from portal.receipts.tables import Receipt, Refund, TillEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedSums:
    """How many receipts and refunds, and what they came to in money and points."""

    receipts: int
    due: int
    earned: int
    points_spent: int
    refunds: int
    money_back: int


@dataclass(frozen=True, slots=True)
class RecordedDeed:
    """A receipt, or a refund of one; `money` was due or given back."""

    at: datetime
    receipt_id: str
    refund_id: str | None
    number: str
    money: int


def sum_deeds(session: Session, staff_id: str, *, since: datetime) -> DeedSums:
    """Return what one of the staff recorded since an instant."""
    sold = select(
        func.count(),
        *(func.coalesce(func.sum(sum_), 0) for sum_ in (Receipt.due, Receipt.earned, Receipt.points_spent)),
    ).join(TillEvidence, TillEvidence.id == Receipt.id)
    back = select(func.count(), func.coalesce(func.sum(Refund.money), 0)).join(
        TillEvidence, TillEvidence.id == Refund.id
    )
    ours = (TillEvidence.staff_id == staff_id, TillEvidence.at >= since)
    receipts, due, earned, points_spent = session.execute(sold.where(*ours)).one()
    refunds, money_back = session.execute(back.where(*ours)).one()
    return DeedSums(
        receipts=receipts,
        due=int(due),
        earned=int(earned),
        points_spent=int(points_spent),
        refunds=refunds,
        money_back=int(money_back),
    )


def list_deeds(session: Session, staff_id: str, *, since: datetime, limit: int) -> list[RecordedDeed]:
    """Return the last receipts and refunds of one of the staff since an instant, the newest first."""
    receipts = select(TillEvidence.at, Receipt.id, null(), Receipt.number, Receipt.due).join(
        Receipt, TillEvidence.id == Receipt.id
    )
    refunds = (
        select(TillEvidence.at, Refund.receipt_id, Refund.id, Receipt.number, Refund.money)
        .join(Refund, TillEvidence.id == Refund.id)
        .join(Receipt, Receipt.id == Refund.receipt_id)
    )
    ours = (TillEvidence.staff_id == staff_id, TillEvidence.at >= since)
    rows = [
        RecordedDeed(*row)
        for statement in (receipts, refunds)
        for row in session.execute(statement.where(*ours).order_by(TillEvidence.at.desc()).limit(limit))
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)[:limit]
