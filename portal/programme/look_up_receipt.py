"""A recorded receipt is looked up, by its id or by its number in a store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.programme.answers import ReceiptAnswer
from portal.programme.kept_answer import whole_answer
from portal.receipts.queries.lookup import StandingReceipt, find_receipt, find_receipt_by_number


class ReceiptNotFound(Refused):
    code = "unknown-receipt"
    status = 404
    text = "There is no such receipt."


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLine:
    """Goods that came back: quantities by line, the money handed out, the points given back and taken back by rule."""

    refund_id: str
    at: datetime
    lines: Mapping[str, str]
    money: int
    points: int
    reversed: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRecord:
    """A receipt as it stands: `told` by the till, `answer` as it was first given, and its refunds in order."""

    receipt_id: str
    store: str
    number: str
    at: datetime
    recorded_at: datetime
    member_id: str | None
    fully_returned: bool
    told: Mapping[str, Any]
    answer: ReceiptAnswer
    refunds: tuple[RefundLine, ...]


def look_up_receipt(session: Session, receipt_id: str) -> ReceiptRecord:
    """Return a receipt by its id. Raises `ReceiptNotFound`."""
    return _record(session, find_receipt(session, receipt_id))


def look_up_receipt_number(session: Session, *, store: str, number: str) -> ReceiptRecord:
    """Return the receipt of this number of a store. Raises `ReceiptNotFound`."""
    return _record(session, find_receipt_by_number(session, store=store, number=number))


def _record(session: Session, found: StandingReceipt | None) -> ReceiptRecord:
    if found is None:
        raise ReceiptNotFound
    return ReceiptRecord(
        receipt_id=found.id,
        store=found.store,
        number=found.number,
        at=found.at,
        recorded_at=found.recorded_at,
        member_id=found.member_id,
        fully_returned=found.fully_returned,
        told=found.document,
        answer=whole_answer(session, found.answer),
        refunds=tuple(
            RefundLine(
                refund_id=each.id,
                at=each.at,
                lines=each.lines,
                money=each.money,
                points=each.points,
                reversed=each.reversed,
            )
            for each in found.refunds
        ),
    )
