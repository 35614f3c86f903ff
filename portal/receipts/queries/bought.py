"""What groups of members bought: the later steps of a funnel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Select, func, select, type_coerce
from sqlalchemy.orm import Session

from portal.receipts.tables import Receipt, Refund

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Bought:
    """One member's standing purchases: how many, their net, and what of it came back in money and points."""

    member_id: str
    purchases: int
    net: int
    money_back: int
    points_back: int

    def revenue(self, *, point_value: int) -> int:
        """Return the net that stands, in minor units (domain.md §5.4)."""
        return self.net - self.money_back - self.points_back * point_value


def bought_by(session: Session, joined: Select[str, datetime], *, within: timedelta | None = None) -> list[Bought]:
    """Return what each of `joined`, a select of (member_id, joined_at), bought since, `within` that time of joining.

    Whoever bought nothing, or brought everything back, is not in it.
    """
    who = joined.subquery()
    back = _back()
    standing = (
        select(
            who.c.member_id,
            func.count(),
            func.sum(Receipt.net),
            func.coalesce(func.sum(back.c.money), 0),
            func.coalesce(func.sum(back.c.points), 0),
        )
        .select_from(who)
        .join(Receipt, Receipt.member_id == who.c.member_id)
        .outerjoin(back, back.c.receipt_id == Receipt.id)
        .where(Receipt.fully_returned.is_(False))
        .group_by(who.c.member_id)
    )
    if within is not None:
        since = type_coerce(Receipt.at, BigInteger) - type_coerce(who.c.joined_at, BigInteger)
        standing = standing.where(since < within // _MICROSECOND)
    rows = session.execute(standing)
    return [
        Bought(member_id, count, int(net), int(money), int(points)) for member_id, count, net, money, points in rows
    ]


def first_bought(
    brought: Select[*tuple[str | None, str]], *, as_of: datetime | None = None
) -> Select[*tuple[str | None, datetime]]:
    """Return a select of when each of `brought`, a select of (referrer, member_id), made the first standing purchase.

    Each comes with the referrer; who bought nothing that stands is not among them. What was brought back from `as_of`
    on stood then; without it nothing that was brought back stands.
    """
    who = brought.subquery()
    stands = Receipt.fully_returned.is_(False)
    if as_of is not None:
        later = select(Refund.id).where(Refund.receipt_id == Receipt.id, Refund.at >= as_of)
        stands = stands | later.exists()
    first = select(who.c[0], func.min(Receipt.at)).join(who, Receipt.member_id == who.c[1])
    return first.where(stands).group_by(who.c[0], who.c[1])


def _back() -> Any:
    return (
        select(Refund.receipt_id, func.sum(Refund.money).label("money"), func.sum(Refund.points).label("points"))
        .group_by(Refund.receipt_id)
        .subquery()
    )
