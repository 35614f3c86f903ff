"""Who bought at one till at nearly the same time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.receipts.tables import Receipt


def met_at_a_till(
    session: Session, pairs: Sequence[tuple[str, str]], *, within: timedelta, since: datetime
) -> list[tuple[str, str]]:
    """Return those of the pairs of members with receipts at the same till that lie `within` that time of each other."""
    return [pair for pair in pairs if _met(session, pair, within=within, since=since)]


def _met(session: Session, pair: tuple[str, str], *, within: timedelta, since: datetime) -> bool:
    told = (
        select(Receipt.store, Receipt.till, Receipt.at, Receipt.member_id)
        .where(Receipt.member_id.in_(pair), Receipt.at >= since, Receipt.till.is_not(None), Receipt.till != "")
        .order_by(Receipt.store, Receipt.till, Receipt.at)
    )
    for _, rows in groupby(session.execute(told).all(), key=lambda row: (row.store, row.till)):
        here = list(rows)
        if any(a.member_id != b.member_id and b.at - a.at <= within for a, b in pairwise(here)):
            return True
    return False
