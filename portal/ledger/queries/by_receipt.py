"""What receipts moved, for whoever proves that nothing told by a till was lost on the way to the ledger."""

from collections.abc import Collection

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.ledger.tables import EntryRow


def moved_by_receipts(session: Session, receipts: Collection[str] | None = None) -> dict[str, tuple[int, int]]:
    """Return by receipt the points and gift units it granted to anybody and took from its buyer.

    Refunds are not counted. With `receipts` these alone are looked at, else all.
    """
    granted = func.sum(case((EntryRow.kind == "accrual", -EntryRow.issued), else_=0))
    taken = func.sum(case((EntryRow.kind.in_(("redemption", "capture")), EntryRow.redeemed), else_=0))
    told = EntryRow.receipt_id.is_not(None) if receipts is None else EntryRow.receipt_id.in_(receipts)
    rows = session.execute(select(EntryRow.receipt_id, granted, taken).where(told).group_by(EntryRow.receipt_id))
    return {receipt_id: (int(given), int(used)) for receipt_id, given, used in rows if receipt_id}
