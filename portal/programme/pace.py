"""How much a member usually buys, from the last purchases that stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.receipts.queries import kept_receipts

PACE = timedelta(days=90)
_FURTHEST = 40


@dataclass(frozen=True, slots=True)
class Pace:
    """What was bought in `PACE`: money in minor units, and how many purchases."""

    spend: int
    purchases: int

    def brings_spend(self, minor: int, *, after: datetime) -> datetime | None:
        """Return about when so much more is bought; None where nothing was bought lately, or not for years."""
        return _when(minor, bought=self.spend, after=after)

    def brings_purchases(self, count: int, *, after: datetime) -> datetime | None:
        """Return about when so many more purchases are made; None as above."""
        return _when(count, bought=self.purchases, after=after)


def _when(missing: int, *, bought: int, after: datetime) -> datetime | None:
    """Look no further than forty times `PACE`: calendars end, and nobody plans for that."""
    return after + PACE * (missing / bought) if 0 < missing <= _FURTHEST * bought else None


def usual_pace(session: Session, member_id: str, *, now: datetime) -> Pace:
    """Return a member's pace; money that went back does not count."""
    bought = [each.money for each in kept_receipts(session, member_id, since=now - PACE) if each.money > 0]
    return Pace(spend=sum(bought), purchases=len(bought))
