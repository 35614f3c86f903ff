"""Friends a member brought who count for the ladder: accepted, and with a purchase that stands (domain.md §4.1)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from portal.receipts.queries.bought import first_bought
from portal.referrals.queries import brought_by_each


def qualified_friends(session: Session, member_ids: Collection[str]) -> dict[str, tuple[datetime, ...]]:
    """Return when the first purchase of each friend was made that was not brought back whole, by who brought them."""
    found: dict[str, tuple[datetime, ...]] = {}
    for referrer, at in first_bought(session, brought_by_each(member_ids)):
        found[referrer] = (*found.get(referrer, ()), at)
    return found
