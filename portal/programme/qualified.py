"""Friends a member brought who count for the ladder: accepted, and with a purchase that stands (domain.md §4.1)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from portal.receipts.queries.bought import first_bought
from portal.referrals.queries import brought_by_each


def qualified_friends(
    session: Session, member_ids: Collection[str], *, as_of: datetime | None = None
) -> dict[str, tuple[datetime, ...]]:
    """Return when the first purchase of each friend was made that was not brought back whole, by who brought them.

    What was brought back from `as_of` on stood then; without it nothing that was brought back stands.
    """
    found: dict[str, tuple[datetime, ...]] = {}
    for referrer, at in session.execute(first_bought(brought_by_each(member_ids), as_of=as_of)):
        found[referrer or ""] = (*found.get(referrer or "", ()), at)
    return found
