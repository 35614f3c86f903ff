"""A receipt as it was judged, to be explained again at any time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.receipts.tables import Receipt

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class JudgedReceipt:
    """What was told, what it came to, and by which rulebook."""

    id: str
    store: str
    number: str
    at: datetime
    member_id: str | None
    rulebook: str
    rulebook_digest: str
    document: Document
    outcome: Document
    fully_returned: bool


_COLUMNS = select(*(getattr(Receipt, name) for name in JudgedReceipt.__slots__))


def find_judged(session: Session, receipt_id: str) -> JudgedReceipt | None:
    """Return a receipt as it was judged."""
    row = session.execute(_COLUMNS.where(Receipt.id == receipt_id)).one_or_none()
    return None if row is None else JudgedReceipt(*row)


def known_receipts(session: Session, ids: set[str]) -> set[str]:
    """Return which of these receipts exist, for check-ledger."""
    return set(session.scalars(select(Receipt.id).where(Receipt.id.in_(ids))))
