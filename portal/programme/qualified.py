"""Friends a member brought who count for the ladder: accepted, and with a purchase that stands (domain.md §4.1)."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.receipts.queries.bought import first_bought
from portal.referrals.queries import brought_by


def qualified_friends(session: Session, member_id: str) -> tuple[datetime, ...]:
    """Return when the first purchase of each friend was made that was not brought back whole."""
    return tuple(first_bought(session, brought_by(member_id)))
