"""A receipt as a refund of it needs it: told, judged, and what came back so far."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, select
from sqlalchemy.orm import Session

from portal.db import instant, json_array, json_object
from portal.receipts.tables import PurchaseHistory, Receipt, Refund

Document = dict[str, Any]
Purchase = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Refundable:
    """A recorded receipt with all its refunds.

    `returned` is how much of each line came back, `refunds` how often something did. `turns`, `purchases` and `last`
    are those of the member's history, `other` is the last standing purchase besides this one; purchases are (at, net).
    """

    id: str
    store: str
    number: str
    at: datetime
    member_id: str | None
    rulebook_digest: str
    document: Document
    state: Document
    outcome: Document
    used: Document
    fully_returned: bool
    refunds: int
    returned: Mapping[int, Fraction]
    results: tuple[Document, ...]
    turns: int
    purchases: int
    last: Purchase | None
    other: Purchase | None


def refundable_column(receipt_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery with everything about a receipt, for `read_refundable`."""
    other = Receipt.__table__.alias("other")
    standing = select(json_object(at=other.c.at, net=other.c.net)).where(
        other.c.member_id == Receipt.member_id, other.c.fully_returned.is_(False), other.c.id != Receipt.id
    )
    refund = json_object(number=Refund.number, lines=Refund.lines, result=Refund.result)
    history = json_object(
        turns=PurchaseHistory.turns,
        purchases=PurchaseHistory.purchases,
        at=PurchaseHistory.last_at,
        net=PurchaseHistory.last_net,
    )
    row = json_object(
        id=Receipt.id,
        store=Receipt.store,
        number=Receipt.number,
        at=Receipt.at,
        member_id=Receipt.member_id,
        rulebook_digest=Receipt.rulebook_digest,
        document=Receipt.document,
        state=Receipt.state,
        outcome=Receipt.outcome,
        used=Receipt.used,
        fully_returned=Receipt.fully_returned,
        refunds=select(json_array(refund)).where(Refund.receipt_id == Receipt.id).scalar_subquery(),
        history=select(history).where(PurchaseHistory.member_id == Receipt.member_id).scalar_subquery(),
        other=standing.order_by(other.c.at.desc(), other.c.id.desc()).limit(1).scalar_subquery(),
    )
    return select(row).where(Receipt.id == receipt_id).scalar_subquery()


def read_refundable(row: Document | None) -> Refundable | None:
    """Read what `refundable_column` gave."""
    if row is None:
        return None
    refunds = sorted(row["refunds"] or (), key=lambda refund: refund["number"])
    history = row["history"] or {"turns": 0, "purchases": 0}
    return Refundable(
        id=row["id"],
        store=row["store"],
        number=row["number"],
        at=instant(row["at"]),
        member_id=row["member_id"],
        rulebook_digest=row["rulebook_digest"],
        document=row["document"],
        state=row["state"],
        outcome=row["outcome"],
        used=row["used"],
        fully_returned=bool(row["fully_returned"]),
        refunds=len(refunds),
        returned=_summed(refund["lines"] for refund in refunds),
        results=tuple(refund["result"] for refund in refunds),
        turns=history["turns"],
        purchases=history["purchases"],
        last=_purchase(history),
        other=_purchase(row["other"]),
    )


def _purchase(row: Document | None) -> Purchase | None:
    return (instant(row["at"]), row["net"]) if row and row.get("at") is not None else None


def lock_receipt(session: Session, receipt_id: str) -> set[str]:
    """Let the refunds of one receipt come one after another, and return the members whose books they move."""
    told = select(Receipt.member_id, Receipt.outcome).where(Receipt.id == receipt_id).with_for_update()
    row = session.execute(told).one_or_none()
    if row is None or row.member_id is None:
        return set()
    return {row.member_id, *(grant["to"] for grant in row.outcome["grants"])}


def buyer_of(receipt_id: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Return an expression for whose receipt it is; null for a guest's."""
    return select(Receipt.member_id).where(Receipt.id == receipt_id).scalar_subquery()


def _summed(refunds: Iterable[Mapping[str, str]]) -> Mapping[int, Fraction]:
    returned: dict[int, Fraction] = defaultdict(Fraction)
    for lines in refunds:
        for line, quantity in lines.items():
            returned[int(line)] += Fraction(quantity)
    return dict(returned)
