"""Prove what is kept about receipts: refunds within what was sold, counters equal to what stands (I8)."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from portal.receipts.tables import PurchaseHistory, Receipt, Refund

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class JudgedPoints:
    """Points and gift units that a receipt's outcome grants to anybody and takes from its buyer."""

    receipt_id: str
    member_id: str | None
    granted: int
    taken: int


@dataclass(frozen=True, slots=True)
class WrongReceipt:
    """What is wrong with a receipt, or with a member's counters when `receipt_id` is None."""

    receipt_id: str | None
    member_id: str | None
    text: str


def judged_points(session: Session) -> Iterator[JudgedPoints]:
    """Give what every receipt of a member should have moved, in the order of ids."""
    judged = select(Receipt.id, Receipt.member_id, Receipt.outcome).where(Receipt.member_id.is_not(None))
    last = ""
    while rows := session.execute(judged.where(Receipt.id > last).order_by(Receipt.id).limit(_AT_ONCE)).all():
        for receipt_id, member_id, outcome in rows:
            granted = sum(grant["points"] for grant in outcome["grants"])
            taken = outcome["points_spent"] + sum(gift["units"] for gift in outcome["gifts"])
            yield JudgedPoints(receipt_id, member_id, granted, taken)
        last = rows[-1].id


def check_receipts(session: Session) -> Iterator[WrongReceipt]:
    """Give every receipt of which more came back than was sold, and every member whose purchases are miscounted."""
    back = select(Refund.receipt_id, func.sum(Refund.money).label("money"), func.sum(Refund.points).label("points"))
    returned = back.group_by(Refund.receipt_id).subquery()
    columns = (Receipt.id, Receipt.member_id, Receipt.due, Receipt.points_spent, Receipt.fully_returned)
    told = select(*columns, returned.c.money, returned.c.points).join(returned, returned.c.receipt_id == Receipt.id)
    for row in session.execute(told.order_by(Receipt.id)):
        came_back, sold = (row.money, row.points), (row.due, row.points_spent)
        if came_back[0] > sold[0] or came_back[1] > sold[1]:
            yield WrongReceipt(row.id, row.member_id, f"{came_back} came back of {sold} (money, points)")
        elif row.fully_returned and came_back != sold:
            yield WrongReceipt(row.id, row.member_id, "it is marked as fully returned, and not all of it came back")
    yield from _miscounted(session)
    yield from _misadded(session)


def _misadded(session: Session) -> Iterator[WrongReceipt]:
    """Give every member whose totals of money kept are not what the receipts add up to."""
    back = select(Refund.receipt_id, func.sum(Refund.money).label("money")).group_by(Refund.receipt_id).subquery()
    left = Receipt.due - func.coalesce(back.c.money, 0)
    sums = (func.sum(left), func.sum(case((left > 0, 1), else_=0)), func.max(left))
    stand = (
        select(Receipt.member_id, *(each.label(f"sum{n}") for n, each in enumerate(sums)))
        .outerjoin(back, back.c.receipt_id == Receipt.id)
        .where(Receipt.member_id.is_not(None))
        .group_by(Receipt.member_id)
        .subquery()
    )
    kept = (PurchaseHistory.kept_minor, PurchaseHistory.kept_purchases, PurchaseHistory.kept_most)
    told = select(PurchaseHistory.member_id, *kept, stand.c.sum0, stand.c.sum1, stand.c.sum2)
    told = told.join(stand, stand.c.member_id == PurchaseHistory.member_id)
    wrong = or_(*(one != other for one, other in zip(kept, (stand.c.sum0, stand.c.sum1, stand.c.sum2), strict=True)))
    for member_id, *found in session.execute(told.where(wrong).order_by(PurchaseHistory.member_id)):
        text = f"{found[:3]} is counted as kept, {list(map(int, found[3:]))} stands (money, purchases, the largest)"
        yield WrongReceipt(None, member_id, text)


def _miscounted(session: Session) -> Iterator[WrongReceipt]:
    found = select(func.count()).where(
        Receipt.member_id == PurchaseHistory.member_id, Receipt.fully_returned.is_(False)
    )
    standing = found.scalar_subquery()
    wrong = select(PurchaseHistory.member_id, PurchaseHistory.purchases, standing).where(
        PurchaseHistory.purchases != standing
    )
    for member_id, kept, stand in session.execute(wrong.order_by(PurchaseHistory.member_id)):
        yield WrongReceipt(None, member_id, f"{kept} purchases are counted, {stand} stand")
    uncounted = select(Receipt.id, Receipt.member_id).where(
        Receipt.member_id.is_not(None), Receipt.member_id.not_in(select(PurchaseHistory.member_id))
    )
    for receipt_id, member_id in session.execute(uncounted.order_by(Receipt.id)):
        yield WrongReceipt(receipt_id, member_id, "its member's purchases are not counted")
