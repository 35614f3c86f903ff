"""A receipt as it stands: told, answered, and what came back of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from portal.receipts.tables import Idempotency, Receipt, Refund

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StandingRefund:
    """Goods of the receipt that came back: quantities by line, and what was answered. `reversed` are points by rule."""

    id: str
    at: datetime
    lines: Document
    money: int
    points: int
    reversed: dict[str, int]


@dataclass(frozen=True, slots=True)
class StandingReceipt:
    """A recorded receipt: `document` as the till told it, `answer` as it was answered first."""

    id: str
    store: str
    number: str
    at: datetime
    recorded_at: datetime
    member_id: str | None
    fully_returned: bool
    document: Document
    answer: Document
    refunds: tuple[StandingRefund, ...]


def find_receipt(session: Session, receipt_id: str) -> StandingReceipt | None:
    """Return a receipt by its id."""
    return _find(session, Receipt.id == receipt_id)


def find_receipt_by_number(session: Session, *, store: str, number: str) -> StandingReceipt | None:
    """Return the receipt of this number of a store."""
    return _find(session, and_(Receipt.store == store, Receipt.number == number))


def _find(session: Session, wanted: ColumnElement[bool]) -> StandingReceipt | None:
    answered = and_(Idempotency.client == Receipt.client, Idempotency.key == Receipt.key)
    row = session.execute(select(Receipt, Idempotency.answer).join(Idempotency, answered).where(wanted)).one_or_none()
    if row is None:
        return None
    receipt, answer = row
    refunds = select(Refund).where(Refund.receipt_id == receipt.id).order_by(Refund.number)
    return StandingReceipt(
        id=receipt.id,
        store=receipt.store,
        number=receipt.number,
        at=receipt.at,
        recorded_at=receipt.recorded_at,
        member_id=receipt.member_id,
        fully_returned=receipt.fully_returned,
        document=receipt.document,
        answer=answer,
        refunds=tuple(
            StandingRefund(
                id=each.id,
                at=each.at,
                lines=each.lines,
                money=each.money,
                points=each.points,
                reversed=each.result["reversed"],
            )
            for each in session.scalars(refunds)
        ),
    )
