"""The last receipts of a member in a store, for goods that come back without the slip."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.receipts.tables import Receipt, Refund

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LateReceipt:
    """A receipt as the till told it; `refunds` says how often something of it came back."""

    id: str
    number: str
    at: datetime
    due: int
    points_spent: int
    document: Document
    fully_returned: bool
    refunds: int


def last_receipts(session: Session, member_id: str, *, store: str, limit: int) -> list[LateReceipt]:
    """Return the receipts of a member in a store, the newest first."""
    refunds = select(func.count()).where(Refund.receipt_id == Receipt.id).scalar_subquery()
    columns = (Receipt.id, Receipt.number, Receipt.at, Receipt.due, Receipt.points_spent, Receipt.document)
    found = select(*columns, Receipt.fully_returned, refunds).where(Receipt.member_id == member_id)
    newest = found.where(Receipt.store == store).order_by(Receipt.at.desc(), Receipt.id.desc()).limit(limit)
    return [LateReceipt(*row) for row in session.execute(newest)]
