"""What is left of the money paid for purchases: what tiers are judged by (domain.md §4.1)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, select, true
from sqlalchemy.orm import Session

from portal.db import instant, json_array, json_tuple
from portal.receipts.tables import PurchaseHistory, Receipt, Refund
from portal.rulebook.tiers import GivenBack, Totals


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """A receipt that stands, and the money paid for it that did not go back."""

    id: str
    at: datetime
    money: int


def kept_column(member_id: ColumnElement[Any], *, since: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery with a member's standing receipts from an instant on, for `read_kept`."""
    row = json_tuple(Receipt.id, Receipt.at, _left())
    mine = (Receipt.member_id == member_id, Receipt.fully_returned.is_(False), Receipt.at >= since)
    return select(json_array(row)).where(*mine).scalar_subquery()


def read_kept(rows: Iterable[Any] | None) -> tuple[KeptReceipt, ...]:
    """Read what `kept_column` gave."""
    return tuple(KeptReceipt(receipt_id, instant(at), money) for receipt_id, at, money in rows or ())


def totals_column(member_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a scalar subquery with the totals of a member's purchases, for `read_totals`."""
    history = PurchaseHistory
    row = json_tuple(history.kept_minor, history.kept_purchases, history.kept_most)
    return select(row).where(history.member_id == member_id).scalar_subquery()


def read_totals(row: Any) -> Totals:
    """Read what `totals_column` gave."""
    return Totals(*row) if row else Totals()


def kept_receipts(session: Session, member_id: str, *, since: datetime | None) -> tuple[KeptReceipt, ...]:
    """Return a member's standing receipts from an instant on, or all."""
    mine = select(Receipt.id, Receipt.at, _left()).where(
        Receipt.member_id == member_id, Receipt.fully_returned.is_(False)
    )
    rows = session.execute(mine if since is None else mine.where(Receipt.at >= since))
    return tuple(KeptReceipt(*row) for row in rows)


def refunds_since(
    session: Session, member_ids: Collection[str], since: datetime
) -> dict[str, list[tuple[KeptReceipt, GivenBack]]]:
    """Return what was given back to each of these members from an instant on, with the receipt as it stands now."""
    later = (
        select(Receipt.member_id, Receipt.id, Receipt.at, _left(), Refund.at, Refund.money)
        .join(Refund, Refund.receipt_id == Receipt.id)
        .where(Receipt.member_id.in_(member_ids), Refund.at >= since)
    )
    found: dict[str, list[tuple[KeptReceipt, GivenBack]]] = {}
    for member_id, receipt_id, bought_at, left, at, money in session.execute(later):
        given = (KeptReceipt(receipt_id, bought_at, left), GivenBack(at, money))
        found.setdefault(member_id or "", []).append(given)
    return found


def kept_sums(
    *, since: datetime | None, until: datetime, after: str, through: str | None, as_of: datetime | None = None
) -> Select[str, int, int, int]:
    """Return a select of (member_id, spend, purchases, most) of those who bought in a stretch of time.

    It looks at members whose id lies after `after` and not after `through` (None: at all of them). Refunds from `as_of`
    on have not happened yet; without it all count.
    """
    if since is None and as_of is None:
        history = PurchaseHistory
        sums = select(history.member_id, history.kept_minor, history.kept_purchases, history.kept_most)
        return sums.where(*_between(history.member_id, after, through))
    stands = Receipt.fully_returned.is_(False) if as_of is None else true()
    left = (
        select(Receipt.member_id, _left(as_of).label("money"))
        .where(stands, *_between(Receipt.member_id, after, through), Receipt.at < until)
        .where(true() if since is None else Receipt.at >= since)
        .subquery()
    )
    sums = (func.sum(left.c.money), func.count(), func.max(left.c.money))
    return select(left.c.member_id, *sums).where(left.c.money > 0).group_by(left.c.member_id)


def buyers_between(after: str, through: str | None) -> Select[str]:
    """Return a select of all who ever bought, from one id to another (None: to the last)."""
    return select(PurchaseHistory.member_id).where(*_between(PurchaseHistory.member_id, after, through))


def nth_buyer(session: Session, n: int, *, after: str) -> str | None:
    """Return the n-th member who ever bought with an id after this one; None when there are fewer."""
    later = select(PurchaseHistory.member_id).where(PurchaseHistory.member_id > after)
    return session.scalar(later.order_by(PurchaseHistory.member_id).offset(n - 1).limit(1))


def _between(member_id: Any, after: str, through: str | None) -> tuple[ColumnElement[bool], ...]:
    return (member_id > after, *([member_id <= through] if through is not None else []))


def _left(as_of: datetime | None = None) -> ColumnElement[int]:
    back = select(func.coalesce(func.sum(Refund.money), 0)).where(Refund.receipt_id == Receipt.id)
    if as_of is not None:
        back = back.where(Refund.at < as_of)
    return Receipt.due - cast(back.correlate(Receipt).scalar_subquery(), BigInteger)
